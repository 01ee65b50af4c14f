; pm-gates - call gates (16 and 32 bits, with parameters, to the same ring and inner ones), interrupt and trap gates,
; stacks from the TSS, RETF and IRET to outer rings, the checks of all these with their error codes, the I/O bitmap.
;
; Run:    ./run-peer.sh bochs pm-gates.img
; Ends:   pm-gates: 276 passed, 0 failed
; After:  Intel SDM vol. 3A 5.8 (gates), 6.11-6.13 (interrupts, error codes), 7.2 (TSS), vol. 1 19.5 (I/O bitmap),
;         vol. 2 CALL, JMP, RET, INT n, IRET.
; Peers:  Bochs proves all; QEMU's TCG does not look at limits.

%define ROM_NAME "pm-gates"
%include "rom.inc"

G_CALL          equ     FREE            ; gates: a test writes them as it needs them
G_CALL3         equ     FREE | 3
D_CONF          equ     FREE + 0x08
D_ABSENT_CODE   equ     FREE + 0x10
D_ABSENT        equ     FREE + 0x18
D_RO1           equ     FREE + 0x20
D_SMALL_CODE    equ     FREE + 0x28
D_SMALL_STACK   equ     FREE + 0x30
D_TSS16         equ     FREE + 0x38
D_STACK16       equ     FREE + 0x40
D_ABSENT3       equ     FREE + 0x48
D_RO3           equ     FREE + 0x50
D_TSS_SMALL     equ     FREE + 0x58
D_CODE16_3      equ     FREE + 0x60

SEEN            equ     WORK            ; what the far side of a gate saw: ESP, SS, CS, EFLAGS, then its stack
SEEN_ESP        equ     SEEN
SEEN_SS         equ     SEEN + 4
SEEN_CS         equ     SEEN + 8
SEEN_FLAGS      equ     SEEN + 12
SEEN_STACK      equ     SEEN + 16

main:
        descriptor D_CONF, 0, 0xFFFFF, CODE_XR_CONF, PAGES | BIG
        descriptor D_ABSENT_CODE, 0, 0xFFFFF, CODE_XR & ~PRESENT, PAGES | BIG
        descriptor D_ABSENT, 0, 0xFFFFF, (DATA_RW | DPL1) & ~PRESENT, PAGES | BIG
        descriptor D_ABSENT3, 0, 0xFFFFF, (DATA_RW | DPL3) & ~PRESENT, PAGES | BIG
        descriptor D_RO1, 0, 0xFFFFF, DATA_RO | DPL1, PAGES | BIG
        descriptor D_RO3, 0, 0xFFFFF, DATA_RO | DPL3, PAGES | BIG
        descriptor D_SMALL_CODE, 0, 0x1000, CODE_XR, BIG
        descriptor D_SMALL_STACK, 0, 0x3FFF, DATA_RW | DPL1, BIG
        descriptor D_STACK16, 0, 0xFFFF, DATA_RW | DPL1, 0
        descriptor D_CODE16_3, 0, 0xFFFF, CODE_XR | DPL3, 0
        stage   0x10
        call    test_same_ring
        stage   0x11
        call    test_inner
        stage   0x12
        call    test_call_checks
        stage   0x13
        call    test_stacks
        stage   0x14
        call    test_retf
        stage   0x15
        call    test_vectors
        stage   0x16
        call    test_vector_checks
        stage   0x17
        call    test_iret
        stage   0x18
        jmp     test_io

; Where gates lead to: keeps what it sees and ends the try.
target:
        mov     [SEEN_ESP], esp
        pushfd
        pop     dword [SEEN_FLAGS]
        mov     [SEEN_SS], ss
        mov     [SEEN_CS], cs
        mov     ecx, 10
        mov     edi, SEEN_STACK
        mov     esi, esp
        cld
.next:  mov     eax, [ss:esi]
        mov     [edi], eax
        add     esi, 4
        add     edi, 4
        loop    .next
        leave_ring

test_same_ring:
        mov     dword [SEEN_SS], 0
        mov     dword [SEEN_CS], 0
        gate    G_CALL, KCODE, target, CALL32, 0
        try
        call    G_CALL:0xDEADBEEF
.after:
        expect_left "CALL by a 32-bit gate"
        check   "CALL by a 32-bit gate, ESP", [SEEN_ESP], BOOT_STACK - 8 - 8
        check   "CALL by a 32-bit gate, CS", [SEEN_CS], KCODE
        check   "CALL by a 32-bit gate, EIP pushed", [SEEN_STACK], .after
        movzx   eax, word [SEEN_STACK + 4]
        check   "CALL by a 32-bit gate, CS pushed", eax, KCODE

        gate    G_CALL, KCODE, target, CALL32, 5
        try
        call    G_CALL:0
        expect_left "the count is ignored in the same ring"
        check   "the count is ignored in the same ring, ESP", [SEEN_ESP], BOOT_STACK - 8 - 8

        gate    G_CALL, KCODE, target, CALL16, 0
        try
        call    G_CALL:0
