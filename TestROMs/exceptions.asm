; exceptions - faults and traps and where they point, undefined opcodes, LOCK, instruction length, double faults by pairs,
; faults that change nothing, single step, the shadow of MOV SS and STI, RF, breakpoints, alignment, priorities.
;
; Run:    ./run-peer.sh bochs exceptions.img
; Ends:   exceptions: 359 passed, 0 failed
; After:  Intel SDM vol. 3A ch. 6 (6.5, 6.8.3, 6.9, 6.15), vol. 3B ch. 17 (17.2, 17.3); vol. 2 LOCK, UD, MOV, STI.
; Peers:  Bochs proves all.

%define ROM_NAME "exceptions"
%include "rom.inc"
%include "level.inc"

D_SMALL         equ     FREE
D_RO            equ     FREE + 0x08
D_STACK         equ     FREE + 0x10
DIRECTORY       equ     0x20000
TABLE0          equ     0x21000
STEPS           equ     WORK + 0x1000   ; what the #DB handler saw: a count, then EIP and DR6 of each
BS              equ     0x4000

; A fault whose EIP is that of the instruction, or a trap whose EIP is behind it. Keeps EBX, ECX, EDX for checks.
%macro faults 4+                        ; name, vector, code, instruction
        times 3 push dword %%none       ; what POP or RET take where the fault is missing
        try
%%it:   %4
%%none: expect_fault {%1}, %2, %3
        check   {%1, ", EIP"}, [fault_eip], %%it
        lea     esp, [esp + 12]
%endmacro
%macro traps 3+                         ; name, vector, instruction
        try
        %3
%%end:  int     BACK
        caught
        check   {%1}, [last_fault], (%2) << 16
        check   {%1, ", EIP"}, [fault_eip], %%end
%endmacro
%macro fine 2+
        try
        %2
        expect_none {%1}
%endmacro

main:
        call    find_level
        stage   0x10
        call    test_simple
        stage   0x11
        call    test_undefined
        stage   0x12
        call    test_lock
        stage   0x13
        call    test_length
        stage   0x14
        call    test_unchanged
        stage   0x15
        call    test_double
        stage   0x16
        call    test_step
        stage   0x17
        call    test_breakpoints
        stage   0x18
        call    test_shadow
        stage   0x19
        jmp     test_others

test_simple:
        xor     ecx, ecx
        mov     eax, 0x12345678
        mov     edx, 0
        faults  "DIV by 0, byte", DE, 0, div cl
        faults  "DIV by 0, word", DE, 0, div cx
        faults  "DIV by 0, dword", DE, 0, div ecx
        check   "DIV by 0 leaves EAX", eax, 0x12345678
        faults  "IDIV by 0", DE, 0, idiv ecx
        mov     ecx, 1
        mov     edx, 1
        faults  "DIV overflow", DE, 0, div ecx
        check   "DIV overflow leaves EAX", eax, 0x12345678
        check   "DIV overflow leaves EDX", edx, 1
        mov     eax, 0x80000000
        mov     edx, -1
        mov     ecx, -1
        faults  "IDIV overflow, -2^31 / -1", DE, 0, idiv ecx
        mov     eax, 0xFF80
        faults  "IDIV overflow, -128 / -1, byte", DE, 0, idiv cl
        mov     eax, 0xFF80
        mov     ecx, 1
        idiv    cl
        movzx   eax, ax
        check   "IDIV, -128 / 1", eax, 0x0080
        mov     eax, 0x0100
        faults  "AAM 0", DE, 0, db 0xD4, 0x00
        check   "AAM 0 leaves AX", eax, 0x0100
        traps   "INT3", BRK, int3
        mov     al, 0x7F
        inc     al
        traps   "INTO", OF, into
        traps   "INT1", DBG, db 0xF1
        mov     dword [WORK], 5
        mov     dword [WORK + 4], 10
        mov     eax, 4
        faults  "BOUND, below", BR, 0, bound eax, [WORK]
        mov     eax, 11
        faults  "BOUND, above", BR, 0, bound eax, [WORK]
        mov     eax, 5
        fine    "BOUND, the lowest", bound eax, [WORK]
        mov     eax, 10
        fine    "BOUND, the highest", bound eax, [WORK]
        mov     dword [WORK], 0x0005FFFF        ; -1..5
        mov     eax, -1
        fine    "BOUND is signed", bound ax, [WORK]
        try
        ud2
        expect_fault "#UD", UD, 0
        masked  "#UD pushes RF", fault_eflags, 0x10000, 0x10000
        try
        int3
        caught
        masked  "INT3 pushes no RF", fault_eflags, 0x10000, 0
        ret

