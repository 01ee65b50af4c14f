; tasks - task switches by JMP, CALL, IRET, task gates, interrupts and faults, between 32-bit and 16-bit TSS: what is saved
; and loaded, busy bits, back link, NT, TS, the T bit, LDT and CR3, and every check with its error code.
;
; Run:    ./run-peer.sh bochs tasks.img
; Ends:   tasks: 276 passed, 0 failed
; After:  Intel SDM vol. 3A ch. 7 (7.2 TSS, 7.3 switching and Table 7-1, 7.4 linking), 6.13; vol. 2 CALL, JMP, IRET, INT n.
; Peers:  Bochs proves all.

%define ROM_NAME "tasks"
%include "rom.inc"

TASK_B          equ     FREE            ; a 32-bit TSS
TASK_C          equ     FREE + 0x08     ; another
TASK_16         equ     FREE + 0x10     ; a 16-bit one
G_TASK          equ     FREE + 0x18     ; a task gate
D_ABSENT        equ     FREE + 0x20
D_ABSENT_CODE   equ     FREE + 0x28
D_LDT_ABSENT    equ     FREE + 0x30
D_CODE_SMALL    equ     FREE + 0x38
D_TEST          equ     FREE + 0x40
D_CODE_X        equ     FREE + 0x48

H_FIRST         equ     FREE + 0x50     ; four tasks that handle faults
HANDLERS        equ     WORK + 0x600
use_handlers    equ     scratch4
B               equ     WORK            ; the TSS of each
C               equ     WORK + 0x100
S               equ     WORK + 0x200
B_STACK         equ     WORK + 0x3000
SEEN            equ     WORK + 0x400    ; what a task saw
SEEN_ESP        equ     SEEN
SEEN_FLAGS      equ     SEEN + 4
SEEN_TR         equ     SEEN + 8
SEEN_CR0        equ     SEEN + 12
SEEN_LDT        equ     SEEN + 16
SEEN_TOP        equ     SEEN + 20
SEEN_EAX        equ     SEEN + 24
SEEN_EBX        equ     SEEN + 28
SEEN_ECX        equ     SEEN + 32
SEEN_EDX        equ     SEEN + 36
SEEN_ESI        equ     SEEN + 40
SEEN_EDI        equ     SEEN + 44
SEEN_EBP        equ     SEEN + 48
SEEN_SEGMENTS   equ     SEEN + 52       ; CS, DS, ES, SS as dwords, then FS, GS
DIRECTORY_A     equ     0x20000
DIRECTORY_B     equ     0x21000
TABLE0          equ     0x22000

; Offsets in a 32-bit TSS
LINK            equ     0
T_CR3           equ     28
T_EIP           equ     32
T_FLAGS         equ     36
T_EAX           equ     40
T_ECX           equ     44
T_EDX           equ     48
T_EBX           equ     52
T_ESP           equ     56
T_EBP           equ     60
T_ESI           equ     64
T_EDI           equ     68
T_ES            equ     72
T_CS            equ     76
T_SS            equ     80
T_DS            equ     84
T_FS            equ     88
T_GS            equ     92
T_LDT           equ     96
T_TRAP          equ     100

main:
        descriptor D_ABSENT, 0, 0xFFFFF, DATA_RW & ~PRESENT, PAGES | BIG
        descriptor D_ABSENT_CODE, 0, 0xFFFFF, CODE_XR & ~PRESENT, PAGES | BIG
        descriptor D_LDT_ABSENT, LDT, 0xFF, LDT_TYPE & ~PRESENT, 0
        descriptor D_CODE_SMALL, 0, 0xFFF, CODE_XR, BIG
        descriptor D_CODE_X, 0, 0xFFFFF, CODE_X, PAGES | BIG
        mov     dword [use_handlers], 0
        stage   0x10
        call    test_jmp
        stage   0x11
        call    test_call
        stage   0x12
        call    test_gates
        stage   0x13
        call    test_16
        stage   0x14
        call    test_checks
        stage   0x15
        call    test_new_task
        stage   0x16
        call    test_iret
        stage   0x17
        call    test_ldt_cr3
        stage   0x18
        jmp     test_events

; Everything as before any switch: A runs, B, C and the 16-bit task are fresh. Keeps no register but ESP.
fresh:
        push    dword 2
        popfd
        clts
        descriptor TSS_SEL, TSS, 103, TSS32, 0
        descriptor TASK_B, B, 103, TSS32, 0
        descriptor TASK_C, C, 103, TSS32, 0
        descriptor TASK_16, S, 43, TSS16, 0
        gate    G_TASK, TASK_B, 0, TASK_GATE, 0
        xor     eax, eax
        lldt    ax
        mov     eax, TSS_SEL
        ltr     ax
        mov     edi, WORK
        xor     eax, eax
        mov     ecx, 0x500 / 4
        rep stosd
        mov     edi, B
        call    .fill
        mov     edi, C
        call    .fill
        cmp     byte [use_handlers], 0
        je      .no_handlers
        call    build_handlers