.after16:
        expect_left "CALL by a 16-bit gate"
        check   "CALL by a 16-bit gate, ESP", [SEEN_ESP], BOOT_STACK - 8 - 4
        movzx   eax, word [SEEN_STACK]
        check   "CALL by a 16-bit gate, IP pushed", eax, .after16
        movzx   eax, word [SEEN_STACK + 2]
        check   "CALL by a 16-bit gate, CS pushed", eax, KCODE

        gate    G_CALL, KCODE, target, CALL32, 0
        try
        jmp     G_CALL:0
        expect_left "JMP by a gate"
        check   "JMP by a gate, ESP", [SEEN_ESP], BOOT_STACK - 8
        gate    G_CALL, KCODE, .returns, CALL32, 0
        mov     ebx, esp
        call    G_CALL:0
        sub     ebx, esp
        check   "CALL by a gate and RETF", ebx, 0
        gate    G_CALL, KCODE, .returns16, CALL16, 0
        mov     ebx, esp
        call    G_CALL:0
        sub     ebx, esp
        check   "CALL by a 16-bit gate and 16-bit RETF", ebx, 0
        ; An indirect call, and one by the LDT.
        mov     eax, LDT_SEL
        lldt    ax
        gate    4, KCODE, .returns, CALL32, 0
        mov     dword [scratch], 0xFFFF
        mov     dword [scratch2], 4
        mov     ebx, esp
        call    far [scratch]
        sub     ebx, esp
        check   "CALL of memory by a gate in the LDT", ebx, 0
        ret
.returns:
        retf
.returns16:
        o16 retf

test_inner:
        gate    G_CALL, KCODE, target, CALL32 | DPL3, 0
        try_ring 3, .plain
.plain: call    G_CALL:0
.after: expect_left "ring 3 to 0"
        check   "ring 3 to 0, CS", [SEEN_CS], KCODE
        check   "ring 3 to 0, SS", [SEEN_SS], KDATA
        check   "ring 3 to 0, ESP", [SEEN_ESP], KERNEL_STACK - 16
        check   "ring 3 to 0, EIP pushed", [SEEN_STACK], .after
        movzx   eax, word [SEEN_STACK + 4]
        check   "ring 3 to 0, CS pushed", eax, UCODE
        check   "ring 3 to 0, ESP pushed", [SEEN_STACK + 8], USER_STACK
        movzx   eax, word [SEEN_STACK + 12]
        check   "ring 3 to 0, SS pushed", eax, UDATA
        mov     eax, [fault_ds_at_entry]
        and     eax, 0xFFFF
        check   "ring 3 to 0, DS stays", eax, UDATA

        gate    G_CALL, KCODE, target, CALL32 | DPL3, 3
        try_ring 3, .three
.three: push    dword 0x11111111
        push    dword 0x22222222
        push    dword 0x33333333
        call    G_CALL:0
        expect_left "ring 3 to 0 with 3 parameters"
        check   "3 parameters, ESP", [SEEN_ESP], KERNEL_STACK - 28
        check   "3 parameters, the last", [SEEN_STACK + 8], 0x33333333
        check   "3 parameters, the second", [SEEN_STACK + 12], 0x22222222
        check   "3 parameters, the first", [SEEN_STACK + 16], 0x11111111
        check   "3 parameters, ESP pushed", [SEEN_STACK + 20], USER_STACK - 12

        gate    G_CALL, KCODE, target, CALL32 | DPL3, 0xE2      ; only the lower five bits count
        try_ring 3, .two
.two:   push    dword 0x44444444
        push    dword 0x55555555
        call    G_CALL:0
        expect_left "the count has five bits"
        check   "the count has five bits, ESP", [SEEN_ESP], KERNEL_STACK - 24

        gate    G_CALL, KCODE, target, CALL16 | DPL3, 2
        try_ring 3, .words
.words: push    dword 0x66667777
.words_call:
        call    G_CALL:0
.words_after:
        expect_left "ring 3 to 0 by a 16-bit gate"
        check   "16-bit gate, ESP", [SEEN_ESP], KERNEL_STACK - 12
        movzx   eax, word [SEEN_STACK]
        check   "16-bit gate, IP", eax, .words_after
        movzx   eax, word [SEEN_STACK + 2]
        check   "16-bit gate, CS", eax, UCODE
        check   "16-bit gate, parameters", [SEEN_STACK + 4], 0x66667777
        movzx   eax, word [SEEN_STACK + 8]
        check   "16-bit gate, SP", eax, USER_STACK - 4
        movzx   eax, word [SEEN_STACK + 10]
        check   "16-bit gate, SS", eax, UDATA

        ; There and back, with the parameters taken from both stacks.
        gate    G_CALL, KCODE, .service, CALL32 | DPL3, 2
        try_ring 3, .trip
