; single-step - TF: after which instructions it traps, and where: strings, MOV SS, POPF, IRET, INT n, faults, branches, gates,
; rings, tasks, virtual-8086 and real mode.
;
; Run:    ./run-peer.sh bochs single-step.img
; Ends:   single-step: 120 passed, 0 failed
; After:  Intel SDM vol. 3B 17.3.1.4 (single step), 3A 6.8.3 (MOV SS), 6.12.1 (TF in gates); vol. 2 INT n, IRET, POPF.
; Peers:  Bochs proves all but that BT stays set (17.2.3), which QEMU does.

%define ROM_NAME "single-step"
%include "rom.inc"
%include "v86.inc"
%include "steps.inc"
%include "real.inc"

G_CALL          equ     FREE
TASK_B          equ     FREE + 0x08
DATA            equ     WORK + 0x100
B               equ     WORK + 0x200    ; the TSS of the other task

; Steps through code and compares where it traps. The last three are those of steps_end, which is not listed.
%macro stepped 2                        ; name, how many
        steps_end
        check   {%1, ", how many"}, [STEPS], (%2) + 3
%endmacro

main:
        vector  DBG, KCODE, recorder, INT32
        stage   0x10
        call    test_flags
        stage   0x11
        call    test_strings
        stage   0x12
        call    test_shadow
        stage   0x13
        call    test_interrupts
        stage   0x14
        call    test_faults
        stage   0x15
        call    test_branches
        stage   0x16
        call    test_rings
        stage   0x17
        call    test_task
        stage   0x18
        call    test_v86
        stage   0x19
        jmp     test_real

test_flags:
        steps_begin
.a0:    nop
.a1:    pushfd
.a2:    pop     eax
.a3:    stepped "POPF sets TF", 3
        step_is "POPF sets TF, the first", 0, .a1
        step_is "POPF sets TF, the second", 1, .a2
        step_is "POPF sets TF, the third", 2, .a3
        step_bits "POPF sets TF", 0, DR6_BS
        step_flags "the frame has TF, and RF clear", 0, 0x10100, 0x100
        and     eax, 0x100
        check   "PUSHF shows TF", eax, 0x100
        ; POPF that clears TF traps once more; POPF that leaves it does as ever.
        call    clear_steps
        pushfd
        pushfd
        or      dword [esp], 0x100
        or      dword [esp + 4], 0x100
        popfd
        popfd
.b0:    steps_end
.b1:    check   "POPF keeps TF, how many", [STEPS], 4
        step_is "POPF keeps TF", 0, .b0
        step_is "POPF clears TF", 3, .b1
        ; IRET sets, keeps and clears TF.
        call    clear_steps
        pushfd
        or      dword [esp], 0x100
        push    cs
        push    dword .c0
        iretd
.c0:    nop
.c1:    pushfd
.c2:    push    cs
.c3:    push    dword .d0
.c4:    iretd
.d0:    pushfd
.d1:    and     dword [esp], ~0x100
.d2:    push    cs
.d3:    push    dword .e0
.d4:    iretd
.e0:    nop
        check   "IRET, how many", [STEPS], 10
        step_is "IRET sets TF, the first", 0, .c1
        step_is "IRET keeps TF", 4, .d0
        step_is "IRET clears TF and traps", 9, .e0
        ; 16-bit POPF.
        call    clear_steps
        pushfw
        or      word [esp], 0x100
        popfw
.f0:    nop
.f1:    stepped "16-bit POPF", 1
        step_is "16-bit POPF, the first", 0, .f1
        ; What is in DR6 stays there.
        steps_begin
        mov     eax, 0x8000
        mov     dr6, eax
.g0:    stepped "MOV DR6", 2
        step_bits "BS comes to BT that was set", 1, DR6_BT | DR6_BS
        ; Other instructions of the system.
        steps_begin
.h0:    mov     eax, cr0
.h1:    mov     cr0, eax
.h2:    lgdt    [rom_gdtr]
.h3:    lidt    [rom_idtr]
.h4:    in      al, 0x80
.h5:    cli
.h6:    cld
.h7:    stepped "system instructions", 7
        step_is "MOV CR0", 1, .h2
        step_is "LIDT", 3, .h4
        step_is "IN", 4, .h5
        step_is "CLI", 5, .h6
        ret