.no_handlers:
        mov     word [S], 0xDEAD
        mov     word [S + 14], in_16
        mov     word [S + 16], 2
        mov     dword [S + 18], 0xBBBBAAAA      ; AX, CX
        mov     dword [S + 22], 0xDDDDCCCC      ; DX, BX
        mov     dword [S + 26], 0x11114000      ; SP, BP
        mov     dword [S + 30], 0x33332222      ; SI, DI
        mov     word [S + 34], KDATA
        mov     word [S + 36], KCODE
        mov     word [S + 38], DATA16
        mov     word [S + 40], KDATA
        ret
.fill:  mov     dword [edi + LINK], 0xDEAD
        mov     dword [edi + T_EIP], in_task
        mov     dword [edi + T_FLAGS], 2
        mov     dword [edi + T_EAX], 0xB0000001
        mov     dword [edi + T_ECX], 0xB0000002
        mov     dword [edi + T_EDX], 0xB0000003
        mov     dword [edi + T_EBX], 0xB0000004
        mov     dword [edi + T_ESP], B_STACK
        mov     dword [edi + T_EBP], 0xB0000005
        mov     dword [edi + T_ESI], 0xB0000006
        mov     dword [edi + T_EDI], 0xB0000007
        mov     eax, KDATA
        mov     [edi + T_ES], eax
        mov     [edi + T_SS], eax
        mov     [edi + T_DS], eax
        mov     [edi + T_FS], eax
        mov     [edi + T_GS], eax
        mov     dword [edi + T_CS], KCODE
        mov     dword [edi + 4], KERNEL_STACK - 0x200
        mov     [edi + 8], eax
        mov     word [edi + 102], 104
        ret

; Where the tasks start: keeps what it sees and ends the try.
in_16:  movzx   esp, sp                 ; a 16-bit TSS says nothing of the upper half
in_task:
        mov     [SEEN_EAX], eax
        pushfd
        pop     eax
        mov     [SEEN_FLAGS], eax
        mov     [SEEN_ESP], esp
        mov     eax, [esp]
        mov     [SEEN_TOP], eax
        mov     [SEEN_EBX], ebx
        mov     [SEEN_ECX], ecx
        mov     [SEEN_EDX], edx
        mov     [SEEN_ESI], esi
        mov     [SEEN_EDI], edi
        mov     [SEEN_EBP], ebp
        str     [SEEN_TR]
        sldt    [SEEN_LDT]
        smsw    eax
        mov     [SEEN_CR0], eax
        mov     [SEEN_SEGMENTS], cs
        mov     [SEEN_SEGMENTS + 4], ds
        mov     [SEEN_SEGMENTS + 8], es
        mov     [SEEN_SEGMENTS + 12], ss
        mov     [SEEN_SEGMENTS + 16], fs
        mov     [SEEN_SEGMENTS + 20], gs
        leave_ring

%macro busy 3                           ; name, selector, the type that it must have
        movzx   eax, byte [GDT + %2 + 5]
        check   {%1}, eax, %3
%endmacro
%macro seen_task 1                      ; what task B sees of itself
        check   {%1, ", EAX"}, [SEEN_EAX], 0xB0000001
        check   {%1, ", ECX"}, [SEEN_ECX], 0xB0000002
        check   {%1, ", EDX"}, [SEEN_EDX], 0xB0000003
        check   {%1, ", EBX"}, [SEEN_EBX], 0xB0000004
        check   {%1, ", EBP"}, [SEEN_EBP], 0xB0000005
        check   {%1, ", ESI"}, [SEEN_ESI], 0xB0000006
        check   {%1, ", EDI"}, [SEEN_EDI], 0xB0000007
        check   {%1, ", ESP"}, [SEEN_ESP], B_STACK
        word_is {%1, ", TR"}, SEEN_TR, TASK_B
        masked  {%1, ", TS is set"}, SEEN_CR0, 8, 8
%endmacro

test_jmp:
        call    fresh
        mov     dword [TSS + LINK], 0x1234
        mov     dword [TSS + T_CR3], 0x5678
        mov     word [TSS + T_LDT], 0x9ABC
        mov     eax, UDATA
        mov     fs, eax
        xor     eax, eax
        mov     gs, eax
        mov     eax, 0xA0000001
        mov     ebx, 0xA0000002
        mov     ecx, 0xA0000003
        mov     edx, 0xA0000004
        mov     esi, 0xA0000005
        mov     edi, 0xA0000006
        mov     ebp, 0xA0000007
        push    dword 0x8D7
        popfd
        try
        jmp     TASK_B:0xFFFFFFFF