.trip:  push    dword 5
        push    dword 6
        call    G_CALL:0
        mov     ebx, cs
        mov     ecx, ss
        leave_ring
        expect_left "there and back"
        check   "there and back, the sum", [fault_eax], 11
        check   "there and back, CS", [fault_ebx], UCODE
        check   "there and back, SS", [fault_ecx], UDATA
        check   "there and back, ESP", [fault_esp], USER_STACK

        ; Ring 3 to 1, from there to 0.
        gate    G_CALL, CODE_R1, .ring1, CALL32 | DPL3, 0
        gate    FREE + 0x68, KCODE, target, CALL32 | DPL1, 0
        try_ring 3, .nest
.nest:  call    G_CALL:0
        ud2
.ring1: mov     [scratch], cs
        mov     [scratch2], ss
        mov     [scratch3], esp
        call    FREE + 0x68:0
.ring1_after:
        expect_left "ring 3 to 1 to 0"
        movzx   eax, word [scratch]
        check   "ring 1, CS", eax, CODE_R1
        movzx   eax, word [scratch2]
        check   "ring 1, SS", eax, DATA_R1
        check   "ring 1, ESP", [scratch3], RING1_STACK - 16
        check   "ring 1 to 0, ESP pushed", [SEEN_STACK + 8], RING1_STACK - 16
        check   "ring 1 to 0, EIP pushed", [SEEN_STACK], .ring1_after

        gate    G_CALL, D_CONF, .conforming, CALL32 | DPL3, 4
        try_ring 3, .conf
.conf:  call    G_CALL:0
        ud2
.conforming:
        mov     eax, cs
        mov     edx, esp
        leave_ring
        expect_left "ring 3 by a gate to conforming code"
        check   "conforming, CS has RPL 3", [fault_eax], D_CONF | 3
        check   "conforming, the stack stays", [fault_edx], USER_STACK - 8
        gate    G_CALL, UCODE, .jumped, CALL32 | DPL3, 0
        try_ring 3, .jump
.jump:  jmp     G_CALL:0
.jumped:
        mov     edx, esp
        leave_ring
        expect_left "ring 3, JMP by a gate to ring 3"
        check   "ring 3, JMP by a gate, ESP", [fault_edx], USER_STACK
        ret
.service:
        mov     eax, [esp + 8]
        add     eax, [esp + 12]
        retf    8

%macro gate_fault 8                     ; name, selector, access, ring, how, its selector, vector, code
        gate    G_CALL, %2, target, %3, 0
        try_ring %4, %%here
%%here: %5      %6:0
        expect_fault {%1}, %7, %8
%endmacro

test_call_checks:
        gate_fault "gate DPL under CPL", KCODE, CALL32, 3, call, G_CALL, GP, G_CALL
        gate_fault "gate DPL under CPL, JMP", KCODE, CALL32, 3, jmp, G_CALL, GP, G_CALL
        gate_fault "gate DPL under RPL", KCODE, CALL32 | DPL1, 1, call, G_CALL | 2, GP, G_CALL
        gate_fault "gate not present", KCODE, (CALL32 | DPL3) & ~PRESENT, 3, call, G_CALL3, NP, G_CALL
        gate_fault "gate DPL goes before not present", KCODE, CALL32 & ~PRESENT, 3, call, G_CALL, GP, G_CALL
        gate_fault "to null", 0, CALL32 | DPL3, 3, call, G_CALL, GP, 0
        gate_fault "to beyond the GDT", BEYOND, CALL32 | DPL3, 3, call, G_CALL, GP, BEYOND
        gate_fault "to data", KDATA, CALL32 | DPL3, 3, call, G_CALL, GP, KDATA
        gate_fault "to a TSS", TSS_SEL, CALL32 | DPL3, 3, call, G_CALL, GP, TSS_SEL
        gate_fault "to code not present", D_ABSENT_CODE, CALL32 | DPL3, 3, call, G_CALL, NP, D_ABSENT_CODE
        gate_fault "to an outer ring", UCODE, CALL32, 0, call, G_CALL, GP, UCODE & ~3
        gate_fault "JMP to an inner ring", KCODE, CALL32 | DPL3, 3, jmp, G_CALL, GP, KCODE
        gate_fault "JMP to code not present", D_ABSENT_CODE, CALL32, 0, jmp, G_CALL, NP, D_ABSENT_CODE
        gate_fault "CALL of an interrupt gate", KCODE, INT32, 0, call, G_CALL, GP, G_CALL
        gate_fault "JMP to a trap gate", KCODE, TRAP16, 0, jmp, G_CALL, GP, G_CALL
        gate_fault "CALL of an LDT", KCODE, LDT_TYPE, 0, call, G_CALL, GP, G_CALL
        gate_fault "CALL of type 0", KCODE, PRESENT, 0, call, G_CALL, GP, G_CALL
        gate_fault "CALL of type 10", KCODE, PRESENT | 10, 0, call, G_CALL, GP, G_CALL
        gate_fault "offset over the limit, same ring", D_SMALL_CODE, CALL32, 0, call, G_CALL, GP, 0
        gate_fault "offset over the limit, JMP", D_SMALL_CODE, CALL32, 0, jmp, G_CALL, GP, 0
        gate_fault "offset over the limit, inner ring", D_SMALL_CODE, CALL32 | DPL3, 3, call, G_CALL, GP, 0
        check   "offset over the limit, ESP stays", [fault_esp], USER_STACK
        check   "offset over the limit, SS stays", [fault_ss], UDATA
        gate    G_CALL, KCODE | 3, target, CALL32 | DPL3, 0
        try_ring 3, .rpl
