; pm-segments - protected mode: loading segment registers with every check and its error code, limits, access rights,
; LAR, LSL, VERR, VERW and ARPL, LDTR and TR, and what ring 3 may not do.
;
; Run:    ./run-peer.sh bochs pm-segments.img
; Ends:   pm-segments: 285 passed, 0 failed
; After:  Intel SDM vol. 3A ch. 5 (5.2-5.6, 5.9, 5.10), vol. 2 MOV, LDS, JMP, RET, LAR, LSL, VERR, ARPL, LLDT, LTR.
; Peers:  Bochs proves all; QEMU's TCG checks no limits and no access rights on memory operands: 40 lines fail there.

%define ROM_NAME "pm-segments"
%include "rom.inc"

D_SMALL         equ     FREE            ; the descriptors of the tests
D_TEST          equ     FREE + 0x08
D_TEST2         equ     FREE + 0x10
D_ABSENT        equ     FREE + 0x18
D_CODE_X        equ     FREE + 0x20
D_CODE_XR       equ     FREE + 0x28
D_CONF          equ     FREE + 0x30
D_RO            equ     FREE + 0x38
D_GATE          equ     FREE + 0x40
D_TSS           equ     FREE + 0x48
D_ABSENT_CODE   equ     FREE + 0x50
D_CODE3         equ     FREE + 0x58
D_CONF3         equ     FREE + 0x60
D_CODE_SMALL    equ     FREE + 0x68
D_DATA3         equ     FREE + 0x70
D_CONF_X        equ     FREE + 0x78
D_ABSENT_X      equ     FREE + 0x80

main:
        descriptor D_ABSENT, 0, 0xFFFFF, DATA_RW & ~PRESENT, PAGES | BIG
        descriptor D_CODE_X, 0, 0xFFFFF, CODE_X, PAGES | BIG
        descriptor D_CODE_XR, 0, 0xFFFFF, CODE_XR, PAGES | BIG
        descriptor D_CONF, 0, 0xFFFFF, CODE_XR_CONF, PAGES | BIG
        descriptor D_CONF_X, 0, 0xFFFFF, CODE_X_CONF, PAGES | BIG
        descriptor D_RO, 0, 0xFFFFF, DATA_RO, PAGES | BIG
        descriptor D_TSS, WORK, 103, TSS32, 0
        descriptor D_ABSENT_CODE, 0, 0xFFFFF, CODE_XR & ~PRESENT, PAGES | BIG
        descriptor D_ABSENT_X, 0, 0xFFFFF, CODE_X & ~PRESENT, PAGES | BIG
        descriptor D_CODE3, 0, 0xFFFFF, CODE_XR | DPL3, PAGES | BIG
        descriptor D_CONF3, 0, 0xFFFFF, CODE_XR_CONF | DPL3, PAGES | BIG
        descriptor D_CODE_SMALL, 0, 0x7FFF, CODE_XR, BIG
        descriptor D_DATA3, 0, 0xFFFFF, DATA_RW | DPL3, PAGES | BIG
        gate D_GATE, KCODE, 0, CALL32, 0
        stage   0x10
        call    test_mode
        stage   0x11
        call    test_data_loads
        stage   0x12
        call    test_stack_loads
        stage   0x13
        call    test_code_loads
        stage   0x14
        call    test_far_pointers
        stage   0x15
        call    test_limits
        stage   0x16
        call    test_rights
        stage   0x17
        call    test_lar
        stage   0x18
        call    test_verify
        stage   0x19
        call    test_tables
        stage   0x1A
        call    test_ring3
        stage   0x1B
        jmp     test_round_trip

; The machine word after entering: PE, and a segment register keeps its hidden part until it is loaded.
test_mode:
        mov     eax, cr0
        and     eax, 1
        check   "PE is set", eax, 1
        mov     eax, cs
        check   "CS", eax, KCODE
        smsw    ax
        and     eax, 1
        check   "SMSW shows PE", eax, 1
        str     ax
        movzx   eax, ax
        check   "STR", eax, TSS_SEL
        sldt    ax
        movzx   eax, ax
        check   "SLDT, none", eax, 0
        mov     al, [GDT + TSS_SEL + 5]
        movzx   eax, al
        check   "LTR made the TSS busy", eax, TSS32_BUSY

        ; The GDT is read at the load and not later.
        descriptor D_TEST, WORK, 0xFFFF, DATA_RW, BIG
        mov     dword [WORK], 0x11111111
        mov     dword [WORK + 0x1000], 0x22222222
        mov     eax, D_TEST
        mov     fs, eax
        descriptor D_TEST, WORK + 0x1000, 0xFFFF, DATA_RW, BIG
        mov     edx, [fs:0]
        mov     fs, eax
        mov     ecx, [fs:0]
        check   "a changed descriptor acts at the next load, before", edx, 0x11111111
        check   "a changed descriptor acts at the next load, after", ecx, 0x22222222
        ret