%macro undefined 2+
        faults  %1, UD, 0, db %2
%endmacro

test_undefined:
        mov     ebx, WORK
        undefined "0F 0B", 0x0F, 0x0B
        undefined "0F FF", 0x0F, 0xFF, 0xC0
        undefined "0F B9", 0x0F, 0xB9, 0xC0
        undefined "FE /2", 0xFE, 0xD0
        undefined "FE /7", 0xFE, 0x3B
        undefined "FF /7", 0xFF, 0xF8
        undefined "CALL far of a register", 0xFF, 0xD8
        undefined "JMP far of a register", 0xFF, 0xE8
        undefined "LEA of a register", 0x8D, 0xC0
        undefined "LES of a register", 0xC4, 0xC0
        undefined "BOUND of a register", 0x62, 0xC0
        undefined "8F /1", 0x8F, 0xC8
        undefined "C6 /1", 0xC6, 0xC8, 0x00
        undefined "C7 /7", 0xC7, 0x3B, 0, 0, 0, 0
        undefined "0F BA /0", 0x0F, 0xBA, 0xC0, 0x01
        undefined "0F BA /3", 0x0F, 0xBA, 0x1B, 0x01
        undefined "0F 00 /7", 0x0F, 0x00, 0xF8
        undefined "SIDT of a register", 0x0F, 0x01, 0xCF
        undefined "CMPXCHG8B of a register", 0x0F, 0xC7, 0xC8
        undefined "MOV to CR1", 0x0F, 0x22, 0xC8
        undefined "MOV from CR7", 0x0F, 0x20, 0xF8
        undefined "0F 04", 0x0F, 0x04
        undefined "0F 24", 0x0F, 0x24, 0xC0
        undefined "MOV to segment register 7", 0x8E, 0xF8
        fine    "MOV CR ignores mod", db 0x0F, 0x20, 0x00
        fine    "D6 (SALC)", db 0xD6
        fine    "82 /0 is 80 /0", db 0x82, 0xC0, 0x00
        fine    "F6 /1 is TEST", db 0xF6, 0xC8, 0x00
        fine    "C0 /6 is SHL", db 0xC0, 0xF0, 0x01
        ret

%macro lock_bad 2+
        faults  {"LOCK ", %1}, UD, 0, db 0xF0, %2
%endmacro
%macro lock_good 2+
        try
        db      0xF0
        %2
        expect_none {"LOCK ", %1}
%endmacro

test_lock:
        mov     ebx, WORK
        lock_good "ADD memory", add [ebx], eax
        lock_good "OR memory", or dword [ebx], 1
        lock_good "INC", inc dword [ebx]
        lock_good "NOT", not byte [ebx]
        lock_good "NEG", neg word [ebx]
        lock_good "XCHG", xchg [ebx], eax
        lock_good "BTS", bts [ebx], eax
        lock_good "BTC by a constant", btc dword [ebx], 3
        lock_bad "ADD register", 0x01, 0xC0
        lock_bad "ADD from memory", 0x03, 0x03
        lock_bad "CMP memory", 0x39, 0x03
        lock_bad "CMP memory with a constant", 0x83, 0x3B, 0x01
        lock_bad "TEST memory", 0x85, 0x03
        lock_bad "MOV memory", 0x89, 0x03
        lock_bad "NOP", 0x90
        lock_bad "XCHG registers", 0x87, 0xC0
        lock_bad "INC register", 0x40
        lock_bad "INC register, long", 0xFF, 0xC0
        lock_bad "PUSH", 0xFF, 0x33
        cmp     dword [level], 4
        jb      .bt                     ; the 386 takes it
        lock_bad "BT", 0x0F, 0xA3, 0x03