.rpl:   call    G_CALL:0
        expect_left "the RPL of the gate's selector is ignored"
        check   "the RPL of the gate's selector is ignored, CS", [SEEN_CS], KCODE
        ret

%macro stack_fault 4                    ; name, SS1, vector, code: ring 3 calls a gate to ring 1
        mov     dword [TSS + 16], %2
        try_ring 3, %%here
%%here: call    G_CALL:0
%%after:
        expect_fault {%1}, %3, %4
        check   {%1, ", ESP stays"}, [fault_esp], USER_STACK
        check   {%1, ", EIP"}, [fault_eip], %%here
%endmacro

test_stacks:
        gate    G_CALL, CODE_R1, target, CALL32 | DPL3, 0
        stack_fault "SS1 null", 0, TS, 0
        stack_fault "SS1 null with RPL 1", 1, TS, 0
        stack_fault "SS1 beyond the GDT", BEYOND | 1, TS, BEYOND
        stack_fault "SS1 with RPL 0", DATA_R1 & ~3, TS, DATA_R1 & ~3
        stack_fault "SS1 with DPL 0", KDATA | 1, TS, KDATA
        stack_fault "SS1 read-only", D_RO1 | 1, TS, D_RO1
        stack_fault "SS1 code", CODE_R1, TS, CODE_R1 & ~3
        stack_fault "SS1 not present", D_ABSENT | 1, SSF, D_ABSENT
        mov     dword [TSS + 12], 8
        stack_fault "SS1 without room", D_SMALL_STACK | 1, SSF, D_SMALL_STACK
        mov     dword [TSS + 12], 0xABCD4000
        mov     dword [TSS + 16], D_STACK16 | 1
        mov     dword [0x3FF0], 0
        try_ring 3, .small
.small: call    G_CALL:0
.small_after:
        expect_left "SS1 with 16 bits"
        mov     eax, [SEEN_ESP]
        and     eax, 0xFFFF
        check   "SS1 with 16 bits, SP", eax, 0x3FF0
        check   "SS1 with 16 bits, EIP there", [0x3FF0], .small_after
        mov     dword [TSS + 12], RING1_STACK
        mov     dword [TSS + 16], DATA_R1

        ; A TSS that ends before SS2 and ESP2, then one of 16 bits.
        descriptor D_TSS_SMALL, TSS, 19, TSS32, 0
        mov     eax, D_TSS_SMALL
        ltr     ax
        gate    G_CALL, CODE_R2, target, CALL32 | DPL3, 0
        try_ring 3, .short
.short: call    G_CALL:0
        expect_fault "a TSS without SS2", TS, D_TSS_SMALL
        descriptor D_TSS16, TSS + 0x800, 43, TSS16, 0
        mov     eax, D_TSS16
        ltr     ax
        mov     dword [TSS + 0x802], KDATA << 16 | (KERNEL_STACK - 0x100)
        mov     dword [TSS + 0x806], DATA_R1 << 16 | (RING1_STACK - 0x40)
        gate    G_CALL, CODE_R1, target, CALL32 | DPL3, 0
        try_ring 3, .tss16
.tss16: call    G_CALL:0
        expect_left "stacks from a 16-bit TSS"
        check   "16-bit TSS, ESP1", [SEEN_ESP], RING1_STACK - 0x40 - 16
        check   "16-bit TSS, SS1", [SEEN_SS], DATA_R1
        check   "16-bit TSS, ESP0", [fault_esp_at_entry], KERNEL_STACK - 0x100 - 20
        descriptor TSS_SEL, TSS, 103, TSS32, 0
        mov     eax, TSS_SEL
        ltr     ax
        ret