.after: expect_left "JMP to a TSS"
        seen_task "JMP"
        check   "JMP, the flags", [SEEN_FLAGS], 2
        word_is "JMP, CS", SEEN_SEGMENTS, KCODE
        word_is "JMP, FS", SEEN_SEGMENTS + 16, KDATA
        check   "JMP writes no link", [B + LINK], 0xDEAD
        busy    "JMP, the new task is busy", TASK_B, TSS32_BUSY
        busy    "JMP, the old task is not", TSS_SEL, TSS32
        check   "JMP saves EIP", [TSS + T_EIP], .after
        check   "JMP saves EAX", [TSS + T_EAX], 0xA0000001
        check   "JMP saves EBX", [TSS + T_EBX], 0xA0000002
        check   "JMP saves ECX", [TSS + T_ECX], 0xA0000003
        check   "JMP saves EDX", [TSS + T_EDX], 0xA0000004
        check   "JMP saves ESI", [TSS + T_ESI], 0xA0000005
        check   "JMP saves EDI", [TSS + T_EDI], 0xA0000006
        check   "JMP saves EBP", [TSS + T_EBP], 0xA0000007
        check   "JMP saves ESP", [TSS + T_ESP], BOOT_STACK - 8
        check   "JMP saves EFLAGS", [TSS + T_FLAGS], 0x8D7
        word_is "JMP saves CS", TSS + T_CS, KCODE
        word_is "JMP saves SS", TSS + T_SS, KDATA
        word_is "JMP saves DS", TSS + T_DS, KDATA
        word_is "JMP saves FS", TSS + T_FS, UDATA
        word_is "JMP saves GS", TSS + T_GS, 0
        check   "JMP leaves the old link", [TSS + LINK], 0x1234
        check   "JMP leaves the old CR3 field", [TSS + T_CR3], 0x5678
        word_is "JMP leaves the old LDT field", TSS + T_LDT, 0x9ABC
        check   "JMP leaves ESP0", [TSS + 4], KERNEL_STACK
        mov     word [TSS + T_LDT], 0
        mov     dword [TSS + T_CR3], 0
        ; There and back by JMP.
        call    fresh
        mov     dword [B + T_EIP], .back
        jmp     TASK_B:0
        busy    "JMP back, A is busy", TSS_SEL, TSS32_BUSY
        busy    "JMP back, B is not", TASK_B, TSS32
        str     ax
        movzx   eax, ax
        check   "JMP back, TR", eax, TSS_SEL
        ; NT comes with the flags of the TSS.
        call    fresh
        mov     dword [B + T_FLAGS], 0x4002
        try
        jmp     TASK_B:0
        expect_left "JMP to a TSS with NT"
        check   "JMP to a TSS with NT, the flags", [SEEN_FLAGS], 0x4002
        ret
.back:  jmp     TSS_SEL:0

test_call:
        call    fresh
        try
        call    TASK_B:0
.after: expect_left "CALL of a TSS"
        seen_task "CALL"
        check   "CALL sets NT", [SEEN_FLAGS], 0x4002
        word_is "CALL writes the link", B + LINK, TSS_SEL
        busy    "CALL, the new task is busy", TASK_B, TSS32_BUSY
        busy    "CALL, the old task stays busy", TSS_SEL, TSS32_BUSY
        check   "CALL saves EIP", [TSS + T_EIP], .after
        masked  "CALL saves no NT in the old task", TSS + T_FLAGS, 0x4000, 0
        check   "CALL saves ESP as it was", [TSS + T_ESP], BOOT_STACK - 8

        call    fresh
        mov     dword [B + T_EIP], .service
        mov     ebx, 0x12345678
        mov     dword [scratch], 0
        call    TASK_B:0
        check   "IRET to the caller", [scratch], 1
        check   "IRET, a register of the caller", ebx, 0x12345678
        busy    "IRET, the caller is busy", TSS_SEL, TSS32_BUSY
        busy    "IRET, the callee is not", TASK_B, TSS32
        masked  "IRET saves its task without NT", B + T_FLAGS, 0x4000, 0
        check   "IRET saves EIP behind itself", [B + T_EIP], .service_after
        pushfd
        pop     eax
        and     eax, 0x4000
        check   "IRET, NT of the caller", eax, 0
        mov     eax, cr0
        and     eax, 8
        check   "IRET sets TS", eax, 8
        call    TASK_B:0                ; goes on behind its IRET
        check   "CALL again goes on behind the IRET", [scratch], 2

        ; A calls B, B calls C: the links make a chain.
        call    fresh
        mov     dword [B + T_EIP], .nested
        mov     dword [C + T_EIP], .service
        mov     dword [scratch], 0
        call    TASK_B:0
        check   "a chain of three tasks", [scratch], 1
        word_is "a chain, the link of C", C + LINK, TASK_B
        word_is "a chain, the link of B", B + LINK, TSS_SEL
        busy    "a chain, C is not busy", TASK_C, TSS32
        ; B calls A, which is busy.
        call    fresh
        mov     dword [B + T_EIP], .recursive
        try
        call    TASK_B:0
        expect_fault "CALL of a busy task", GP, TSS_SEL
        ret