.bt:
        lock_bad "SHL memory", 0xD1, 0x23
        lock_bad "MOVS", 0xA5
        lock_bad "MUL memory", 0xF7, 0x23
        lock_bad "JMP", 0xEB, 0x00
        lock_bad "RET", 0xC3
        lock_bad "CLI", 0xFA
        ret

test_length:
        try
        times   14 db 0x3E
        nop
        expect_none "an instruction of 15 bytes"
        try
.long:  times   15 db 0x3E
        nop
        expect_fault "an instruction of 16 bytes", GP, 0
        check   "an instruction of 16 bytes, EIP", [fault_eip], .long
        try
        times   9 db 0x66
        mov     dword [WORK], 0x12345678 ; 10 more bytes
        expect_fault "an instruction of 19 bytes", GP, 0
        ret

; Segment faults (Bochs) that change nothing.
%macro keeps 4+                         ; name, vector, code, instruction: FS is read-only, ES ends at FFFh
        push    dword 0                 ; what POP takes where the fault is missing
        mov     eax, D_RO
        mov     fs, eax
        mov     eax, D_SMALL
        mov     es, eax
        mov     eax, 0x11111111
        mov     ebx, 0x22222222
        mov     ecx, 0x33333333
        mov     edx, 0x44444444
        mov     esi, WORK
        mov     edi, 0x1000
        mov     ebp, 0x77777777
        push    dword 0x8D5
        popfd
        try
        %4
        expect_fault {%1}, %2, %3
        xor     eax, 0x11111111
        xor     ebx, 0x22222222
        xor     ecx, 0x33333333
        xor     edx, 0x44444444
        sub     esi, WORK
        sub     edi, 0x1000
        xor     ebp, 0x77777777
        or      eax, ebx
        or      eax, ecx
        or      eax, edx
        or      eax, esi
        or      eax, edi
        or      eax, ebp
        check   {%1, ", registers"}, eax, 0
        masked  {%1, ", flags"}, fault_eflags, 0x8D5, 0x8D5
        mov     eax, [fault_esp_at_entry]
        sub     eax, [resume_esp]
        check   {%1, ", ESP"}, eax, -12
        lea     esp, [esp + 4]
%endmacro

test_unchanged:
        descriptor D_SMALL, WORK, 0xFFF, DATA_RW, BIG
        descriptor D_RO, WORK, 0xFFFF, DATA_RO, BIG
        descriptor D_STACK, USER_STACK - 0x1000, 0xFFF, DATA_RW | DPL3, BIG
        mov     dword [WORK], 0x12345678
        keeps   "MOVS over the limit", GP, 0, movsd
        keeps   "STOS over the limit", GP, 0, stosd
        keeps   "SCAS over the limit", GP, 0, scasd
        keeps   "CMPS over the limit", GP, 0, cmpsd
        keeps   "INC of read-only", GP, 0, inc dword [fs:0]
        keeps   "ADC to read-only", GP, 0, adc [fs:0], eax
        keeps   "XCHG with read-only", GP, 0, xchg [fs:0], eax
        keeps   "SHR of read-only", GP, 0, shr dword [fs:0], 1
        keeps   "POP to read-only", GP, 0, pop dword [fs:0]
        keeps   "SETcc to read-only", GP, 0, setc [fs:0]
        cmp     dword [level], 4
        jb      .no_486
        cpu     486
        keeps   "XADD to read-only", GP, 0, xadd [fs:0], eax
        cpu     586
        keeps   "CMPXCHG of read-only, not equal", GP, 0, cmpxchg [fs:0], ecx
        cpu     386