test_strings:
        mov     edi, DATA
        mov     ecx, 3
        steps_begin
.a:     rep stosb
.b:     stepped "REP STOSB", 3
        step_is "REP STOSB, the first", 0, .a
        step_is "REP STOSB, the second", 1, .a
        step_is "REP STOSB, the last", 2, .b
        step_flags "REP STOSB, RF within it", 0, 0x100, 0x100
        xor     ecx, ecx
        steps_begin
.c:     rep movsd
.d:     stepped "REP MOVSD of nothing", 1
        step_is "REP MOVSD of nothing traps behind it", 0, .d
        mov     ecx, 1
        mov     edi, DATA
        steps_begin
.e:     rep stosd
.f:     stepped "REP STOSD of one", 1
        step_is "REP STOSD of one", 0, .f
        ; What ends a comparison ends the traps.
        mov     dword [DATA], 0x00020100
        mov     edi, DATA
        mov     ecx, 100
        mov     al, 2
        steps_begin
.g:     repne scasb
.h:     stepped "REPNE SCASB", 3
        step_is "REPNE SCASB, within", 1, .g
        step_is "REPNE SCASB, behind", 2, .h
        mov     edi, DATA
        mov     esi, DATA + 1
        mov     ecx, 100
        steps_begin
.i:     repe cmpsb
.j:     stepped "REPE CMPSB, unequal at once", 1
        step_is "REPE CMPSB, unequal at once", 0, .j
        mov     ecx, 3
        mov     esi, DATA + 2
        steps_begin
        std
.k:     rep lodsb
.l:     cld
        stepped "REP LODSB downwards", 5
        step_is "REP LODSB downwards, within", 2, .k
        step_is "REP LODSB downwards, behind", 3, .l
        steps_begin
        movsb
.m:     lodsb
.n:     stepped "strings without REP", 2
        step_is "MOVSB", 0, .m
        step_is "LODSB", 1, .n
        ret

test_shadow:
        mov     edx, KDATA
        steps_begin
        mov     ss, edx
.a0:    nop
.a1:    nop
.a2:    stepped "MOV SS", 2
        step_is "MOV SS holds back one trap", 0, .a1
        step_is "MOV SS holds back no more", 1, .a2
        steps_begin
        push    ss
.b0:    pop     ss
.b1:    nop
.b2:    stepped "POP SS", 2
        step_is "POP SS, the PUSH", 0, .b0
        step_is "POP SS holds back one trap", 1, .b2
        steps_begin
        push    ds
        pop     ds
.c0:    mov     es, edx
.c1:    nop
.c2:    stepped "POP DS and MOV ES", 4
        step_is "POP DS", 1, .c0
        step_is "MOV ES", 2, .c1
        mov     [scratch2], esp
        mov     [scratch3], ss
        steps_begin
        lss     esp, [scratch2]
.d0:    nop
.d1:    stepped "LSS", 2
        step_is "LSS holds nothing back", 0, .d0
        steps_begin
        sti
.e0:    cli
.e1:    stepped "STI", 2
        step_is "STI holds no trap back", 0, .e0
        ; A jump behind MOV SS is done first.
        steps_begin
        mov     ss, edx
        jmp     short .f1
.f0:    nop
.f1:    nop
.f2:    stepped "MOV SS and a jump", 2
        step_is "MOV SS and a jump", 0, .f1
        ; REP behind MOV SS: the first element.
        mov     edi, DATA
        mov     ecx, 2
        steps_begin
        mov     ss, edx
.g0:    rep stosb
.g1:    stepped "MOV SS and REP", 2
        step_is "MOV SS and REP, within", 0, .g0
        ret

test_interrupts:
        vector  0x31, KCODE, .handler, INT32
        vector  0x32, KCODE, .handler, TRAP32
        vector  BRK, KCODE, .handler, TRAP32
        vector  OF, KCODE, .handler, TRAP32
        mov     dword [scratch], 0
        steps_begin
.a0:    int     0x31
.a1:    nop
.a2:    int     0x32
.a3:    nop
.a4:    stepped "INT n", 2
        step_is "INT n by an interrupt gate", 0, .a2
        step_is "INT n by a trap gate", 1, .a4
        check   "TF is clear in the handlers", [scratch], 0
        mov     dword [DATA], 0
        mov     dword [DATA + 4], 10
        steps_begin