%macro load_fault 4                     ; name, selector, vector, code: by MOV to each data segment register
        mov     eax, %2
        try
        mov     ds, eax
        expect_fault {"DS, ", %1}, %3, %4
        try
        mov     es, eax
        expect_fault {"ES, ", %1}, %3, %4
        try
        mov     fs, eax
        expect_fault {"FS, ", %1}, %3, %4
        try
        mov     gs, eax
        expect_fault {"GS, ", %1}, %3, %4
%endmacro

%macro load_ok 2
        mov     eax, %2
        try
        mov     ds, eax
        mov     es, eax
        mov     fs, eax
        mov     gs, eax
        expect_none %1
%endmacro

test_data_loads:
        load_fault "beyond the GDT", BEYOND, GP, BEYOND
        load_fault "beyond the GDT, RPL 3", BEYOND | 3, GP, BEYOND
        load_fault "no LDT", 0x0C | 1, GP, 0x0C
        load_fault "a TSS", TSS_SEL, GP, TSS_SEL
        load_fault "execute-only code", D_CODE_X, GP, D_CODE_X
        load_fault "not present", D_ABSENT, NP, D_ABSENT
        mov     eax, D_GATE
        try
        mov     ds, eax
        expect_fault "DS, a call gate", GP, D_GATE
        mov     eax, LDT_SEL
        try
        mov     es, eax
        expect_fault "ES, an LDT", GP, LDT_SEL
        mov     eax, D_ABSENT_X
        try
        mov     es, eax
        expect_fault "ES, execute-only and not present", GP, D_ABSENT_X
        mov     eax, KDATA | 3
        try
        mov     es, eax
        expect_fault "ES, RPL 3 over DPL 0", GP, KDATA
        mov     eax, KDATA | 1
        try
        mov     fs, eax
        expect_fault "FS, RPL 1 over DPL 0", GP, KDATA
        mov     eax, D_CODE_XR | 3
        try
        mov     gs, eax
        expect_fault "GS, readable code, RPL 3 over DPL 0", GP, D_CODE_XR
        mov     eax, D_CONF_X
        try
        mov     gs, eax
        expect_fault "GS, conforming execute-only code", GP, D_CONF_X
        mov     eax, FREE + 0x1F0 - FREE        ; the last descriptors are all zeros
        try
        mov     ds, eax
        expect_fault "DS, an empty descriptor", GP, 0x1F0

        load_ok "null loads, 0", 0
        load_ok "null loads, 3", 3
        load_ok "readable code", D_CODE_XR
        load_ok "conforming readable code, RPL 3", D_CONF | 3
        load_ok "data of ring 3", UDATA
        load_ok "data of ring 3 with RPL 0", UDATA & ~3
        load_ok "read-only data", D_RO
        mov     eax, 3
        mov     gs, eax
        xor     edx, edx
        mov     dx, gs
        check   "a null selector keeps its RPL", edx, 3
        mov     eax, 0xABCD0000
        mov     gs, eax
        mov     eax, -1
        mov     eax, gs
        check   "MOV r32, Sreg clears the upper half", eax, 0

        ; A register that could not be loaded stays as it was.
        mov     eax, D_TEST
        mov     fs, eax
        try
        mov     eax, BEYOND
        mov     fs, eax
        caught
        mov     eax, fs                 ; made flat by `caught`
        mov     eax, D_TEST
        mov     es, eax
        mov     dword [resume_eip], .kept
        mov     [resume_esp], esp
        mov     dword [last_fault], NONE
        mov     ecx, BEYOND
        mov     fs, eax
        mov     gs, ecx
.kept:  mov     eax, fs
        mov     dword [resume_eip], 0
        check   "a fault leaves the other registers", eax, D_TEST
        mov     eax, KDATA
        mov     es, eax
        mov     fs, eax
        mov     gs, eax

        ; The accessed bit.
        descriptor D_TEST, WORK, 0xFFFF, DATA_RW, BIG
        mov     eax, D_TEST
        mov     fs, eax
        movzx   eax, byte [GDT + D_TEST + 5]
        check   "a load sets accessed, data", eax, DATA_RW | 1
        descriptor D_TEST, WORK, 0xFFFF, CODE_XR, BIG
        mov     eax, D_TEST
        mov     fs, eax
        movzx   eax, byte [GDT + D_TEST + 5]
        check   "a load sets accessed, code", eax, CODE_XR | 1
        movzx   eax, byte [GDT + D_ABSENT + 5]
        check   "a fault leaves accessed", eax, DATA_RW & ~PRESENT

        ; POP, and the LDT.
        try
        push    dword BEYOND
        pop     es
        expect_fault "POP ES", GP, BEYOND
        try
        push    dword D_ABSENT
        pop     fs
        expect_fault "POP FS", NP, D_ABSENT
        mov     eax, LDT_SEL
        lldt    ax
        descriptor 0x04, WORK, 0xFFFF, DATA_RW, BIG
        descriptor 0x0C, WORK, 0xFFFF, DATA_RW & ~PRESENT, BIG
        load_ok "data by the LDT, selector 4", 0x04
        mov     eax, 0x0C
        try
        mov     ds, eax
        expect_fault "DS, not present in the LDT", NP, 0x0C
        mov     eax, 32 * 8 + 7
        try
        mov     ds, eax
        expect_fault "DS, beyond the LDT", GP, 32 * 8 + 4
        mov     eax, 0x14
        try
        mov     ds, eax
        expect_fault "DS, empty in the LDT", GP, 0x14
        xor     eax, eax
        lldt    ax
        ret