.no_486:
        keeps   "ADD from over the limit", GP, 0, add eax, [es:0xFFD]
        keeps   "PUSH from over the limit", GP, 0, push dword [es:0xFFD]
        keeps   "MUL from over the limit", GP, 0, mul dword [es:0xFFD]
        mov     dword [WORK + 0xFFD], .never    ; where a limit is not looked at
        mov     dword [USER_STACK - 6], .never
        mov     dword [USER_STACK - 2], .never
        keeps   "CALL by memory over the limit", GP, 0, call [es:0xFFD]
        check   "nothing was written", [WORK], 0x12345678
        mov     eax, D_SMALL
        mov     es, eax
        try
        mov     ecx, 4
        mov     esi, WORK
        mov     edi, 0xFFE
        rep movsb
        expect_fault "REP MOVS over the limit", GP, 0
        check   "REP MOVS over the limit, ECX", ecx, 2
        check   "REP MOVS over the limit, EDI", edi, 0x1000
        check   "REP MOVS over the limit, ESI", esi, WORK + 2

%macro stack_keeps 3+                   ; name, ESP, code: ring 3 with a stack of 0-FFFh
        try_ring 3, %%here
%%here: mov     eax, D_STACK | 3
        mov     ss, eax
        mov     esp, %2
        mov     ebp, 0x55555555
%%it:   %3
        expect_fault {%1}, SSF, 0
        check   {%1, ", ESP stays"}, [fault_esp], %2
        check   {%1, ", EBP stays"}, ebp, 0x55555555
        check   {%1, ", EIP"}, [fault_eip], %%it
%endmacro
        stack_keeps "PUSH under 0", 2, push eax
        stack_keeps "PUSHA under 0", 30, pushad
        stack_keeps "ENTER under 0", 2, enter 8, 0
        stack_keeps "ENTER level 3 under 0", 14, enter 8, 3
        stack_keeps "CALL under 0", 3, call .never
        stack_keeps "CALL far under 0", 6, call UCODE:.never
        stack_keeps "PUSHF under 0", 1, pushfd
        stack_keeps "PUSH of a segment under 0", 1, push ds
        stack_keeps "POP over the limit", 0xFFD, pop eax
        stack_keeps "POPA over the limit", 0xFF0, popad
        stack_keeps "RET over the limit", 0xFFE, ret
        stack_keeps "RETF over the limit", 0xFFA, retf
        stack_keeps "IRET over the limit", 0xFF8, iretd
        stack_keeps "LEAVE over the limit", 0x800, leave
        ret
.never: ud2

; #DF by pairs: a contributory fault while one is delivered, either of a page fault; not after a benign one.
%macro no_gate 1
        mov     byte [IDT + (%1) * 8 + 5], INT32 & ~PRESENT
%endmacro
%macro good_gate 1
        mov     byte [IDT + (%1) * 8 + 5], INT32
%endmacro

test_double:
        no_gate GP
        mov     eax, BEYOND
        faults  "#GP, then #NP", DF, 0, mov fs, eax
        good_gate GP
        no_gate DE
        xor     ecx, ecx
        faults  "#DE, then #NP", DF, 0, div ecx
        good_gate DE
        no_gate NP
        mov     eax, D_ABSENT_DATA
        descriptor D_ABSENT_DATA, 0, 0xFFFFF, DATA_RW & ~PRESENT, PAGES | BIG
        faults  "#NP, then #NP", DF, 0, mov fs, eax
        good_gate NP
        no_gate SSF
        faults  "#SS, then #NP", DF, 0, mov ss, eax
        good_gate SSF
        no_gate UD
        faults  "#UD, then #NP", NP, UD * 8 + 3, db 0x0F, 0x0B
        no_gate NP
        faults  "#UD, then #NP, then #NP", DF, 0, db 0x0F, 0x0B
        good_gate NP
        good_gate UD
        no_gate BRK
        faults  "INT3, then #NP", NP, BRK * 8 + 2, int3
        good_gate BRK
        vector  GP, KDATA, 0, INT32     ; a handler in data
        mov     eax, BEYOND
        faults  "#GP, then #GP", DF, 0, mov fs, eax
        call    build_vectors
        mov     edi, DIRECTORY
        xor     eax, eax
        mov     ecx, 1024
        rep stosd
        mov     dword [DIRECTORY], TABLE0 | 7
        mov     edi, TABLE0
        mov     eax, 7
        mov     ecx, 1024