.b0:    int3
.b1:    nop
.b2:    xor     al, al
.b3:    into
.b4:    bound   eax, [DATA]
.b5:    mov     al, 0x7F
.b6:    inc     al
.b7:    into
.b8:    nop
.b9:    stepped "INT3, INTO, BOUND", 7
        step_is "INT3", 0, .b2
        step_is "INTO that is not taken", 2, .b4
        step_is "INC", 5, .b7
        step_is "INTO that is taken", 6, .b9
        ; A handler that sets TF in what it goes back to.
        vector  0x31, KCODE, .sets, INT32
        call    clear_steps
        int     0x31
.c0:    nop
.c1:    stepped "IRET of a handler sets TF", 1
        step_is "IRET of a handler sets TF", 0, .c1
        ; One that turns it on for itself: IRET traps, and TF comes back clear.
        vector  0x31, KCODE, .inside, INT32
        call    clear_steps
        int     0x31
.d0:    nop
.d1:    check   "TF within a handler, how many", [STEPS], 2
        step_is "TF within a handler", 0, .inside1
        step_is "TF within a handler, its IRET traps", 1, .d0
        call    build_vectors
        vector  DBG, KCODE, recorder, INT32
        ret
.handler:
        pushfd
        and     dword [esp], 0x100
        pop     eax
        or      [scratch], eax
        mov     eax, 5
        iretd
.sets:  or      dword [esp + 8], 0x100
        iretd
.inside:
        pushfd
        or      dword [esp], 0x100
        popfd
        nop
.inside1:
        iretd

test_faults:
        vector  UD, KCODE, .skip, INT32
        mov     dword [scratch], 0
        steps_begin
        ud2
.a0:    nop
.a1:    stepped "a handler that skips its instruction", 1
        step_is "a handler that skips its instruction", 0, .a1
        masked  "a fault pushes TF", scratch, 0x100, 0x100
        vector  UD, KCODE, .repair, INT32
        steps_begin
.b0:    ud2
.b1:    nop
.b2:    stepped "a handler that repairs its instruction", 2
        step_is "a handler that repairs its instruction", 0, .b1
        vector  GP, KCODE, .load, INT32
        mov     eax, BEYOND
        steps_begin
        mov     fs, eax
.c1:    nop
        stepped "#GP under TF", 2
        step_is "#GP under TF", 0, .c1
        ; A fault behind MOV SS: nothing waits any more.
        vector  UD, KCODE, .skip, INT32
        mov     edx, KDATA
        steps_begin
        mov     ss, edx
        ud2
.d0:    nop
.d1:    stepped "a fault behind MOV SS", 1
        step_is "a fault behind MOV SS", 0, .d1
        call    build_vectors
        vector  DBG, KCODE, recorder, INT32
        ret
.skip:  add     dword [esp], 2
        mov     eax, [esp + 8]
        mov     [scratch], eax
        iretd
.repair:
        mov     word [.b0], 0xC031      ; XOR EAX, EAX
        iretd
.load:  mov     eax, KDATA
        add     esp, 4
        iretd

test_branches:
        steps_begin
        jmp     short .a1
.a0:    nop
.a1:    stc
.a2:    jc      .a4
.a3:    nop
.a4:    jnc     .a0
.a5:    mov     ecx, 2
.a6:    loop    .a6
.a7:    call    .sub
.a8:    call    KCODE:.far
.a9:    jmp     KCODE:.b0
        nop
.b0:    mov     eax, .b2
.b1:    jmp     eax
        nop
.b2:    nop
.b3:    stepped "branches", 15
        step_is "JMP", 0, .a1
        step_is "Jcc that is taken", 2, .a4
        step_is "Jcc that is not taken", 3, .a5
        step_is "LOOP that is taken", 5, .a6
        step_is "LOOP that is not taken", 6, .a7
        step_is "CALL", 7, .sub
        step_is "RET", 8, .a8
        step_is "CALL far", 9, .far
        step_is "RETF", 10, .a9
        step_is "JMP far", 11, .b0
        step_is "JMP by a register", 13, .b2
        ret
.sub:   ret
.far:   retf