test_stack_loads:
        mov     ecx, KDATA
%macro stack_fault 4
        mov     eax, %2
        try
        mov     ss, eax
        mov     ss, ecx
        expect_fault {"SS, ", %1}, %3, %4
%endmacro
        stack_fault "null", 0, GP, 0
        stack_fault "null with RPL 3", 3, GP, 0
        stack_fault "beyond the GDT", BEYOND, GP, BEYOND
        stack_fault "RPL 3", KDATA | 3, GP, KDATA
        stack_fault "DPL 3", D_DATA3, GP, D_DATA3
        stack_fault "RPL and DPL 3", D_DATA3 | 3, GP, D_DATA3
        stack_fault "read-only", D_RO, GP, D_RO
        stack_fault "code", D_CODE_XR, GP, D_CODE_XR
        stack_fault "a gate", D_GATE, GP, D_GATE
        stack_fault "no LDT", 4, GP, 4
        stack_fault "not present", D_ABSENT, SSF, D_ABSENT
        mov     eax, DATA16
        try
        mov     ss, eax
        mov     ss, ecx
        expect_none "SS, a 16-bit stack"
        try
        push    dword D_ABSENT
        pop     ss
        mov     ss, ecx
        expect_fault "POP SS, not present", SSF, D_ABSENT
        try
        db      0x8E, 0xC8              ; MOV CS, AX
        expect_fault "MOV CS", UD, 0
        try
        db      0x8E, 0xF0              ; MOV to segment register 6
        expect_fault "MOV to segment register 6", UD, 0
        try
        db      0x8C, 0xF8              ; MOV from segment register 7
        expect_fault "MOV from segment register 7", UD, 0

        ; With a 16-bit stack PUSH takes SP and leaves the upper half of ESP.
        mov     ebx, esp
        mov     eax, DATA16
        mov     ss, eax
        mov     esp, 0xABCD7000
        push    dword 0x12345678
        mov     edx, esp
        mov     ss, ecx
        mov     esp, ebx
        check   "PUSH on a 16-bit stack", edx, 0xABCD6FFC
        check   "PUSH on a 16-bit stack writes by SP", [0x6FFC], 0x12345678
        ret

%macro code_fault 4
        try
        jmp     %2:.never
        expect_fault {"JMP, ", %1}, %3, %4
        try
        call    %2:.never
        expect_fault {"CALL, ", %1}, %3, %4
        try
        push    dword %2
        push    dword .never
        retf
        expect_fault {"RETF, ", %1}, %3, %4
%endmacro

test_code_loads:
        code_fault "null", 0, GP, 0
        code_fault "beyond the GDT", BEYOND, GP, BEYOND
        code_fault "data", KDATA, GP, KDATA
        code_fault "not present", D_ABSENT_CODE, NP, D_ABSENT_CODE
        code_fault "an LDT", LDT_SEL, GP, LDT_SEL
        try
        jmp     D_CODE3:.never
        expect_fault "JMP, DPL 3 from ring 0", GP, D_CODE3
        try
        call    D_CONF3:.never
        expect_fault "CALL, conforming DPL 3 from ring 0", GP, D_CONF3
        try
        jmp     KCODE | 3:.never
        expect_fault "JMP, RPL over CPL", GP, KCODE
        try
        push    dword D_CONF3           ; RPL 0
        push    dword .never
        retf
        expect_fault "RETF, conforming DPL 3 with RPL 0", GP, D_CONF3
        try
        pushfd
        push    dword 0
        push    dword .never
        iretd
        expect_fault "IRET, null", GP, 0
        try
        pushfd
        push    dword D_ABSENT_CODE
        push    dword .never
        iretd
        expect_fault "IRET, not present", NP, D_ABSENT_CODE
        try
        jmp     D_CODE_SMALL:.never
        expect_fault "JMP beyond the limit", GP, 0
        check   "JMP beyond the limit, CS", [fault_cs], KCODE
        try
        call    D_CODE_SMALL:.never
        expect_fault "CALL beyond the limit", GP, 0
        check   "CALL beyond the limit pushed nothing", [fault_esp_at_entry], BOOT_STACK - 8 - 12
        try
        push    dword D_CODE_SMALL      ; its limit is 7FFFh
        push    dword .never
        retf
        expect_fault "RETF beyond the limit", GP, 0
        check   "RETF beyond the limit took nothing", [fault_esp_at_entry], BOOT_STACK - 16 - 12

        try
        jmp     D_CONF | 3:.conforming
.conforming:
        mov     edx, cs
        jmp     KCODE:.back
.back:
        expect_none "JMP to conforming code, RPL 3"
        check   "JMP sets RPL to CPL", edx, D_CONF
        movzx   eax, byte [GDT + D_CONF + 5]
        check   "JMP sets accessed", eax, CODE_XR_CONF | 1
        try
        call    D_CODE_X:.far
        jmp     .returned