.low:   stosd
        add     eax, 0x1000
        loop    .low
        mov     dword [TABLE0 + 0x31 * 4], 0    ; 31000h is missing
        mov     dword [TABLE0 + 0x36 * 4], 0    ; 36000h too
        mov     eax, DIRECTORY
        mov     cr3, eax
        mov     eax, cr0
        or      eax, 0x80000000
        mov     cr0, eax
        jmp     short .on
.on:    faults  "#PF", PF, 0, mov eax, [0x36000]
        no_gate PF
        faults  "#PF, then #NP", DF, 0, mov eax, [0x36123]
        mov     eax, cr2
        check   "#PF, then #NP, CR2", eax, 0x36123
        good_gate PF
        ; An IDT of which vectors 13 and up lie in a missing page.
        mov     esi, IDT
        mov     edi, 0x31000 - 13 * 8
        mov     ecx, 13 * 8 / 4
        rep movsd
        lidt    [.idtr]
        try
        mov     eax, [0x36000]
        hlt
        caught
        lidt    [rom_idtr]
        check   "#PF, then #PF", [last_fault], DF << 16
        check   "#PF, then #PF, CR2", [fault_cr2], 0x31000 + 8
        lidt    [.idtr]
        mov     eax, BEYOND
        try
        mov     fs, eax
        hlt
        caught
        lidt    [rom_idtr]
        check   "#GP, then #PF, then #PF", [last_fault], DF << 16
        mov     eax, cr0
        and     eax, 0x7FFFFFFF
        mov     cr0, eax
        ret
D_ABSENT_DATA   equ     FREE + 0x18
.idtr:  dw      IDT_ENTRIES * 8 - 1
        dd      0x31000 - 13 * 8

; Keeps EIP and DR6 of each #DB, clears DR6, goes on. RF is set, as a debugger would.
step_handler:
        push    eax
        push    ebx
        mov     ebx, [STEPS]
        cmp     ebx, 30
        jae     .full
        mov     eax, [esp + 8]
        mov     [STEPS + 4 + ebx * 8], eax
        mov     eax, dr6
        mov     [STEPS + 8 + ebx * 8], eax
        inc     dword [STEPS]
.full:  xor     eax, eax
        mov     dr6, eax
        or      dword [esp + 16], 0x10000
        pop     ebx
        pop     eax
        iretd

%macro steps_begin 0
        mov     dword [STEPS], 0
        xor     eax, eax
        mov     dr6, eax
        pushfd
        or      dword [esp], 0x100
        popfd
%endmacro
%macro steps_end 0
        pushfd
        and     dword [esp], ~0x100
        popfd
%endmacro
%macro step_is 3                        ; name, number, EIP
        check   {%1}, [STEPS + 4 + (%2) * 8], %3
%endmacro

test_step:
        vector  DBG, KCODE, step_handler, INT32
        steps_begin
.s0:    nop
.s1:    mov     eax, 5
.s2:    steps_end
.s3:    check   "single step, the count", [STEPS], 5
        step_is "single step, the first is behind the instruction after POPF", 0, .s1
        step_is "single step, the second", 1, .s2
        step_is "single step, POPF that clears TF still traps", 4, .s3
        masked  "single step, DR6", STEPS + 8, 0xE00F, BS
        steps_begin
.j0:    jmp     short .j1
        nop
.j1:    call    .j2
.j3:    steps_end
        step_is "single step, JMP", 0, .j1
        step_is "single step, CALL", 1, .j2
        step_is "single step, RET", 2, .j3
        jmp     .ss
.j2:    ret
        ; MOV SS and POP SS hold the trap back for one instruction.
.ss:    mov     edx, KDATA
        steps_begin
.m0:    mov     ss, edx
.m1:    nop
.m2:    steps_end
        step_is "MOV SS holds single step back", 0, .m2
        steps_begin