.service:
        inc     dword [scratch]
        iretd
.service_after:
        jmp     .service
.nested:
        call    TASK_C:0
        iretd
.recursive:
        call    TSS_SEL:0
        ud2

test_gates:
        call    fresh
        try
        call    G_TASK:0
        expect_left "CALL of a task gate"
        check   "CALL of a task gate sets NT", [SEEN_FLAGS], 0x4002
        word_is "CALL of a task gate, the link", B + LINK, TSS_SEL
        call    fresh
        try
        jmp     G_TASK:0
        expect_left "JMP to a task gate"
        check   "JMP to a task gate, NT", [SEEN_FLAGS], 2
        busy    "JMP to a task gate, the old task is not busy", TSS_SEL, TSS32
        call    fresh
        mov     eax, LDT_SEL
        lldt    ax
        gate    4, TASK_B, 0, TASK_GATE, 0
        try
        call    4:0
        expect_left "CALL of a task gate in the LDT"
        ; In ring 3 the gate's DPL counts and the TSS's does not.
        call    fresh
        gate    G_TASK, TASK_B, 0, TASK_GATE | DPL3, 0
        try_ring 3, .user
.user:  call    G_TASK:0
        expect_left "ring 3, CALL of a task gate"
        word_is "ring 3, CALL of a task gate, CS saved", TSS + T_CS, UCODE
        check   "ring 3, CALL of a task gate, ESP saved", [TSS + T_ESP], USER_STACK
        call    fresh
        try_ring 3, .denied
.denied:
        call    G_TASK:0
        expect_fault "ring 3, task gate with DPL 0", GP, G_TASK
        call    fresh
        try_ring 3, .tss
.tss:   call    TASK_B:0
        expect_fault "ring 3, TSS with DPL 0", GP, TASK_B
        call    fresh
        descriptor TASK_B, B, 103, TSS32 | DPL3, 0
        try_ring 3, .tss3
.tss3:  call    TASK_B:0
        expect_left "ring 3, TSS with DPL 3"
        check   "ring 3, to a task of ring 0", [SEEN_SEGMENTS], KCODE
        call    fresh
        gate    G_TASK, TASK_B, 0, TASK_GATE & ~PRESENT, 0
        try
        call    G_TASK:0
        expect_fault "task gate not present", NP, G_TASK
        call    fresh
        gate    G_TASK, TASK_B | 4, 0, TASK_GATE, 0
        try
        call    G_TASK:0
        expect_fault "task gate to the LDT", GP, TASK_B | 4
        call    fresh
        gate    G_TASK, KDATA, 0, TASK_GATE, 0
        try
        jmp     G_TASK:0
        expect_fault "task gate to data", GP, KDATA
        call    fresh
        gate    G_TASK, BEYOND, 0, TASK_GATE, 0
        try
        jmp     G_TASK:0
        expect_fault "task gate beyond the GDT", GP, BEYOND
        call    fresh
        gate    G_TASK, TSS_SEL, 0, TASK_GATE, 0
        try
        jmp     G_TASK:0
        expect_fault "task gate to a busy task", GP, TSS_SEL
        ret