.far:   mov     edx, cs
        retf
.returned:
        expect_none "CALL and RETF"
        check   "CALL to execute-only code", edx, D_CODE_X
        mov     ebx, esp
        push    dword 0
        push    dword 0
        push    dword KCODE
        push    dword .popped
        retf    8
.popped:
        sub     ebx, esp
        check   "RETF n takes n bytes", ebx, 0
        mov     esp, BOOT_STACK - 8
        ret
.never: db      0x0F, 0x0B              ; UD2: where the check is missing, another fault ends it

test_far_pointers:
        mov     dword [WORK], 0x12345678
        mov     dword [WORK + 4], KDATA
        les     ebx, [WORK]
        check   "LES", ebx, 0x12345678
        mov     dword [WORK + 4], BEYOND
%macro pointer_fault 1
        mov     ebx, 0x55AA55AA
        try
        %1      ebx, [WORK]
        expect_fault {%str(%1)}, GP, BEYOND
        check   {%str(%1), " leaves the register"}, ebx, 0x55AA55AA
%endmacro
        pointer_fault lds
        pointer_fault les
        pointer_fault lfs
        pointer_fault lgs
        pointer_fault lss
        mov     dword [WORK + 4], 0
        mov     ebx, 0x55AA55AA
        try
        lss     ebx, [WORK]
        expect_fault "LSS, null", GP, 0
        check   "LSS, null, leaves the register", ebx, 0x55AA55AA
        try
        lfs     bx, [WORK]              ; selector 1234h of 1234:5678
        expect_fault "LFS, 16 bits", GP, 0x1234
        try
        db      0x0F, 0xB4, 0xC3        ; LFS EAX, EBX
        expect_fault "LFS of a register", UD, 0
        ret

; Limits: the last byte that may be touched, and the first that may not, by size.
%macro limit_ok 2+
        try
        %2
        expect_none %1
%endmacro
%macro limit_fault 2+
        try
        %2
        expect_fault %1, GP, 0
%endmacro

test_limits:
        descriptor D_SMALL, WORK, 0x0FFF, DATA_RW, BIG
        mov     eax, D_SMALL
        mov     fs, eax
        limit_ok "byte at the limit", mov al, [fs:0xFFF]
        mov     eax, D_SMALL
        mov     fs, eax
        limit_fault "byte beyond the limit", mov al, [fs:0x1000]
        mov     eax, D_SMALL
        mov     fs, eax
        limit_ok "word at the limit", mov ax, [fs:0xFFE]
        mov     eax, D_SMALL
        mov     fs, eax
        limit_fault "word over the limit", mov ax, [fs:0xFFF]
        mov     eax, D_SMALL
        mov     fs, eax
        limit_ok "dword at the limit", mov edx, [fs:0xFFC]
        mov     eax, D_SMALL
        mov     fs, eax
        limit_fault "dword over the limit", mov edx, [fs:0xFFD]
        mov     eax, D_SMALL
        mov     fs, eax
        mov     dword [WORK + 0xFFC], 0xA5A5A5A5
        limit_fault "write over the limit", mov dword [fs:0xFFE], 0
        check   "write over the limit writes nothing", [WORK + 0xFFC], 0xA5A5A5A5
        mov     eax, D_SMALL
        mov     fs, eax
        limit_fault "far beyond the limit", mov al, [fs:0xFFFFFFF0]

        descriptor D_SMALL, WORK, 1, DATA_RW, PAGES | BIG
        mov     eax, D_SMALL
        mov     fs, eax
        limit_ok "limit in pages, the last dword", mov edx, [fs:0x1FFC]
        mov     eax, D_SMALL
        mov     fs, eax
        limit_fault "limit in pages, beyond", mov al, [fs:0x2000]

        descriptor D_SMALL, WORK, 0, DATA_RW, BIG
        mov     eax, D_SMALL
        mov     fs, eax
        limit_ok "limit 0, byte 0", mov al, [fs:0]
        mov     eax, D_SMALL
        mov     fs, eax
        limit_fault "limit 0, word 0", mov ax, [fs:0]

        ; Expand-down: what lies above the limit is the segment.
        descriptor D_SMALL, WORK, 0x0FFF, DATA_RW_DOWN, 0
        mov     eax, D_SMALL
        mov     fs, eax
        limit_fault "expand-down, at the limit", mov al, [fs:0xFFF]
        mov     eax, D_SMALL
        mov     fs, eax
        limit_ok "expand-down, above the limit", mov al, [fs:0x1000]
        mov     eax, D_SMALL
        mov     fs, eax
        limit_fault "expand-down, word over the limit", mov ax, [fs:0xFFF]
        mov     eax, D_SMALL
        mov     fs, eax
        limit_ok "expand-down, 16 bits, the last word", mov ax, [fs:0xFFFE]
        mov     eax, D_SMALL
        mov     fs, eax
        limit_fault "expand-down, 16 bits, over the end", mov ax, [fs:0xFFFF]
        mov     eax, D_SMALL
        mov     fs, eax
        limit_fault "expand-down, 16 bits, beyond the end", mov al, [fs:0x10000]
        descriptor D_SMALL, WORK, 0x0FFF, DATA_RW_DOWN, BIG
        mov     eax, D_SMALL
        mov     fs, eax
        limit_ok "expand-down, 32 bits, above 64 KB", mov al, [fs:0x10000]
        mov     eax, D_SMALL
        mov     fs, eax
        limit_fault "expand-down, 32 bits, at the limit", mov al, [fs:0]
        descriptor D_SMALL, WORK, 1, DATA_RW_DOWN, PAGES | BIG
        mov     eax, D_SMALL
        mov     fs, eax
        limit_fault "expand-down in pages, at the limit", mov al, [fs:0x1FFF]
        mov     eax, D_SMALL
        mov     fs, eax
        limit_ok "expand-down in pages, above the limit", mov al, [fs:0x2000]
        descriptor D_SMALL, 0, 0xFFFFF, DATA_RW_DOWN, PAGES | BIG
        mov     eax, D_SMALL
        mov     fs, eax
        limit_fault "expand-down, nothing left", mov al, [fs:0xFFFFFFFF]

        ; SS gives #SS(0) and not #GP(0).
        descriptor D_SMALL, 0, 0x6FFF, DATA_RW, BIG
        mov     ecx, D_SMALL
        mov     ebx, KDATA
        try
        mov     ss, ecx
        mov     esp, 0x6F00
        mov     al, [ss:0x7000]
        mov     ss, ebx
        mov     esp, [resume_esp]
        expect_fault "SS beyond the limit", SSF, 0
        mov     ebp, 0x6FFE
        try
        mov     ss, ecx
        mov     esp, 0x6F00
        mov     eax, [ebp]
        mov     ss, ebx
        mov     esp, [resume_esp]
        expect_fault "SS by EBP over the limit", SSF, 0
        try
        mov     ss, ecx
        mov     esp, 0x6FFD
        pop     eax
        mov     ss, ebx
        mov     esp, [resume_esp]
        expect_fault "POP over the limit", SSF, 0
        check   "POP over the limit leaves ESP", [fault_esp_at_entry], 0x6FFD - 12

        ; Code: the fetch, and near jumps, are checked. UD2 ends what an emulator does not.
        descriptor D_TEST, 0, 0xFFFF, CODE_XR, BIG
        try
        jmp     D_TEST:.small