.p0:    push    ss
.p1:    pop     ss
.p2:    nop
.p3:    steps_end
        step_is "POP SS, the PUSH before it", 0, .p1
        step_is "POP SS holds single step back", 1, .p3
        ; REP: after each element.
        mov     esi, WORK
        mov     edi, WORK + 0x100
        mov     ecx, 3
        steps_begin
.r0:    rep movsb
.r1:    steps_end
        step_is "REP MOVS traps after the first element", 0, .r0
        step_is "REP MOVS traps after the second element", 1, .r0
        step_is "REP MOVS traps behind the last", 2, .r1
        ; INT clears TF for its handler, IRET brings it back.
        vector  0x31, KCODE, .handler, TRAP32
        steps_begin
.i0:    int     0x31
.i1:    nop
.i2:    steps_end
        step_is "INT traps neither in its handler nor behind IRET", 0, .i2
        ; A fault under TF: its handler does not trap, the frame has TF.
        try
        pushfd
        or      dword [esp], 0x100
        popfd
        ud2
        expect_fault "#UD under TF", UD, 0
        masked  "#UD under TF, the frame", fault_eflags, 0x100, 0x100
        call    build_vectors
        ret
.handler:
        nop
        iretd

%macro breaks 1                         ; DR7
        mov     eax, %1
        mov     dr7, eax
%endmacro

test_breakpoints:
        vector  DBG, KCODE, step_handler, INT32
        mov     dword [STEPS], 0
        xor     eax, eax
        mov     dr6, eax
        mov     dr7, eax
        mov     eax, dr6
        check   "DR6, its fixed bits", eax, 0xFFFF0FF0
        mov     eax, dr7
        check   "DR7, its fixed bit", eax, 0x400
        mov     eax, .b1
        mov     dr0, eax
        breaks  0x402                   ; G0
        mov     ebx, 0
.b0:    inc     ebx
.b1:    inc     ebx
.b2:    breaks  0x400
        check   "instruction breakpoint, the count", [STEPS], 1
        step_is "instruction breakpoint, EIP", 0, .b1
        masked  "instruction breakpoint, DR6", STEPS + 8, 0xE00F, 1
        check   "instruction breakpoint, RF lets it run once", ebx, 2
        ; The frame of an instruction breakpoint has no RF.
        call    build_vectors
        mov     eax, .b3
        mov     dr1, eax
        breaks  0x404                   ; L1
        try
.b3:    nop
        expect_fault "instruction breakpoint by L1", DBG, 0
        masked  "instruction breakpoint, no RF in the frame", fault_eflags, 0x10000, 0
        mov     eax, dr6
        and     eax, 0xE00F
        check   "instruction breakpoint 1, DR6", eax, 2
        breaks  0x400
        ; POPFD sets no RF.
        mov     eax, .b4
        mov     dr1, eax
        breaks  0x404
        try
        push    dword 0x10002
        popfd
.b4:    nop
        expect_fault "POPFD sets no RF", DBG, 0
        breaks  0x400
        ; IRETD does: the breakpoint is passed.
        mov     eax, .b5
        mov     dr1, eax
        breaks  0x404
        try
        push    dword 0x10002
        push    cs
        push    dword .b5
        iretd
.b5:    nop
        expect_none "IRETD with RF passes a breakpoint"
        breaks  0x400

        ; Data: traps behind the instruction.
        vector  DBG, KCODE, step_handler, INT32
        mov     dword [STEPS], 0
        xor     eax, eax
        mov     dr6, eax
        mov     eax, WORK + 0x10
        mov     dr2, eax
        breaks  0x400 | 0x20 | 0x0D000000       ; G2, writes, four bytes
        mov     ecx, [WORK + 0x10]
.d0:    mov     [WORK + 0x10], ecx
.d1:    mov     [WORK + 0x14], ecx
        mov     [WORK + 0x0F], cl
        mov     [WORK + 0x13], cl
