; debug - breakpoints on instructions, DR6 and DR7, GD, BT, RF, REP, what MOV SS holds back, task switches, ring 3 and
; virtual-8086 mode. Data and ports are in debug-data.
;
; Run:    ./run-peer.sh bochs debug.img
; Ends:   debug: 97 passed, 0 failed
; After:  Intel SDM vol. 3B 17.2 (registers), 17.3 (exceptions), 3A 6.8.3; vol. 2 MOV DR.
; Peers:  Bochs proves all; QEMU has no GD, and loops for ever on a breakpoint in code with a base.

%define ROM_NAME "debug"
%include "rom.inc"
%include "level.inc"
%include "v86.inc"
%include "steps.inc"

DATA            equ     WORK + 0x100    ; what breakpoints watch
D_BASED         equ     FREE            ; code with a base
TASK_B          equ     FREE + 0x08
BASE            equ     0x1000

main:
        call    find_level
        descriptor D_BASED, BASE, 0xFFFFF, CODE_XR, PAGES | BIG
        stage   0x10
        call    test_registers
        stage   0x11
        call    test_instructions
        stage   0x12
        call    test_resume
        stage   0x13
        call    test_shadow
        stage   0x14
        call    test_detect
        stage   0x15
        call    test_elsewhere
        stage   0x16
        call    test_task
        stage   0x17
        jmp     test_linear

; What DR6 and DR7 hold.
test_registers:
        xor     eax, eax
        mov     dr6, eax
        mov     eax, dr6
        check   "DR6, all clear", eax, 0xFFFF0FF0
        mov     eax, -1
        mov     dr6, eax
        mov     eax, dr6
        and     eax, ~0x1000            ; which is set on a 486
        check   "DR6, all set", eax, 0xFFFFEFFF
        xor     eax, eax
        mov     dr6, eax
        mov     dr7, eax
        mov     eax, dr7
        check   "DR7, all clear", eax, 0x400
        mov     eax, 0xFFFFDF00         ; all but GD and what enables
        mov     dr7, eax
        mov     eax, dr7
        and     eax, ~0x1800            ; which some CPUs have
        check   "DR7, all set but GD, L and G", eax, 0xFFFF0700
        xor     eax, eax
        mov     dr7, eax
%assign number 0
%rep 4
%defstr digit number
        mov     eax, 0x80000001 | number << 8
        mov     dr%[number], eax
        mov     ebx, dr%[number]
        check   {"DR", digit, " keeps its bits"}, ebx, 0x80000001 | number << 8
%assign number number + 1
%endrep
        mov     eax, 0x12340000
        db      0x0F, 0x23, 0xE8        ; MOV DR5, EAX
        mov     eax, dr7
        check   "DR5 is DR7", eax, 0x12340400
        xor     eax, eax
        mov     dr7, eax
        mov     eax, 0x4000
        db      0x0F, 0x23, 0xE0        ; MOV DR4, EAX
        mov     eax, dr6
        check   "DR4 is DR6", eax, 0xFFFF4FF0
        ret

%macro on_instruction 3                 ; number, the enabling bit, letter
        watch
        mov     eax, %%here
        mov     dr%1, eax
        mov     eax, 0x400 | (%2) << (2 * %1)
        mov     dr7, eax
        xor     ebx, ebx
        inc     ebx
%%here: inc     ebx
        inc     ebx
        unwatch
        steps_are {"instruction, ", %3}, 1
        step_is {"instruction, ", %3, ", EIP"}, 0, %%here
        step_bits {"instruction, ", %3}, 0, 1 << %1
        check   {"instruction, ", %3, ", it ran"}, ebx, 3
%endmacro

test_instructions:
        on_instruction 0, 1, "L0"
        on_instruction 0, 2, "G0"
        on_instruction 1, 1, "L1"
        on_instruction 1, 2, "G1"
        on_instruction 2, 1, "L2"
        on_instruction 2, 2, "G2"
        on_instruction 3, 3, "L3 and G3"
        ; Only the first byte of an instruction counts, prefixes included.
        watch
        breakpoint 0, ON_RUN, 1, .a + 1
        breakpoint 1, ON_RUN, 1, .b
        breakpoint 2, ON_RUN, 1, .b + 1
.a:     mov     eax, 0x12345678
.b:     mov     ax, 0x1234              ; with a prefix
        unwatch
        steps_are "within an instruction", 1
        step_is "on a prefix", 0, .b
        step_bits "on a prefix", 0, 2
        ; Two on the same instruction.
        watch
        breakpoint 0, ON_RUN, 1, .c
        breakpoint 3, ON_RUN, 1, .c