%macro retf_fault 6                     ; name, CS, SS, EIP, vector, code: ring 0 to an outer ring
        try
        push    dword %3
        push    dword USER_STACK
        push    dword %2
        push    dword %4
        retf
        expect_fault {"RETF, ", %1}, %5, %6
        try
        push    dword %3
        push    dword USER_STACK
        pushfd
        push    dword %2
        push    dword %4
        iretd
        expect_fault {"IRET, ", %1}, %5, %6
        check   {"IRET, ", %1, ", ESP stays"}, [fault_esp_at_entry], BOOT_STACK - 8 - 20 - 12
%endmacro

test_retf:
        retf_fault "SS null", UCODE, 0, .user, GP, 0
        retf_fault "SS beyond the GDT", UCODE, BEYOND | 3, .user, GP, BEYOND
        retf_fault "SS with RPL 0", UCODE, UDATA & ~3, .user, GP, UDATA & ~3
        retf_fault "SS with DPL 0", UCODE, KDATA | 3, .user, GP, KDATA
        retf_fault "SS read-only", UCODE, D_RO3 | 3, .user, GP, D_RO3
        ; IRET to a stack not present is left out: the SDM says #SS in its operation and #NP in its list of exceptions.
        try
        push    dword D_ABSENT3 | 3
        push    dword USER_STACK
        push    dword UCODE
        push    dword .user
        retf
        expect_fault "RETF, SS not present", SSF, D_ABSENT3
        retf_fault "CS with DPL 0", KCODE | 3, UDATA, .user, GP, KCODE
        retf_fault "CS with DPL 3 and RPL 1", (UCODE & ~3) | 1, UDATA, .user, GP, UCODE & ~3
        retf_fault "EIP over the limit", D_CODE16_3 | 3, UDATA, 0x10000, GP, 0

        ; Data segments that the outer ring may not have become null.
        try
        mov     eax, KDATA
        mov     ds, eax
        mov     eax, UDATA
        mov     es, eax
        mov     eax, D_CONF
        mov     fs, eax
        mov     eax, KCODE
        mov     gs, eax
        push    dword UDATA
        push    dword USER_STACK
        push    dword UCODE
        push    dword .user
        retf
.user:  mov     eax, ds
        mov     ebx, es
        mov     ecx, fs
        mov     edx, gs
        mov     esi, cs
        mov     edi, ss
        mov     ebp, esp
        leave_ring
        expect_left "RETF to ring 3"
        check   "RETF to ring 3, DS of ring 0 is null", [fault_eax], 0
        check   "RETF to ring 3, ES of ring 3 stays", [fault_ebx], UDATA
        check   "RETF to ring 3, FS conforming stays", [fault_ecx], D_CONF
        check   "RETF to ring 3, GS code of ring 0 is null", [fault_edx], 0
        check   "RETF to ring 3, CS", [fault_esi], UCODE
        check   "RETF to ring 3, SS", [fault_edi], UDATA
        check   "RETF to ring 3, ESP", [fault_ebp], USER_STACK
        try
        push    dword UDATA
        push    dword USER_STACK
        push    dword 1
        push    dword 2
        push    dword UCODE
        push    dword .user
        retf    8
        expect_left "RETF n to ring 3"
        check   "RETF n to ring 3, both stacks", [fault_ebp], USER_STACK + 8
        try
        push    dword DATA_R2
        push    dword RING2_STACK
        push    dword CODE_R2
        push    dword .user
        retf
        expect_left "RETF to ring 2"
        check   "RETF to ring 2, CS", [fault_esi], CODE_R2
        try
        push    word UDATA
        push    word USER_STACK - 4
        push    word UCODE
        push    word .user
        o16 retf
        expect_left "16-bit RETF to ring 3"
        ; The 486 has SS above it (SDM 3B 22.31.4).
        word_is "16-bit RETF to ring 3, ESP", fault_ebp, USER_STACK - 4
        try
        push    dword UDATA
        push    dword USER_STACK
        push    dword D_CONF | 3
        push    dword .user
        retf
        expect_left "RETF to conforming code in ring 3"
        check   "RETF to conforming code, CS", [fault_esi], D_CONF | 3
        ret

test_vectors:
        vector  0x31, KCODE, target, INT32
        sti
        try
        int     0x31