.small: mov     eax, WORK
        mov     word [eax], 0x0B0F
        jmp     eax
.jump:
        expect_fault "JMP near beyond the limit", GP, 0
        check   "JMP near beyond the limit, EIP of the jump", [fault_eip], .jump - 2
        descriptor D_TEST, WORK, 0xFF, CODE_XR, BIG
        mov     byte [WORK + 0xFE], 0x90
        mov     byte [WORK + 0xFF], 0x90
        mov     word [WORK + 0x100], 0x0B0F
        mov     word [WORK + 0x103], 0x0B0F
        try
        jmp     D_TEST:0xFE
        expect_fault "running over the limit", GP, 0
        check   "running over the limit, EIP", [fault_eip], 0x100
        check   "running over the limit, CS", [fault_cs], D_TEST
        mov     byte [WORK + 0xFE], 0xB8        ; MOV EAX, ...
        try
        jmp     D_TEST:0xFE
        expect_fault "an instruction over the limit", GP, 0
        check   "an instruction over the limit, EIP", [fault_eip], 0xFE
        ret

test_rights:
        mov     dword [WORK], 0x01020304
        descriptor D_RO, WORK, 0xFFFF, DATA_RO, BIG
        descriptor D_CODE_XR, WORK, 0xFFFF, CODE_XR, BIG
        mov     eax, D_RO
        mov     fs, eax
        limit_ok "read of read-only data", mov eax, [fs:0]
        mov     eax, D_RO
        mov     fs, eax
        limit_fault "write to read-only data", mov [fs:0], eax
        mov     eax, D_RO
        mov     fs, eax
        limit_fault "read and write of read-only data", inc dword [fs:0]
        mov     eax, D_RO
        mov     fs, eax
        limit_fault "XCHG with read-only data", xchg [fs:0], edx
        mov     eax, D_CODE_XR
        mov     fs, eax
        limit_ok "read of code", mov eax, [fs:0]
        mov     eax, D_CODE_XR
        mov     fs, eax
        limit_fault "write to code", mov [fs:0], eax
        check   "nothing was written", [WORK], 0x01020304
        limit_fault "write by CS", mov [cs:WORK], eax
        check   "nothing was written by CS", [WORK], 0x01020304
        xor     eax, eax
        mov     fs, eax
        limit_fault "read by a null FS", mov eax, [fs:WORK]
        xor     eax, eax
        mov     fs, eax
        limit_fault "write by a null FS", mov [fs:WORK], eax
        try
        jmp     D_CODE_X:.in
.in:    mov     eax, [cs:WORK]
        expect_fault "read by CS of execute-only code", GP, 0
        try
        jmp     KCODE:.out