.c:     nop
        unwatch
        steps_are "two on the same instruction", 1
        step_bits "two on the same instruction", 0, 9
        step_flags "an instruction's breakpoint pushes RF clear", 0, 0x10000, 0
        ; Each time round.
        watch
        breakpoint 1, ON_RUN, 1, .f
        mov     ecx, 5
.f:     dec     ecx
        jnz     .f
        unwatch
        steps_are "each time round a loop", 5
        ; Executing is no read; a jump over it does nothing.
        watch
        breakpoint 0, ON_ACCESS, 4, .g
        breakpoint 1, ON_RUN, 1, .h
.g:     nop
        nop
        nop
        nop
        jmp     short .i
.h:     nop
.i:     unwatch
        steps_are "executing is no access", 0
        ; Off: neither L nor G.
        watch
        mov     eax, .j
        mov     dr0, eax
        mov     eax, 0x400 | 0x300
        mov     dr7, eax
.j:     nop
        unwatch
        steps_are "LE and GE enable nothing", 0
        ret

; RF: by IRETD for one instruction, a REP with all its elements.
test_resume:
        watch
        breakpoint 0, ON_RUN, 1, .a
        push    dword 0x10002
        push    cs
        push    dword .a
        iretd
.a:     nop
        unwatch
        steps_are "IRETD with RF", 0
        watch
        breakpoint 0, ON_RUN, 1, .b
        push    dword 0x10002
        push    cs
        push    dword .b
        mov     ecx, 3
        iretd
.b:     loop    .b
        unwatch
        steps_are "RF is for one instruction", 2
        watch
        breakpoint 0, ON_RUN, 1, .c
        mov     edi, DATA
        mov     ecx, 5
.c:     rep stosb
        unwatch
        steps_are "a breakpoint on REP", 1
        check   "a breakpoint on REP, the string is done", ecx, 0
        ; 16-bit IRET and POPFD set no RF.
        watch
        breakpoint 0, ON_RUN, 1, .d
        push    dword 0x10002
        popfd
.d:     nop
        unwatch
        steps_are "POPFD sets no RF", 1
        pushfd
        pop     eax
        and     eax, 0x10000
        check   "PUSHFD shows RF clear", eax, 0
        ; A fault saves RF set, so that its handler's IRETD passes the breakpoint.
        watch
        breakpoint 0, ON_RUN, 1, .e
        vector  UD, KCODE, .handler, INT32
.e:     db      0x0F, 0x0B
        unwatch
        steps_are "a fault on a breakpoint", 1
        vector  UD, KCODE, .again, INT32
        watch
        breakpoint 0, ON_RUN, 1, .f
.f:     db      0x0F, 0x0B
        unwatch
        steps_are "a fault that is run again", 1
        jmp     build_vectors
.handler:
        add     dword [esp], 2
        iretd
.again: mov     word [.f], 0x9090
        iretd

; MOV SS and POP SS hold back what would come at the next instruction.
test_shadow:
        watch
        breakpoint 0, ON_RUN, 1, .b
        mov     edx, KDATA
.a:     mov     ss, edx
.b:     nop
.c:     unwatch
        steps_are "a breakpoint behind MOV SS", 0
        watch
        breakpoint 0, ON_RUN, 1, .e
        push    ss
.d:     pop     ss
.e:     nop
        unwatch
        steps_are "a breakpoint behind POP SS", 0
        watch
        breakpoint 0, ON_RUN, 1, .f
        mov     ss, edx
        nop
.f:     nop
        unwatch
        steps_are "a breakpoint two behind MOV SS", 1
        mov     dword [DATA], KDATA
        watch
        breakpoint 0, ON_ACCESS, 2, DATA
        mov     ss, [DATA]
.g:     nop
.h:     unwatch
        steps_are "MOV SS from a breakpoint", 1
        step_is "MOV SS from a breakpoint traps one later", 0, .h
        watch
        breakpoint 0, ON_ACCESS, 2, DATA
        mov     ds, [DATA]
.i:     nop
        unwatch
        step_is "MOV DS from a breakpoint traps at once", 0, .i
        ret

; GD.
test_detect:
%macro detects 2+
        watch
        call    build_vectors
        mov     eax, 0x2400
        mov     dr7, eax
        try