.after: expect_left "INT, interrupt gate"
        mov     eax, [SEEN_FLAGS]
        and     eax, 0x200
        check   "interrupt gate clears IF", eax, 0
        mov     eax, [SEEN_STACK + 8]
        and     eax, 0x200
        check   "interrupt gate, IF pushed", eax, 0x200
        check   "interrupt gate, EIP pushed", [SEEN_STACK], .after
        check   "interrupt gate, ESP", [SEEN_ESP], BOOT_STACK - 8 - 12
        vector  0x31, KCODE, target, TRAP32
        sti
        try
        int     0x31
        expect_left "INT, trap gate"
        mov     eax, [SEEN_FLAGS]
        and     eax, 0x200
        check   "trap gate leaves IF", eax, 0x200
        cli
        try
        push    dword 0x4002            ; NT
        popfd
        int     0x31
        expect_left "INT with NT"
        mov     eax, [SEEN_FLAGS]
        and     eax, 0x4000
        check   "a gate clears NT", eax, 0
        mov     eax, [SEEN_STACK + 8]
        and     eax, 0x4000
        check   "a gate pushes NT", eax, 0x4000
        vector  0x31, KCODE, target, INT16
        try
        int     0x31
.after16:
        expect_left "INT, 16-bit gate"
        check   "16-bit interrupt gate, ESP", [SEEN_ESP], BOOT_STACK - 8 - 6
        movzx   eax, word [SEEN_STACK]
        check   "16-bit interrupt gate, IP", eax, .after16
        vector  0x31, KCODE, .back16, TRAP16
        mov     ebx, esp
        stc
        int     0x31
        sbb     eax, eax
        sub     ebx, esp
        check   "16-bit trap gate and 16-bit IRET", ebx, 0
        check   "16-bit IRET brings the flags back", eax, -1

        vector  0x31, KCODE, target, INT32 | DPL3
        try_ring 3, .user
.user:  stc
.user_int:
        int     0x31
.user_after:
        expect_left "ring 3, INT"
        check   "ring 3, INT, ESP", [SEEN_ESP], KERNEL_STACK - 20
        check   "ring 3, INT, EIP pushed", [SEEN_STACK], .user_after
        movzx   eax, word [SEEN_STACK + 4]
        check   "ring 3, INT, CS pushed", eax, UCODE
        and     dword [SEEN_STACK + 8], 0x303
        check   "ring 3, INT, flags pushed", [SEEN_STACK + 8], 0x0003
        check   "ring 3, INT, ESP pushed", [SEEN_STACK + 12], USER_STACK
        movzx   eax, word [SEEN_STACK + 16]
        check   "ring 3, INT, SS pushed", eax, UDATA
        vector  0x31, KCODE, target, INT16 | DPL3
        try_ring 3, .user16
.user16:
        int     0x31
.user16_after:
        expect_left "ring 3, INT, 16-bit gate"
        check   "ring 3, 16-bit gate, ESP", [SEEN_ESP], KERNEL_STACK - 10
        check   "ring 3, 16-bit gate, IP and CS", [SEEN_STACK], UCODE << 16 | (.user16_after - $$ + 0x7C00)
        check   "ring 3, 16-bit gate, SP and SS", [SEEN_STACK + 6], UDATA << 16 | USER_STACK
        vector  0x31, CODE_R1, .ring1, INT32 | DPL3
        try_ring 3, .to1
.to1:   int     0x31
.to1_after:
        leave_ring
.ring1: mov     eax, cs
        mov     ebx, esp
        iretd
        expect_left "ring 3 to 1 by INT and back by IRET"
        check   "ring 3 to 1 by INT, CS", [fault_eax], CODE_R1
        check   "ring 3 to 1 by INT, ESP", [fault_ebx], RING1_STACK - 20
        check   "ring 1 to 3 by IRET, ESP", [fault_esp], USER_STACK
        vector  0x31, D_CONF, .conforming, INT32 | DPL3
        try_ring 3, .to_conf
.to_conf:
        int     0x31
        leave_ring
.conforming:
        mov     eax, cs
        mov     ebx, esp
        iretd
        expect_left "ring 3, INT to conforming code"
        check   "ring 3, INT to conforming code, CS", [fault_eax], D_CONF | 3
        check   "ring 3, INT to conforming code, ESP", [fault_ebx], USER_STACK - 12
        vector  BRK, KCODE, target, TRAP32 | DPL3
        try_ring 3, .int3
.int3:  int3
.int3_after:
        expect_left "ring 3, INT3"
        check   "ring 3, INT3, EIP is behind it", [SEEN_STACK], .int3_after
        vector  OF, KCODE, target, TRAP32 | DPL3
        try_ring 3, .into
.into:  mov     al, 0x7F
        inc     al
        into
.into_after:
        expect_left "ring 3, INTO"
        check   "ring 3, INTO, EIP is behind it", [SEEN_STACK], .into_after
        try_ring 3, .no_into
.no_into:
        xor     al, al
        into
        leave_ring
        expect_left "ring 3, INTO without overflow"
        call    build_vectors
        ret
.back16:
        o16 iret

%macro vector_fault 5                   ; name, selector, access, vector, code: INT 31h in ring 0
        vector  0x31, %2, target, %3
        try
        int     0x31
        expect_fault {"INT, ", %1}, %4, %5