.out:   mov     eax, [cs:WORK]
        expect_none "read by CS of readable code"
        xor     eax, eax
        mov     es, eax
        try
        mov     edi, WORK
        stosd
        expect_fault "STOS by a null ES", GP, 0
        check   "STOS by a null ES leaves EDI", edi, WORK
        ; A scan with a count of 0 touches nothing.
        xor     eax, eax
        mov     es, eax
        try
        xor     ecx, ecx
        rep stosd
        expect_none "REP STOS of nothing by a null ES"
        descriptor D_CODE_XR, 0, 0xFFFFF, CODE_XR, PAGES | BIG
        descriptor D_RO, 0, 0xFFFFF, DATA_RO, PAGES | BIG
        ret

; EBX = how to try a descriptor, returning ZF; AH = access bits of type 0. Returns in EAX a bit for each of 16 types.
each_type:
        xor     edi, edi
        xor     ecx, ecx
.next:  descriptor D_TEST, 0, 0xFFFFF, 0, PAGES | BIG
        mov     al, ah
        or      al, cl
        mov     [GDT + D_TEST + 5], al
        push    eax
        mov     eax, D_TEST
        call    ebx
        pop     eax
        jnz     .no
        bts     edi, ecx
.no:    inc     ecx
        cmp     ecx, 16
        jb      .next
        mov     eax, edi
        ret

do_lar: lar     edx, eax
        ret
do_lsl: lsl     edx, eax
        ret
do_verr:
        verr    ax
        ret
do_verw:
        verw    ax
        ret

test_lar:
        mov     ah, 0x80
        mov     ebx, do_lar
        call    each_type
        check   "LAR, system types", eax, 0x1A3E
        mov     ah, 0x80
        mov     ebx, do_lsl
        call    each_type
        check   "LSL, system types", eax, 0x0A0E
        mov     ah, 0x90
        mov     ebx, do_lar
        call    each_type
        check   "LAR, code and data", eax, 0xFFFF
        mov     ah, 0x10
        mov     ebx, do_lsl
        call    each_type
        check   "LSL, code and data not present", eax, 0xFFFF

        descriptor D_TEST, 0x12345678, 0xABCDE, DATA_RW | DPL2, PAGES | BIG
        mov     eax, D_TEST | 2
        xor     edx, edx
        lar     edx, eax
        and     edx, 0x00F0FF00
        check   "LAR", edx, 0x00C0D200
        lsl     edx, eax
        check   "LSL in pages", edx, 0xABCDEFFF
        mov     edx, 0x55555555
        lar     dx, ax
        check   "LAR, 16 bits", edx, 0x5555D200
        mov     edx, 0x55555555
        lsl     dx, ax
        check   "LSL, 16 bits", edx, 0x5555EFFF
        descriptor D_TEST, 0, 0xABCDE, DATA_RW_DOWN, 0
        mov     eax, D_TEST
        lsl     edx, eax
        check   "LSL in bytes", edx, 0x000ABCDE
        mov     eax, D_TEST | 1
        mov     edx, 0x55555555
        lar     edx, eax
        setz    cl
        movzx   ecx, cl
        check   "LAR, RPL over DPL", ecx, 0
        check   "LAR, RPL over DPL, leaves the register", edx, 0x55555555
        lsl     edx, eax
        setz    cl
        check   "LSL, RPL over DPL", ecx, 0
        mov     eax, D_CONF | 3
        lar     edx, eax
        setz    cl
        check   "LAR, conforming, RPL 3", ecx, 1
%macro lar_fails 2
        mov     eax, %2
        mov     edx, 0x55555555
        lar     edx, eax
        setz    cl
        lsl     edx, eax
        setz    ch
        check   {"LAR and LSL, ", %1}, ecx, 0
        check   {"LAR and LSL, ", %1, ", leave the register"}, edx, 0x55555555
%endmacro
        lar_fails "null", 0
        lar_fails "null with RPL 3", 3
        lar_fails "beyond the GDT", BEYOND
        lar_fails "no LDT", 4
        mov     word [WORK], KDATA
        lar     edx, [WORK]
        and     edx, 0x00F0FF00
        check   "LAR of memory", edx, 0x00C09300
        ret

test_verify:
        mov     ah, 0x80
        mov     ebx, do_verr
        call    each_type
        check   "VERR, system types", eax, 0
        mov     ah, 0x80
        mov     ebx, do_verw
        call    each_type
        check   "VERW, system types", eax, 0
        mov     ah, 0x90
        mov     ebx, do_verr
        call    each_type
        check   "VERR, code and data", eax, 0xCCFF
        mov     ah, 0x90
        mov     ebx, do_verw
        call    each_type
        check   "VERW, code and data", eax, 0x00CC
        xor     ecx, ecx
        mov     eax, KDATA | 3
        verr    ax
        setz    cl
        check   "VERR, RPL over DPL", ecx, 0
        verw    ax
        setz    cl
        check   "VERW, RPL over DPL", ecx, 0
        mov     eax, D_CONF | 3
        verr    ax
        setz    cl
        check   "VERR, conforming, RPL 3", ecx, 1
        xor     eax, eax
        verr    ax
        setz    cl
        check   "VERR, null", ecx, 0
        mov     eax, BEYOND
        verw    ax
        setz    cl
        check   "VERW, beyond the GDT", ecx, 0

        mov     eax, 0x12340010
        mov     edx, 0x00000003
        arpl    ax, dx
        setz    cl
        check   "ARPL raises", eax, 0x12340013
        check   "ARPL raises, ZF", ecx, 1
        mov     edx, 1
        arpl    ax, dx
        setz    cl
        check   "ARPL leaves", eax, 0x12340013
        check   "ARPL leaves, ZF", ecx, 0
        mov     edx, 3
        arpl    ax, dx
        setz    cl
        check   "ARPL, equal, ZF", ecx, 0
        mov     dword [WORK], 0xFFFF0020
        mov     edx, 2
        arpl    [WORK], dx
        check   "ARPL in memory", [WORK], 0xFFFF0022
        ret