.d2:    mov     [WORK + 0x0E], ecx
.d3:    breaks  0x400
        check   "write breakpoint, the count", [STEPS], 3
        step_is "write breakpoint, EIP behind it", 0, .d1
        step_is "write breakpoint, its last byte", 1, .d2
        step_is "write breakpoint, an access that overlaps", 2, .d3
        masked  "write breakpoint, DR6", STEPS + 8, 0xE00F, 4
        mov     dword [STEPS], 0
        mov     eax, WORK + 0x20
        mov     dr3, eax
        breaks  0x400 | 0x80 | 0x30000000       ; G3, reads and writes, one byte
        mov     cl, [WORK + 0x20]
.e0:    mov     cl, [WORK + 0x21]
        mov     ecx, [WORK + 0x1E]
.e1:    inc     byte [WORK + 0x20]
.e2:    push    dword [WORK + 0x20]
.e3:    pop     ecx
        breaks  0x400
        check   "access breakpoint, the count", [STEPS], 4
        step_is "access breakpoint, a read", 0, .e0
        step_is "access breakpoint, a read that overlaps", 1, .e1
        step_is "access breakpoint, INC traps once", 2, .e2
        step_is "access breakpoint, PUSH of memory", 3, .e3
        masked  "access breakpoint, DR6", STEPS + 8, 0xE00F, 8
        ; A breakpoint that is not enabled shows in DR6 at most; it does not trap.
        mov     dword [STEPS], 0
        breaks  0x400 | 0x30000000
        mov     cl, [WORK + 0x20]
        check   "a breakpoint that is off", [STEPS], 0
        ; REP STOS with a data breakpoint in the middle traps behind that element.
        mov     dword [STEPS], 0
        mov     eax, WORK + 0x42
        mov     dr0, eax
        breaks  0x400 | 0x02 | 0x00010000       ; G0, writes, one byte
        mov     edi, WORK + 0x40
        mov     ecx, 4
.f0:    rep stosb
        breaks  0x400
        check   "breakpoint within REP STOS, the count", [STEPS], 1
        step_is "breakpoint within REP STOS, EIP", 0, .f0
        ; GD: MOV to or from a debug register faults.
        call    build_vectors
        xor     eax, eax
        mov     dr6, eax
        breaks  0x2400
        try
.g0:    mov     eax, dr0
        expect_fault "GD", DBG, 0
        check   "GD, EIP", [fault_eip], .g0
        mov     eax, dr6
        and     eax, 0xE00F
        check   "GD, DR6 has BD", eax, 0x2000
        mov     eax, dr7
        and     eax, 0x2000
        check   "GD, it is clear in the handler", eax, 0
        mov     eax, 0x12345678
        mov     dr3, eax
        mov     ebx, dr3
        check   "DR3 can be read", ebx, 0x12345678
        xor     eax, eax
        mov     dr6, eax
        mov     ebx, dr6
        db      0x0F, 0x21, 0xE1        ; MOV ECX, DR4
        check   "DR4 is DR6", ecx, ebx
        ret

; STI and MOV SS hold an interrupt back for one instruction: the timer's request waits while IF is clear.
%macro shadow 4+                        ; name, the label where it must come, code
        call    wait_request
        mov     dword [scratch], 0
        %4
        cli
        check   {%1}, [scratch], %2
%endmacro

test_shadow:
        mov     al, 0x11
        out     0x20, al
        mov     al, 0x20
        out     0x21, al
        mov     al, 0x04
        out     0x21, al
        mov     al, 0x01
        out     0x21, al
        mov     al, 0xFE
        out     0x21, al
        vector  0x20, KCODE, .timer, INT32
        mov     edx, KDATA
        call    wait_request
        mov     dword [scratch], 0
        sti
        cli
        nop
        check   "STI, CLI: no interrupt", [scratch], 0
        call    wait_request
        sti
        nop
.s1:    nop
        cli
        check   "STI holds an interrupt back for one instruction", [scratch], .s1
        call    wait_request
        mov     dword [scratch], 0
        sti                             ; STI, MOV SS is left out: only the first of the two is sure to hold it back
        jmp     short .s2
.s2:    nop
        cli
        check   "STI holds it back for a JMP too", [scratch], .s2
        call    wait_request
        pushfd
        or      dword [esp], 0x200
        popfd