%endmacro
%macro event_fault 5                    ; the same by UD2: the CPU's own event, so the code has the EXT bit
        vector  UD, %2, target, %3
        try
        db      0x0F, 0x0B
        expect_fault {"#UD, ", %1}, %4, %5
%endmacro

test_vector_checks:
        vector_fault "gate not present", KCODE, INT32 & ~PRESENT, NP, 0x31 * 8 + 2
        vector_fault "a call gate", KCODE, CALL32, GP, 0x31 * 8 + 2
        vector_fault "a TSS", KCODE, TSS32, GP, 0x31 * 8 + 2
        vector_fault "type 0", KCODE, PRESENT, GP, 0x31 * 8 + 2
        vector_fault "code", KCODE, CODE_XR, GP, 0x31 * 8 + 2
        vector_fault "the type goes before not present", KCODE, 0, GP, 0x31 * 8 + 2
        vector_fault "to null", 0, INT32, GP, 0
        vector_fault "to beyond the GDT", BEYOND, INT32, GP, BEYOND
        vector_fault "to data", KDATA, INT32, GP, KDATA
        vector_fault "to code not present", D_ABSENT_CODE, INT32, NP, D_ABSENT_CODE
        vector_fault "to an outer ring", UCODE, INT32, GP, UCODE & ~3
        vector_fault "offset over the limit", D_SMALL_CODE, INT32, GP, 0
        check   "offset over the limit, ESP stays at INT", [fault_esp_at_entry], BOOT_STACK - 8 - 12
        try
        int     0x40
        expect_fault "INT beyond the IDT", GP, 0x40 * 8 + 2
        try
        int     0xFF
        expect_fault "INT FFh beyond the IDT", GP, 0xFF * 8 + 2
        event_fault "gate not present", KCODE, INT32 & ~PRESENT, NP, UD * 8 + 3
        event_fault "a call gate", KCODE, CALL32, GP, UD * 8 + 3
        event_fault "to null", 0, INT32, GP, 1
        event_fault "to data", KDATA, INT32, GP, KDATA | 1
        event_fault "to code not present", D_ABSENT_CODE, INT32, NP, D_ABSENT_CODE | 1
        event_fault "to an outer ring", UCODE, INT32, GP, UCODE & ~3 | 1
        event_fault "offset over the limit", D_SMALL_CODE, INT32, GP, 1
        call    build_vectors
        vector  0x31, KCODE, target, INT32
        try_ring 3, .dpl
.dpl:   int     0x31
        expect_fault "ring 3, INT, gate DPL 0", GP, 0x31 * 8 + 2
        check   "ring 3, INT, gate DPL 0, EIP of the INT", [fault_eip], .dpl
        vector  0x31, KCODE, target, INT32 & ~PRESENT
        try_ring 3, .dpl_first
.dpl_first:
        int     0x31
        expect_fault "ring 3, INT, gate DPL 0 and not present", GP, 0x31 * 8 + 2
        try_ring 3, .int3
.int3:  int3
        expect_fault "ring 3, INT3, gate DPL 0", GP, BRK * 8 + 2
        check   "ring 3, INT3, gate DPL 0, EIP of the INT3", [fault_eip], .int3
        try_ring 3, .into
.into:  mov     al, 0x7F
        inc     al
        into
        expect_fault "ring 3, INTO, gate DPL 0", GP, OF * 8 + 2
        try_ring 3, .ud
.ud:    ud2
        expect_fault "ring 3, #UD does not look at DPL", UD, 0
        try_ring 3, .icebp
.icebp: db      0xF1
        expect_fault "ring 3, INT1 does not look at DPL", DBG, 0
        ; The new stack: to ring 1, so that the fault itself has a stack.
        vector  0x31, CODE_R1, target, INT32 | DPL3
        mov     dword [TSS + 16], 0
        try_ring 3, .ss_null
.ss_null:
        int     0x31
        expect_fault "ring 3, INT, SS1 null", TS, 0
        mov     dword [TSS + 16], KDATA | 1
        try_ring 3, .ss_dpl
.ss_dpl:
        int     0x31
        expect_fault "ring 3, INT, SS1 with DPL 0", TS, KDATA
        mov     dword [TSS + 16], D_ABSENT | 1
        try_ring 3, .ss_absent
.ss_absent:
        int     0x31
        expect_fault "ring 3, INT, SS1 not present", SSF, D_ABSENT
        vector  UD, CODE_R1, target, INT32
        try_ring 3, .ss_event
.ss_event:
        ud2
        expect_fault "ring 3, #UD, SS1 not present", SSF, D_ABSENT | 1
        mov     dword [TSS + 16], DATA_R1
        call    build_vectors
        ret