test_tables:
%macro table_fault 5
        mov     eax, %3
        try
        %1      ax
        expect_fault {%2}, %4, %5
%endmacro
        table_fault lldt, "LLDT of data", KDATA, GP, KDATA
        table_fault lldt, "LLDT of a TSS", D_TSS, GP, D_TSS
        table_fault lldt, "LLDT beyond the GDT", BEYOND, GP, BEYOND
        table_fault lldt, "LLDT by the LDT", LDT_SEL | 4, GP, LDT_SEL | 4
        descriptor D_TEST, LDT, 0xFF, LDT_TYPE & ~PRESENT, 0
        table_fault lldt, "LLDT not present", D_TEST, NP, D_TEST
        try
        mov     eax, LDT_SEL | 3
        lldt    ax
        expect_none "LLDT"
        sldt    ax
        movzx   eax, ax
        check   "SLDT", eax, LDT_SEL | 3
        mov     dword [WORK], -1
        sldt    [WORK]
        check   "SLDT to memory writes a word", [WORK], 0xFFFF0000 | LDT_SEL | 3
        xor     eax, eax
        lldt    ax
        table_fault ltr, "LTR null", 0, GP, 0
        table_fault ltr, "LTR of a busy TSS", TSS_SEL, GP, TSS_SEL
        table_fault ltr, "LTR of data", KDATA, GP, KDATA
        table_fault ltr, "LTR of an LDT", LDT_SEL, GP, LDT_SEL
        table_fault ltr, "LTR beyond the GDT", BEYOND, GP, BEYOND
        table_fault ltr, "LTR by the LDT", TSS_SEL | 4, GP, TSS_SEL | 4
        descriptor D_TEST, WORK, 103, TSS32 & ~PRESENT, 0
        table_fault ltr, "LTR not present", D_TEST, NP, D_TEST
        try
        mov     eax, D_TSS
        ltr     ax
        expect_none "LTR"
        movzx   eax, byte [GDT + D_TSS + 5]
        check   "LTR sets busy", eax, TSS32_BUSY
        descriptor TSS_SEL, TSS, 103, TSS32, 0
        mov     eax, TSS_SEL
        ltr     ax
        mov     dword [WORK], 0
        sgdt    [WORK]
        movzx   eax, word [WORK]
        check   "SGDT, limit", eax, GDT_ENTRIES * 8 - 1
        check   "SGDT, base", [WORK + 2], GDT
        sidt    [WORK]
        check   "SIDT, base", [WORK + 2], IDT
        try
        db      0x0F, 0x01, 0xD0        ; LGDT of a register (XGETBV of later CPUs, which the test keeps off)
        expect_fault "LGDT of a register", UD, 0
        ret

; EDX = 1 where the code came through, in ring 3.
%macro ring3_fault 2+
        try_ring 3, %%here
%%here: %2
        leave_ring
        expect_fault {"ring 3, ", %1}, GP, 0
%endmacro
%macro ring3_ok 2+
        try_ring 3, %%here
%%here: %2
        leave_ring
        expect_left {"ring 3, ", %1}
%endmacro

test_ring3:
        ring3_fault "HLT", hlt
        ring3_fault "CLTS", clts
        ring3_fault "LGDT", lgdt [rom_gdtr]
        ring3_fault "LIDT", lidt [rom_idtr]
        ring3_fault "LLDT", lldt ax
        ring3_fault "LTR", ltr ax
        ring3_fault "LMSW", lmsw ax
        ring3_fault "MOV CR0", mov cr0, eax
        ring3_fault "MOV from CR0", mov eax, cr0
        ring3_fault "MOV from CR3", mov eax, cr3
        ring3_fault "MOV DR7", mov dr7, eax
        ring3_fault "CLI", cli
        ring3_fault "STI", sti
        ring3_fault "IN", in al, 0x80
        ring3_fault "OUT", out dx, eax
        ring3_ok "SGDT", sgdt [WORK]
        ring3_ok "SMSW", smsw ax
        ring3_ok "STR and SLDT", str ax
        ring3_ok "data of ring 3 with RPL 0", mov eax, UDATA & ~3
        try_ring 3, .data0
.data0: mov     eax, KDATA
        mov     es, eax
        expect_fault "ring 3, ES, data of ring 0", GP, KDATA
        try_ring 3, .data3