test_16:
        call    fresh
        mov     eax, UDATA
        mov     fs, eax
        mov     gs, eax
        try
        call    TASK_16:0
        expect_left "CALL of a 16-bit TSS"
        masked  "16-bit TSS, AX", SEEN_EAX, 0xFFFF, 0xAAAA
        masked  "16-bit TSS, CX", SEEN_ECX, 0xFFFF, 0xBBBB
        masked  "16-bit TSS, DX", SEEN_EDX, 0xFFFF, 0xCCCC
        masked  "16-bit TSS, BX", SEEN_EBX, 0xFFFF, 0xDDDD
        masked  "16-bit TSS, BP", SEEN_EBP, 0xFFFF, 0x1111
        masked  "16-bit TSS, SI", SEEN_ESI, 0xFFFF, 0x2222
        masked  "16-bit TSS, DI", SEEN_EDI, 0xFFFF, 0x3333
        masked  "16-bit TSS, SP", SEEN_ESP, 0xFFFF, 0x4000
        masked  "16-bit TSS, NT", SEEN_FLAGS, 0xFFFF, 0x4002
        word_is "16-bit TSS, TR", SEEN_TR, TASK_16
        word_is "16-bit TSS, FS is null", SEEN_SEGMENTS + 16, 0
        word_is "16-bit TSS, GS is null", SEEN_SEGMENTS + 20, 0
        word_is "16-bit TSS, the link", S, TSS_SEL
        busy    "16-bit TSS is busy", TASK_16, TSS16_BUSY
        word_is "to a 16-bit TSS, FS of the old one", TSS + T_FS, UDATA

        call    fresh
        mov     word [S + 14], .service
        mov     dword [S + 44], 0xEEEEEEEE
        mov     ebx, 0x12345678
        call    TASK_16:0
        check   "IRET from a 16-bit TSS, EBX", ebx, 0x12345678
        word_is "a 16-bit TSS saves AX", S + 18, 0x7777
        word_is "a 16-bit TSS saves SI", S + 30, 0x8888
        word_is "a 16-bit TSS saves IP", S + 14, (.service_after - $$ + 0x7C00)
        word_is "a 16-bit TSS saves SS", S + 38, DATA16
        word_is "a 16-bit TSS saves the flags without NT", S + 16, 2
        check   "a 16-bit TSS saves 44 bytes", [S + 44], 0xEEEEEEEE
        busy    "IRET from a 16-bit TSS, it is not busy", TASK_16, TSS16

        ; From a 16-bit TSS to a 32-bit one.
        call    fresh
        mov     word [S + 14], .on
        try
        jmp     TASK_16:0
        expect_left "16-bit TSS to a 32-bit TSS"
        seen_task "16 to 32 bits"
        busy    "16 to 32 bits, the old one is not busy", TASK_16, TSS16
        ret
.service:
        movzx   esp, sp
        mov     eax, 0x77777777
        mov     esi, 0x88888888
        push    dword 2
        popfd
        pushfd
        or      dword [esp], 0x4000
        popfd
        iretd
.service_after:
.on:    jmp     TASK_B:0

%macro switch_fault 4                   ; name, selector, vector, code: by JMP and by CALL
        try
        jmp     %2:0
        expect_fault {"JMP, ", %1}, %3, %4
        str     ax
        movzx   eax, ax
        check   {"JMP, ", %1, ", TR stays"}, eax, TSS_SEL
        try
        call    %2:0
        expect_fault {"CALL, ", %1}, %3, %4
%endmacro

test_checks:
        call    fresh
        switch_fault "the task itself, busy", TSS_SEL, GP, TSS_SEL
        descriptor TASK_B, B, 103, TSS32 & ~PRESENT, 0
        switch_fault "TSS not present", TASK_B, NP, TASK_B
        descriptor TASK_B, B, 103, TSS32_BUSY & ~PRESENT, 0
        switch_fault "TSS busy and not present", TASK_B, GP, TASK_B
        descriptor TASK_B, B, 102, TSS32, 0
        switch_fault "TSS limit 66h", TASK_B, TS, TASK_B
        descriptor TASK_16, S, 42, TSS16, 0
        switch_fault "16-bit TSS limit 2Ah", TASK_16, TS, TASK_16
        descriptor TASK_B, B, 103, TSS32, 0
        switch_fault "RPL over DPL", TASK_B | 1, GP, TASK_B
        mov     eax, LDT_SEL
        lldt    ax
        descriptor 4, B, 103, TSS32, 0
        clts
        switch_fault "TSS in the LDT", 4, GP, 4
        call    fresh
        descriptor TASK_B, B, 102, TSS32, 0
        try
        jmp     TASK_B:0
        caught
        mov     eax, cr0
        and     eax, 8
        check   "no switch, no TS", eax, 0
        ret