; The flags that IRET and POPF may change, by ring and IOPL.
%macro user_flags 4                     ; name, ring, the flags it starts with, what IRET and POPF leave of IF and IOPL
        try
        push    dword [enter_ring.data + %2 * 4]
        push    dword USER_STACK
        push    dword %3
        push    dword [enter_ring.code + %2 * 4]
        push    dword %%here
        iretd
%%here: pushfd
        pushfd
        pop     ebx
        xor     dword [esp], 0x3200
        popfd
        pushfd
        pop     edx
        pushfd
        xor     dword [esp], 0x3200
        push    cs
        push    dword %%there
        iretd
%%there:
        pushfd
        pop     ecx
        leave_ring
        expect_left {%1}
        and     dword [fault_ebx], 0x3200
        and     dword [fault_edx], 0x3200
        and     dword [fault_ecx], 0x3200
        check   {%1, ", IRET from ring 0"}, [fault_ebx], (%3) & 0x3200
        check   {%1, ", POPF"}, [fault_edx], %4
        check   {%1, ", IRET"}, [fault_ecx], (%3) & 0x3200
%endmacro

test_iret:
        user_flags "ring 3, IOPL 0", 3, 0x0002, 0x0000
        user_flags "ring 3, IOPL 0, IF", 3, 0x0202, 0x0200
        user_flags "ring 3, IOPL 3", 3, 0x3002, 0x3200
        user_flags "ring 3, IOPL 3, IF", 3, 0x3202, 0x3000
        user_flags "ring 1, IOPL 1", 1, 0x1202, 0x1000
        user_flags "ring 1, IOPL 2", 1, 0x2002, 0x2200
        user_flags "ring 2, IOPL 1", 2, 0x1202, 0x1200
        push    dword 0x3202
        popfd
        pushfd
        pop     eax
        push    dword 2
        popfd
        pushfd
        pop     ebx
        and     eax, 0x3200
        and     ebx, 0x3200
        check   "ring 0, POPF sets IF and IOPL", eax, 0x3200
        check   "ring 0, POPF clears IF and IOPL", ebx, 0
        pushfd
        push    cs
        push    dword .same
        iretd
.same:  mov     eax, esp
        check   "IRET in ring 0 keeps the stack", eax, BOOT_STACK - 8
        ret

%macro io_ok 2+
        try_ring 3, %%here
%%here: %2
        leave_ring
        expect_left {"I/O bitmap, ", %1}
%endmacro
%macro io_fault 2+
        try_ring 3, %%here
%%here: %2
        expect_fault {"I/O bitmap, ", %1}, GP, 0
%endmacro

; Ports 80h-87h are allowed but for 83h; the map ends in the middle of 90h-97h.
test_io:
        mov     edi, TSS + 104
        mov     ecx, 20
        mov     al, 0xFF
        rep stosb
        mov     byte [TSS + 104 + 0x10], 0x08
        mov     byte [TSS + 104 + 0x11], 0x00
        mov     byte [TSS + 104 + 0x12], 0x00
        mov     word [TSS + 102], 104
        descriptor TSS_SEL, TSS, 104 + 0x12, TSS32, 0
        mov     eax, TSS_SEL
        ltr     ax
        io_ok   "a byte", in al, 0x80
        io_fault "a byte not allowed", in al, 0x83
        io_fault "another byte not allowed", in al, 0x70
        io_ok   "a word", in ax, 0x80
        io_fault "a word, the second not allowed", in ax, 0x82
        io_fault "a word, the first not allowed", in ax, 0x83
        io_ok   "a dword over two bytes of the map", in eax, 0x86
        io_fault "a dword, the last not allowed", in eax, 0x80
        io_fault "a byte behind the map", in al, 0x90
        io_ok   "a word in the last byte but one", in ax, 0x8E
        try_ring 3, .dx
.dx:    mov     edx, 0x84
        in      al, dx
        inc     edx
        mov     edx, 0x83
        in      al, dx
        expect_fault "I/O bitmap, by DX", GP, 0
        check   "I/O bitmap, by DX, the second", edx, 0x83
        mov     word [TSS + 102], 0xDFFF
        io_fault "the map lies beyond the TSS", in al, 0x80
        mov     word [TSS + 102], 104
        push    dword 0x3002
        popfd
        io_ok   "IOPL 3 does not look", in al, 0x83
        push    dword 2
        popfd
        try_ring 3, .string
.string:
        mov     edx, 0x83
        mov     esi, USER_STACK - 0x100
        outsb
        expect_fault "I/O bitmap, OUTSB", GP, 0
        check   "I/O bitmap, OUTSB leaves ESI", esi, USER_STACK - 0x100
        ; In ring 1 with IOPL 1 no map is looked at.
        push    dword 0x1002
        popfd
        try_ring 1, .ring1
.ring1: in      al, 0x83
        leave_ring
        expect_left "I/O in ring 1 with IOPL 1"
        push    dword 2
        popfd
        ret

rom_end