.data3: mov     eax, UDATA & ~3
        mov     es, eax
        leave_ring
        expect_left "ring 3, ES, data of ring 3 with RPL 0"
        try_ring 3, .code0
.code0: mov     eax, KCODE
        mov     es, eax
        expect_fault "ring 3, ES, code of ring 0", GP, KCODE
        try_ring 3, .conf
.conf:  mov     eax, D_CONF
        mov     es, eax
        leave_ring
        expect_left "ring 3, ES, conforming code of ring 0"
        try_ring 3, .stack
.stack: mov     eax, UDATA & ~3
        mov     ss, eax
        expect_fault "ring 3, SS with RPL 0", GP, UDATA & ~3
        try_ring 3, .inner
.inner: jmp     KCODE:.inner
        expect_fault "ring 3, JMP to ring 0", GP, KCODE
        try_ring 3, .inner2
.inner2:
        push    dword KCODE
        push    dword .inner2
        retf
        expect_fault "ring 3, RETF to ring 0", GP, KCODE
        try_ring 3, .inner3
.inner3:
        pushfd
        push    dword KCODE
        push    dword .inner3
        iretd
        expect_fault "ring 3, IRET to ring 0", GP, KCODE
        try_ring 3, .same
.same:  jmp     (UCODE & ~3):.same2
.same2: mov     edx, cs
        leave_ring
        expect_left "ring 3, JMP with RPL 0"
        check   "ring 3, JMP with RPL 0, CS", [fault_edx], UCODE
        try_ring 3, .call
.call:  call    D_CONF:.called
        mov     ebx, cs
        leave_ring
.called:
        mov     edx, cs
        retf
        expect_left "ring 3, CALL of conforming code"
        check   "ring 3, CALL of conforming code, CS there", [fault_edx], D_CONF | 3
        check   "ring 3, CALL of conforming code, CS back", [fault_ebx], UCODE
        try_ring 3, .lar
.lar:   xor     ebx, ebx
        mov     eax, KDATA
        lar     edx, eax
        setz    bl
        mov     eax, UDATA
        lar     edx, eax
        setz    bh
        leave_ring
        expect_left "ring 3, LAR"
        check   "ring 3, LAR, ZF", [fault_ebx], 0x0100
        try_ring 3, .verr
.verr:  xor     ebx, ebx
        mov     eax, KDATA
        verr    ax
        setz    bl
        mov     eax, UDATA
        verr    ax
        setz    bh
        leave_ring
        expect_left "ring 3, VERR"
        check   "ring 3, VERR, ZF", [fault_ebx], 0x0100
        try_ring 3, .popf
.popf:  push    dword 0x3202            ; IF and IOPL 3
        popfd
        pushfd
        pop     edx
        leave_ring
        expect_left "ring 3, POPF"
        check   "ring 3, POPF leaves IF and IOPL", [fault_edx], 0x0002
        check   "ring 3, the frame: CS", [fault_cs], UCODE
        check   "ring 3, the frame: SS", [fault_ss], UDATA
        check   "ring 3, the frame: ESP", [fault_esp], USER_STACK
        check   "ring 3, the handler's CS", [fault_cs_at_entry], KCODE
        check   "ring 3, the handler's SS", [fault_ss_at_entry], KDATA
        check   "ring 3, the handler's ESP", [fault_esp_at_entry], KERNEL_STACK - 20
        ret

; To real mode and back: what a segment register hides lives on until the register is loaded.
test_round_trip:
        mov     dword [WORK + 0x10], 0x13579BDF
        mov     dword [WORK + 0x11110], 0x2468ACE0
        mov     eax, KDATA
        mov     fs, eax
        mov     [scratch], esp
        jmp     CODE16:.sixteen
        bits    16
.sixteen:
        mov     ax, DATA16
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     sp, BOOT_STACK - 0x100
        mov     eax, cr0
        and     al, 0xFE
        mov     cr0, eax
        jmp     0:.real
.real:  mov     ebx, [fs:dword WORK + 0x11110]  ; the limit of 4 GB is still there
        mov     cx, cs
        mov     ax, (WORK + 0x11100) >> 4
        mov     es, ax
        mov     edx, [es:0x10]
        mov     ax, WORK >> 4
        mov     es, ax
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        mov     esi, [es:0x10]                  ; still the base of real mode
        jmp     KCODE:.back
        bits    32
.back:  mov     edi, [es:0x10]
        mov     eax, KDATA
        mov     ds, eax
        mov     es, eax
        mov     ss, eax
        mov     esp, [scratch]
        movzx   ecx, cx
        check   "real mode, FS keeps base and limit", ebx, 0x2468ACE0
        check   "real mode, CS", ecx, 0
        check   "real mode, a load sets the base", edx, 0x2468ACE0
        check   "protected mode, ES keeps its base", esi, 0x13579BDF
        check   "protected mode, ES keeps its base after the jump", edi, 0x13579BDF
        str     ax
        movzx   eax, ax
        check   "TR lives through real mode", eax, TSS_SEL
        try
        mov     eax, BEYOND
        mov     ds, eax
        expect_fault "faults again", GP, BEYOND
        ret

rom_end