; Call gates leave TF, interrupt gates clear it.
test_rings:
        gate    G_CALL, KCODE, .inner, CALL32 | DPL3, 0
        vector  0x31, KCODE, .int, TRAP32 | DPL3
        call    clear_steps
        try
        push    dword UDATA
        push    dword USER_STACK
        push    dword 0x102
        push    dword UCODE
        push    dword .a0
        iretd
.a0:    nop
.a1:    call    G_CALL:0
.a2:    int     0x31
.a3:    nop
.a4:    leave_ring
.int:   iretd
.inner: nop
.inner1:
        retf
        expect_left "ring 3"
        steps_are "ring 3", 5
        step_is "ring 3, the first", 0, .a1
        step_is "ring 3, a call gate", 1, .inner
        step_is "ring 3, within the gate", 2, .inner1
        step_is "ring 3, back from the gate", 3, .a2
        step_is "ring 3, INT n", 4, .a4
        check   "ring 3, CS of the first", [STEPS + 16], UCODE
        check   "ring 3, CS within the gate", [STEPS + 16 + 16], KCODE
        ret

; TF in the flags of a task. Whether TF traps behind the switch itself the manual leaves open: Bochs does not, QEMU does.
test_task:
        mov     edi, B
        mov     ecx, 26
        xor     eax, eax
        rep stosd
        descriptor TASK_B, B, 103, TSS32, 0
        mov     dword [B + 32], .task
        mov     dword [B + 36], 0x102
        mov     dword [B + 56], WORK + 0x4000
        mov     dword [B + 76], KCODE
        mov     eax, KDATA
        mov     [B + 72], eax
        mov     [B + 80], eax
        mov     [B + 84], eax
        call    clear_steps
        call    TASK_B:0
.a0:    nop
.a1:    clts
        step_is "a task with TF, the first", 0, .task1
        step_is "a task with TF, the second", 1, .task2
        ret
.task:  nop
.task1: nop
.task2: iretd

test_v86:
        call    clear_steps
        v86     IOPL3 | 0x100, call .code
        expect_end "virtual-8086 mode"
        steps_are "virtual-8086 mode", 6
        step_is "virtual-8086 mode, CALL", 0, .code - V_CS * 16
        step_is "virtual-8086 mode, PUSHF", 1, .code1 - V_CS * 16
        step_is "virtual-8086 mode, INT n", 3, .code3 - V_CS * 16
        word_is "virtual-8086 mode, PUSHF shows TF", fault_eax, 0x3102
        ret
        bits    16
.code:  pushf
.code1: pop     ax
        int     0x31
        nop
.code3: nop
        ret
        bits    32

; Real mode, by the vector table. The handler keeps IPs from [scratch2] on.
test_real:
        mov     edi, DATA
        mov     ecx, 32
        xor     eax, eax
        cld
        rep stosd
        mov     dword [scratch], 0
        in_real .code
        check   "real mode, how many", [scratch], 11
%macro ip_is 3
        movzx   eax, word [DATA + (%2) * 2]
        check   {"real mode, ", %1}, eax, %3
%endmacro
        ip_is   "POPF sets TF", 0, .r1
        ip_is   "INT n", 1, .r3
        ip_is   "REP, within", 2, .r3
        ip_is   "REP, behind", 3, .r4
        ip_is   "MOV SS", 4, .r6
        ip_is   "IRET keeps TF", 8, .r10
        ip_is   "POPF clears TF", 10, .r12
        ret
        bits    16
.code:  real_vector 1, .handler
        real_vector 0x31, .int
        mov     di, DATA2
        mov     cx, 2
        xor     dx, dx
        pushf
        or      byte [esp + 1], 1
        popf
        nop
.r1:    int     0x31
        nop
.r3:    rep stosb
.r4:    mov     ss, dx
        nop
.r6:    pushf
.r7:    push    cs
.r8:    push    word .r10
        iret
.r10:   push    word 2
        popf
.r12:   nop
        ret
.int:   iret
.handler:
        push    bp
        mov     bp, sp
        push    bx
        push    ax
        mov     bx, [scratch]
        inc     word [scratch]
        shl     bx, 1
        mov     ax, [bp + 2]
        push    ds
        mov     bp, DATA >> 4
        mov     ds, bp
        mov     [bx], ax
        pop     ds
        pop     ax
        pop     bx
        pop     bp
        iret
DATA2           equ     0x5000
        bits    32

rom_end