; A fault while the new task's segments are loaded comes in the new task, whose own stack may be the fault: only a handler
; in a task of its own is sure to run (SDM 3A 6.15, #TS). Each of four vectors has one that says which it is.
%macro new_fault 5                      ; name, offset, value, vector, code
        call    fresh
        mov     dword [B + %2], %3
        try
        jmp     TASK_B:0
        new_fault_end {%1}, %4, %5
%endmacro
%macro new_fault_end 3
        int     BACK
        caught
        check   {%1}, eax, (%2) << 16 | (%3)
        check   {%1, ", in the new task"}, ebx, TASK_B
%endmacro

%macro handler 2                        ; number, vector
        descriptor H_FIRST + (%1) * 8, HANDLERS + (%1) * 0x80, 103, TSS32, 0
        vector  %2, H_FIRST + (%1) * 8, 0, TASK_GATE
        mov     edi, HANDLERS + (%1) * 0x80
        call    fresh.fill
        mov     dword [HANDLERS + (%1) * 0x80 + T_EIP], in_handler
        mov     dword [HANDLERS + (%1) * 0x80 + T_EAX], (%2) << 16
        mov     dword [HANDLERS + (%1) * 0x80 + T_EDX], HANDLERS + (%1) * 0x80
%endmacro

build_handlers:
        handler 0, TS
        handler 1, NP
        handler 2, SSF
        handler 3, GP
        ret

in_handler:
        pop     ecx                     ; the error code
        or      eax, ecx
        movzx   ebx, word [edx + LINK]
        leave_ring

test_new_task:
        mov     byte [use_handlers], 1
        new_fault "CS null", T_CS, 0, TS, 0
        new_fault "CS beyond the GDT", T_CS, BEYOND, TS, BEYOND
        new_fault "CS data", T_CS, KDATA, TS, KDATA
        new_fault "CS not present", T_CS, D_ABSENT_CODE, NP, D_ABSENT_CODE
        call    fresh
        mov     dword [B + T_CS], KCODE | 3
        mov     dword [B + T_SS], UDATA
        mov     dword [B + T_DS], UDATA
        mov     dword [B + T_ES], UDATA
        mov     dword [B + T_FS], UDATA
        mov     dword [B + T_GS], UDATA
        try
        jmp     TASK_B:0
        new_fault_end "CS with RPL 3 and DPL 0", TS, KCODE
        new_fault "CS with RPL 0 and DPL 3", T_CS, UCODE & ~3, TS, UCODE & ~3
        new_fault "SS null", T_SS, 0, TS, 0
        new_fault "SS beyond the GDT", T_SS, BEYOND, TS, BEYOND
        new_fault "SS code", T_SS, KCODE, TS, KCODE
        new_fault "SS with DPL 3", T_SS, UDATA & ~3, TS, UDATA & ~3
        new_fault "SS with RPL 3", T_SS, KDATA | 3, TS, KDATA
        new_fault "SS not present", T_SS, D_ABSENT, SSF, D_ABSENT
        new_fault "DS beyond the GDT", T_DS, BEYOND, TS, BEYOND
        new_fault "DS execute-only code", T_DS, D_CODE_X, TS, D_CODE_X
        new_fault "ES a TSS", T_ES, TASK_C, TS, TASK_C
        new_fault "FS not present", T_FS, D_ABSENT, NP, D_ABSENT
        new_fault "GS not present", T_GS, D_ABSENT, NP, D_ABSENT
        new_fault "DS with RPL over DPL", T_DS, KDATA | 3, TS, KDATA
        new_fault "LDT is data", T_LDT, KDATA, TS, KDATA
        new_fault "LDT not present", T_LDT, D_LDT_ABSENT, TS, D_LDT_ABSENT
        new_fault "LDT in the LDT", T_LDT, LDT_SEL | 4, TS, LDT_SEL | 4
        new_fault "CS in no LDT", T_CS, 4, TS, 4
        new_fault "EIP over the limit", T_CS, D_CODE_SMALL, GP, 0
        check   "EIP over the limit, EIP", [B + T_EIP], in_task
        word_is "EIP over the limit, CS", B + T_CS, D_CODE_SMALL
        call    fresh
        mov     dword [B + T_DS], 0
        mov     dword [B + T_GS], 0
        mov     dword [B + T_EIP], .null
        try
        jmp     TASK_B:0
.null:  mov     eax, ds
        leave_ring
        expect_left "a null DS is no fault"
        check   "a null DS", eax, 0
        ; A task of ring 3.
        call    fresh
        mov     dword [B + T_CS], UCODE
        mov     dword [B + T_SS], UDATA
        mov     dword [B + T_DS], UDATA
        mov     dword [B + T_ES], UDATA
        mov     dword [B + T_FS], UDATA
        mov     dword [B + T_GS], UDATA
        mov     dword [B + T_FLAGS], 0x3202
        mov     dword [B + T_EIP], .ring3
        try
        jmp     TASK_B:0
.ring3: mov     eax, cs
        pushfd
        pop     ebx
        leave_ring
        expect_left "a task of ring 3"
        check   "a task of ring 3, CS", eax, UCODE
        check   "a task of ring 3, flags", ebx, 0x3202
        check   "a task of ring 3, its ESP0", [fault_esp_at_entry], KERNEL_STACK - 0x200 - 20
        call    fresh
        mov     dword [B + T_CS], UCODE
        mov     dword [B + T_SS], UDATA
        try
        jmp     TASK_B:0
        new_fault_end "a task of ring 3, DS of ring 0", TS, KDATA
        ; The trap bit.
        call    fresh
        xor     eax, eax
        mov     dr6, eax
        mov     word [B + T_TRAP], 1
        try
        jmp     TASK_B:0
        expect_fault "the T bit", DBG, 0
        check   "the T bit, EIP", [fault_eip], in_task
        mov     eax, dr6
        and     eax, 0xE00F
        check   "the T bit, DR6", eax, 0x8000
        xor     eax, eax
        mov     dr6, eax
        mov     byte [use_handlers], 0
        jmp     build_vectors

test_iret:
%macro iret_fault 4                     ; name, link, vector, code
        call    fresh
        mov     word [TSS + LINK], %2
        try
        push    dword 0x4002
        popfd
        iretd
        expect_fault {"IRET, ", %1}, %3, %4
%endmacro
        iret_fault "link null", 0, TS, 0
        iret_fault "link beyond the GDT", BEYOND, TS, BEYOND
        iret_fault "link to the LDT", TASK_B | 4, TS, TASK_B | 4
        iret_fault "link to data", KDATA, TS, KDATA
        iret_fault "link to a task not busy", TASK_B, TS, TASK_B
        call    fresh
        descriptor TASK_B, B, 103, TSS32_BUSY & ~PRESENT, 0
        mov     word [TSS + LINK], TASK_B
        try
        push    dword 0x4002
        popfd
        iretd
        expect_fault "IRET, link to a task not present", NP, TASK_B
        call    fresh
        descriptor TASK_B, B, 103, TSS32_BUSY, 0
        mov     word [TSS + LINK], TASK_B
        try
        push    dword 0x4002
        popfd
        iretd
        expect_left "IRET by NT"
        seen_task "IRET by NT"
        check   "IRET by NT takes the flags of the TSS", [SEEN_FLAGS], 2
        busy    "IRET by NT, the new task stays busy", TASK_B, TSS32_BUSY
        busy    "IRET by NT, the old task is not busy", TSS_SEL, TSS32
        masked  "IRET by NT saves the flags without NT", TSS + T_FLAGS, 0x4000, 0
        ret

; LDT and CR3.
test_ldt_cr3:
        call    fresh
        descriptor 0x04, 0, 0xFFFFF, CODE_XR, PAGES | BIG
        descriptor 0x0C, WORK + 0x1000, 0xFFFF, DATA_RW, BIG
        mov     dword [WORK + 0x1000], 0x1D1D1D1D
        mov     dword [B + T_LDT], LDT_SEL
        mov     dword [B + T_CS], 0x04
        mov     dword [B + T_FS], 0x0C
        mov     dword [B + T_EIP], .in_ldt
        jmp     TASK_B:0
        xor     ebx, ebx
        sldt    bx
        check   "LDT of the task", [scratch], LDT_SEL
        check   "a segment of the task's LDT", [scratch2], 0x1D1D1D1D
        check   "a code segment of the task's LDT", [scratch3], 4
        check   "back, the LDT is that of the old TSS", ebx, 0

        ; Two directories that map 400000h to different frames.
        call    fresh
        mov     edi, DIRECTORY_A
        xor     eax, eax
        mov     ecx, 0x2000 / 4
        rep stosd
        mov     dword [DIRECTORY_A], TABLE0 | 7
        mov     dword [DIRECTORY_B], TABLE0 | 7
        mov     dword [DIRECTORY_A + 4], 0x24000 | 7
        mov     dword [DIRECTORY_B + 4], 0x25000 | 7
        mov     dword [0x24000], 0x26000 | 7
        mov     dword [0x25000], 0x27000 | 7
        mov     dword [0x26000], 0xAAAAAAAA
        mov     dword [0x27000], 0xBBBBBBBB
        mov     edi, TABLE0
        mov     eax, 7
        mov     ecx, 1024
.low:   stosd
        add     eax, 0x1000
        loop    .low
        mov     dword [TSS + T_CR3], DIRECTORY_A
        mov     dword [B + T_CR3], DIRECTORY_B
        mov     dword [B + T_EIP], .paged
        mov     eax, DIRECTORY_A
        mov     cr3, eax
        mov     eax, cr0
        or      eax, 0x80000000
        mov     cr0, eax
        jmp     short .on
.on:    mov     ebx, [0x400000]
        call    TASK_B:0
        mov     ecx, [0x400000]
        mov     edx, cr3
        mov     eax, cr0
        and     eax, 0x7FFFFFFF
        mov     cr0, eax
        jmp     short .off
.off:   check   "CR3, before", ebx, 0xAAAAAAAA
        check   "CR3, in the task", [scratch], 0xBBBBBBBB
        check   "CR3, in the task, the register", [scratch2], DIRECTORY_B
        check   "CR3, after", ecx, 0xAAAAAAAA
        check   "CR3, after, the register", edx, DIRECTORY_A
        mov     dword [TSS + T_CR3], 0
        ret
.in_ldt:
        mov     dword [scratch], 0
        sldt    [scratch]
        mov     eax, [fs:0]
        mov     [scratch2], eax
        mov     dword [scratch3], 0
        mov     [scratch3], cs
        jmp     TSS_SEL:0
.paged:
        mov     eax, [0x400000]
        mov     [scratch], eax
        mov     eax, cr3
        mov     [scratch2], eax
        iretd

; Interrupts and faults by task gates.
test_events:
        call    fresh
        vector  0x31, TASK_B, 0, TASK_GATE
        try
        int     0x31
.after: expect_left "INT by a task gate"
        seen_task "INT"
        check   "INT by a task gate sets NT", [SEEN_FLAGS], 0x4002
        word_is "INT by a task gate, the link", B + LINK, TSS_SEL
        check   "INT by a task gate saves EIP", [TSS + T_EIP], .after
        busy    "INT by a task gate, the old task stays busy", TSS_SEL, TSS32_BUSY

        call    fresh
        vector  UD, TASK_B, 0, TASK_GATE
        try
.ud:    ud2
        expect_left "#UD by a task gate"
        check   "#UD by a task gate saves EIP of the instruction", [TSS + T_EIP], .ud
        check   "#UD by a task gate pushes no code", [SEEN_ESP], B_STACK
        masked  "#UD by a task gate saves RF", TSS + T_FLAGS, 0x10000, 0x10000
        call    fresh
        vector  GP, TASK_B, 0, TASK_GATE
        mov     eax, BEYOND
        try
.gp:    mov     fs, eax
        expect_left "#GP by a task gate"
        check   "#GP by a task gate saves EIP of the instruction", [TSS + T_EIP], .gp
        check   "#GP by a task gate pushes the code", [SEEN_ESP], B_STACK - 4
        check   "#GP by a task gate, the code", [SEEN_TOP], BEYOND
        call    build_vectors
        call    fresh
        vector  NP, TASK_16, 0, TASK_GATE
        mov     eax, D_ABSENT
        try
        mov     fs, eax
        expect_left "#NP by a task gate to a 16-bit TSS"
        masked  "16-bit TSS, the code is a word", SEEN_ESP, 0xFFFF, 0x3FFE
        masked  "16-bit TSS, the code", SEEN_TOP, 0xFFFF, D_ABSENT
        call    build_vectors

        ; A handler in a task that returns: the instruction is run again.
        call    fresh
        vector  UD, TASK_B, 0, TASK_GATE
        mov     dword [B + T_EIP], .repair
        mov     word [.broken], 0x0B0F
        jmp     short .broken
.broken:
        db      0x0F, 0x0B
        check   "a task repairs an instruction", [scratch], 0x7E57
        call    build_vectors

        ; What is wrong with the gate or its task.
        call    fresh
        vector  0x31, TASK_B, 0, TASK_GATE & ~PRESENT
        try
        int     0x31
        expect_fault "INT, task gate not present", NP, 0x31 * 8 + 2
        vector  0x31, TSS_SEL, 0, TASK_GATE
        try
        int     0x31
        expect_fault "INT, the task is busy", GP, TSS_SEL
        vector  0x31, KDATA, 0, TASK_GATE
        try
        int     0x31
        expect_fault "INT, task gate to data", GP, KDATA
        descriptor TASK_B, B, 103, TSS32 & ~PRESENT, 0
        vector  0x31, TASK_B, 0, TASK_GATE
        try
        int     0x31
        expect_fault "INT, the TSS is not present", NP, TASK_B
        descriptor TASK_B, B, 50, TSS32, 0
        try
        int     0x31
        expect_fault "INT, the TSS is too short", TS, TASK_B
        vector  UD, TASK_B, 0, TASK_GATE
        try
        ud2
        expect_fault "#UD, the TSS is too short", TS, TASK_B | 1
        call    build_vectors

        ; A double fault: #UD finds its gate not present, #NP too.
        call    fresh
        vector  UD, KCODE, 0, INT32 & ~PRESENT
        vector  NP, KCODE, 0, INT32 & ~PRESENT
        vector  DF, TASK_B, 0, TASK_GATE
        try
        ud2
        expect_left "#DF by a task gate"
        check   "#DF by a task gate pushes a code", [SEEN_ESP], B_STACK - 4
        check   "#DF by a task gate, the code", [SEEN_TOP], 0
        word_is "#DF by a task gate, the link", B + LINK, TSS_SEL
        call    build_vectors
        call    fresh
        ret
.repair:
        mov     word [.broken], 0x9090
        mov     dword [scratch], 0x7E57
        iretd

rom_end