%%it:   %2
        expect_fault {"GD, ", %1}, DBG, 0
        check   {"GD, ", %1, ", EIP"}, [fault_eip], %%it
        mov     eax, dr6
        and     eax, 0xE00F
        check   {"GD, ", %1, ", DR6"}, eax, DR6_BD
        mov     eax, dr7
        check   {"GD, ", %1, ", DR7"}, eax, 0x400
%endmacro
        mov     eax, 0x5555
        mov     dr3, eax
        detects "MOV from DR0", mov ebx, dr0
        detects "MOV to DR3", mov dr3, ebx
        mov     eax, dr3
        check   "GD, MOV to DR3 is not done", eax, 0x5555
        detects "MOV from DR6", mov eax, dr6
        detects "MOV to DR7", mov dr7, ebx
        ; Another debug exception clears GD as well.
        watch
        breakpoint 0, ON_RUN, 1, .a
        mov     eax, dr7
        or      eax, 0x2000
        mov     dr7, eax
.a:     nop
        mov     eax, dr7
        and     eax, 0x2000
        check   "a breakpoint clears GD", eax, 0
        unwatch
        step_bits "a breakpoint with GD on", 0, 1
        ret

; Ring 3 and virtual-8086 mode.
test_elsewhere:
        watch
        breakpoint 0, ON_RUN, 1, .there
        breakpoint 1, ON_WRITE, 4, DATA
        try_ring 3, .user
.user:  nop
.there: nop
        mov     [DATA], eax
.behind:
        leave_ring
        expect_left "ring 3"
        unwatch
        steps_are "ring 3", 2
        step_is "ring 3, an instruction", 0, .there
        step_is "ring 3, a write", 1, .behind
        check   "ring 3, CS", [STEPS + 16], UCODE
        watch
        breakpoint 0, ON_RUN, 1, .v86_there
        breakpoint 1, ON_ACCESS, 2, WORK + 0x20
        v86     0, call .v86
        expect_end "virtual-8086 mode"
        unwatch
        steps_are "virtual-8086 mode", 2
        step_is "virtual-8086 mode, an instruction", 0, .v86_there - V_CS * 16
        step_is "virtual-8086 mode, a read", 1, .v86_behind - V_CS * 16
        ; MOV of a debug register is for ring 0, GD or not.
        try_ring 3, .mov
.mov:   mov     eax, dr6
        expect_fault "ring 3, MOV from DR6", GP, 0
        try_ring 1, .mov1
.mov1:  mov     dr7, eax
        expect_fault "ring 1, MOV to DR7", GP, 0
        ret
        bits    16
.v86:   nop
.v86_there:
        nop
        mov     ax, [es:0x20]
.v86_behind:
        ret
        bits    32

; A task switch clears the L bits and LE, and leaves the G bits; the T bit.
test_task:
        mov     edi, WORK
        mov     ecx, 26
        xor     eax, eax
        rep stosd
        descriptor TASK_B, WORK, 103, TSS32, 0
        mov     dword [WORK + 32], .task
        mov     dword [WORK + 36], 2
        mov     dword [WORK + 56], WORK + 0x4000
        mov     dword [WORK + 76], KCODE
        mov     eax, KDATA
        mov     [WORK + 72], eax
        mov     [WORK + 80], eax
        mov     [WORK + 84], eax
        watch
        mov     eax, .never
        mov     dr0, eax
        mov     dr1, eax
        mov     dr2, eax
        mov     dr3, eax
        mov     eax, 0x7FF
        mov     dr7, eax
        call    TASK_B:0
        unwatch
        and     dword [scratch], 0x7FF
        check   "a task switch leaves the G bits alone", [scratch], 0x6AA
        mov     byte [WORK + 100], 1    ; T
        mov     dword [WORK + 32], .task
        watch
        call    TASK_B:0
.back:  unwatch
        clts
        steps_are "the T bit", 1
        step_is "the T bit, EIP", 0, .task
        step_bits "the T bit", 0, DR6_BT
        ret
.never: nop
.task:  mov     eax, dr7
        mov     [scratch], eax
        iretd
        jmp     .task

; The address of a breakpoint is linear.
test_linear:
        watch
        breakpoint 0, ON_RUN, 1, .d
        jmp     D_BASED:.d - BASE
        nop
.d:     nop
        jmp     KCODE:.e
.e:     unwatch
        steps_are "the address is linear", 1
        step_is "the address is linear, EIP", 0, .d - BASE
        ret

rom_end