.s3:    nop
        nop
        cli
        check   "POPF does not", [scratch], .s3
        call    wait_request
        pushfd
        or      dword [esp], 0x200
        push    cs
        push    dword .s4
        iretd
.s4:    nop
        nop
        cli
        check   "IRET does not", [scratch], .s4
        call    wait_request
        sti
        hlt
.s5:    cli
        check   "STI, HLT: the interrupt wakes it", [scratch], .s5
        mov     al, 0xFF
        out     0x21, al
        call    build_vectors
        ret
.timer: push    eax
        mov     eax, [ss:esp + 4]
        mov     [ss:scratch], eax
        mov     al, 0xFF                ; only once
        out     0x21, al
        mov     al, 0x20
        out     0x20, al
        pop     eax
        iretd

; Waits until the timer's request stands in the 8259A, with IF clear.
wait_request:
        cli
        mov     al, 0xFE
        out     0x21, al
        mov     al, 0x30                ; one shot, about 1 ms
        out     0x43, al
        mov     al, 0xA9
        out     0x40, al
        mov     al, 0x04
        out     0x40, al
        mov     al, 0x0A                ; read the IRR
        out     0x20, al
.next:  in      al, 0x20
        test    al, 1
        jz      .next
        ret

; #NM, #AC, and which of two faults comes.
test_others:
        mov     ebx, cr0
        mov     eax, ebx
        or      al, 8                   ; TS
        and     al, ~2                  ; MP off
        and     al, ~4                  ; EM off
        mov     cr0, eax
        faults  "ESC with TS", NM, 0, db 0xD9, 0xE8
        fine    "WAIT with TS without MP", db 0x9B
        or      al, 2
        mov     cr0, eax
        faults  "WAIT with TS and MP", NM, 0, db 0x9B
        and     al, ~8
        or      al, 4
        mov     cr0, eax
        faults  "ESC with EM", NM, 0, db 0xD9, 0xE8
        fine    "WAIT with EM", db 0x9B
        or      al, 8
        mov     cr0, eax
        faults  "LOCK ESC with TS: #UD goes first", UD, 0, db 0xF0, 0xD9, 0xE8
        clts
        mov     eax, cr0
        and     eax, 8
        check   "CLTS", eax, 0
        cmp     dword [level], 4
        jb      .no_ac
        or      ebx, 0x40000            ; AM
        mov     cr0, ebx
        pushfd
        or      dword [esp], 0x40000    ; AC
        popfd
        fine    "misaligned in ring 0", mov eax, [WORK + 1]
        try_ring 3, .dword
.dword: mov     eax, [WORK + 2]
        expect_fault "misaligned dword in ring 3", AC, 0
        pushfd
        or      dword [esp], 0x40000
        popfd
        try_ring 3, .word
.word:  mov     ax, [WORK + 1]
        expect_fault "misaligned word in ring 3", AC, 0
        pushfd
        or      dword [esp], 0x40000
        popfd
        try_ring 3, .aligned
.aligned:
        mov     ax, [WORK + 2]
        mov     al, [WORK + 1]
        mov     eax, [WORK + 4]
        leave_ring
        expect_left "aligned in ring 3"
        push    dword 2
        popfd
        try_ring 3, .off
.off:   mov     eax, [WORK + 1]
        leave_ring
        expect_left "misaligned in ring 3 without AC"
        mov     eax, cr0
        and     eax, ~0x40000
        mov     cr0, eax

        ; A breakpoint on an instruction comes before its fault.
.no_ac:
        xor     eax, eax
        mov     dr6, eax
        mov     eax, .ud
        mov     dr0, eax
        breaks  0x402
        try
.ud:    ud2
        expect_fault "instruction breakpoint before #UD", DBG, 0
        breaks  0x400
        ; Ring 3: a privileged instruction that is also too long, or not there.
        try_ring 3, .both
.both:  db      0xF0
        hlt
        expect_fault "LOCK HLT in ring 3: #UD goes first", UD, 0
        ret

rom_end
