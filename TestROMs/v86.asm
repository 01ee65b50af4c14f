; v86 - virtual-8086 mode: entering by IRETD and by a task, what faults and interrupts push, the instructions that look at
; IOPL, the ones that are not there, INT n, the I/O bitmap, returning to it, an interrupt of the board.
;
; Run:    ./run-peer.sh bochs v86.img
; Ends:   v86: 187 passed, 0 failed
; After:  Intel SDM vol. 3B ch. 20 (20.2 virtual-8086 mode, 20.3 interrupts), vol. 2 INT n, IRET, POPF, PUSHF.
; Peers:  Bochs proves all; QEMU's TCG checks no limits.

%define ROM_NAME "v86"
%include "rom.inc"
%include "v86.inc"

D_CONF          equ     FREE
TASK_V          equ     FREE + 0x08
D_TEST          equ     FREE + 0x10

main:
        descriptor D_CONF, 0, 0xFFFFF, CODE_XR_CONF, PAGES | BIG
        mov     byte [IDT + BRK * 8 + 5], TRAP32 | DPL3
        mov     byte [IDT + OF * 8 + 5], TRAP32 | DPL3
        stage   0x10
        call    test_enter
        stage   0x11
        call    test_memory
        stage   0x12
        call    test_iopl
        stage   0x13
        call    test_iopl3
        stage   0x14
        call    test_privileged
        stage   0x15
        call    test_int
        stage   0x16
        call    test_io
        stage   0x17
        call    test_return
        stage   0x18
        call    test_flags
        stage   0x19
        call    test_task
        stage   0x1A
        jmp     test_interrupt

test_enter:
        v86     0, mov ax, cs
        expect_end "entering by IRETD"
        check   "the frame: CS", [fault_cs], V_CS
        v86     0x8D5, call record
        expect_end "what the code sees"
        word_is "CS", fault_eax, V_CS
        word_is "DS", fault_ebx, V_DS
        word_is "ES", fault_ecx, V_ES
        word_is "SS", fault_edx, V_SS
        word_is "FS", fault_esi, V_FS
        word_is "GS", fault_edi, V_GS
        word_is "SP", fault_ebp, V_SP - 2
        masked  "the frame: EFLAGS", fault_eflags, 0x3FFFF & ~0x10000, VM | 0x8D7
        word_is "the frame: SS", fault_ss, V_SS
        check   "the frame: ESP", [fault_esp], V_SP
        word_is "the frame: ES", fault_es, V_ES
        word_is "the frame: DS", fault_ds, V_DS
        word_is "the frame: FS", fault_fs, V_FS
        word_is "the frame: GS", fault_gs, V_GS
        check   "the handler's ESP", [fault_esp_at_entry], KERNEL_STACK - 36
        check   "the handler's CS", [fault_cs_at_entry], KCODE
        check   "the handler's SS", [fault_ss_at_entry], KDATA
        ret
        bits    16
record: mov     ax, cs
        mov     bx, ds
        mov     cx, es
        mov     dx, ss
        mov     si, fs
        mov     di, gs
        mov     bp, sp
        ret
        bits    32

test_memory:
        mov     dword [WORK + 0x20], 0x11223344
        v86     0, mov eax, [es:0x20]
        expect_end "a read"
        check   "a read, EAX", eax, 0x11223344
        v86     0, call .load
        expect_end "loading DS"
        check   "loading DS, what it reads", eax, 0x11223344
        check   "loading DS, the frame", [fault_ds], (WORK + 0x10) >> 4
        v86     0, call .push
        expect_end "PUSH"
        word_is "PUSH writes at SS:SP", (V_SS << 4) + V_SP - 4, 0x5678
        v86     0, call .top
        expect_end "SS:SP wraps in 64 KB"
        v86     0, call .jump
        expect_fault "JMP far", UD, 0
        check   "JMP far, CS", [fault_cs], 0x0200
        v86     0, call .les
        expect_end "LES"
        check   "LES, ES", [fault_es], 0xBEEF
        check   "LES, DI", edi, 0x1234
        v86     0, mov ax, 0xFFFF
        expect_end "MOV"
        v86     0, mov al, [dword 0x10000]
        expect_fault "an offset over FFFFh", GP, 0
        v86     0, mov ax, [0xFFFF]
        expect_fault "a word over FFFFh", GP, 0
        v86     0, mov ax, [ss:0xFFFF]
        expect_fault "a word over FFFFh by SS", SSF, 0
        v86     0, mov [cs:.never - 0x1000], al
        expect_end "a write by CS"
        ret
        bits    16
.never: db      0
.load:  mov     ax, (WORK + 0x10) >> 4
        mov     ds, ax
        mov     eax, [0x10]
        ret
.push:  pop     bx
        push    word 0x1234
        push    word 0x5678
        add     sp, 4
        jmp     bx
.top:   pop     bx
        xor     sp, sp
        push    bx
        mov     bp, sp
        pop     ax
        jmp     bx
.jump:  pop     ax
        jmp     0x0200:.far - 0x2000
.far:   db      0x0F, 0x0B
.les:   mov     dword [es:0x40], 0xBEEF1234
        xor     edi, edi
        les     di, [es:0x40]
        ret
        bits    32

%macro sensitive 2+                     ; name, code: with IOPL 0, 1, 2
        v86     0, %2
        expect_fault {%1, ", IOPL 0"}, GP, 0
        masked  {%1, ", the frame has VM"}, fault_eflags, VM, VM
        v86     0x1000, %2
        expect_fault {%1, ", IOPL 1"}, GP, 0
        v86     0x2000, %2
        expect_fault {%1, ", IOPL 2"}, GP, 0
        check   {%1, ", ESP stays"}, [fault_esp], V_SP
%endmacro

test_iopl:
        sensitive "CLI", cli
        sensitive "STI", sti
        sensitive "PUSHF", pushf
        sensitive "PUSHFD", pushfd
        sensitive "POPF", popf
        sensitive "POPFD", popfd
        sensitive "IRET", iret
        sensitive "IRETD", iretd
        sensitive "INT n", int 0x31
        sensitive "INT 3 in two bytes", db 0xCD, 0x03
        ret

test_iopl3:
        v86     IOPL3 | 0x200, cli
        expect_end "CLI, IOPL 3"
        masked  "CLI clears IF", fault_eflags, 0x200, 0
        v86     IOPL3, call .sti
        expect_end "STI, IOPL 3"
        masked  "STI sets IF", fault_eflags, 0x200, 0x200
        v86     IOPL3 | 0x8D5, call .pushf
        expect_end "PUSHF, IOPL 3"
        masked  "PUSHF, the image", fault_eax, 0xFFFF, 0x38D7
        v86     IOPL3 | 0x8D5, call .pushfd
        expect_end "PUSHFD, IOPL 3"
        masked  "PUSHFD, VM and RF are clear", fault_eax, 0x3FFFF, 0x38D7
        v86     IOPL3, call .popf
        expect_end "POPF, IOPL 3"
        masked  "POPF sets IF and leaves IOPL", fault_eflags, 0x3200, 0x3200
        v86     IOPL3, call .popfd
        expect_end "POPFD, IOPL 3"
        masked  "POPFD leaves VM and IOPL", fault_eflags, 0x23000, 0x23000
        v86     IOPL3, call .iret
        expect_end "IRET, IOPL 3"
        masked  "IRET sets IF and leaves IOPL and VM", fault_eflags, 0x23200, 0x23200
        check   "IRET, CS", [fault_cs], 0x0200
        check   "IRET, ESP", [fault_esp], V_SP
        v86     IOPL3, call .iretd
        expect_end "IRETD, IOPL 3"
        masked  "IRETD leaves IOPL and VM", fault_eflags, 0x23000, 0x23000
        check   "IRETD, CS", [fault_cs], 0x0200
        ret
        bits    16
.sti:   sti
        ret
.pushf: pushf
        pop     ax
        ret
.pushfd:
        pushfd
        pop     eax
        ret
.popf:  push    word 0x0202
        popf
        ret
.popfd: push    dword 0x00000002
        popfd
        ret
.iret:  pop     ax
        push    word 0x0202
        push    word 0x0200
        push    word .there - 0x2000
        iret
.iretd: pop     ax
        push    dword 0x00000002
        push    dword 0x00000200
        push    dword .there - 0x2000
        iretd
.there: db      0x0F, 0x0B
        bits    32

%macro denied 2+
        v86     IOPL3, %2
        expect_fault {%1}, GP, 0
%endmacro
%macro missing 2+                       ; #UD, and not at the UD2 behind it
        v86     IOPL3, %2
        expect_fault {%1}, UD, 0
        mov     esi, [fault_eip]
        add     esi, V_CS << 4
        movzx   eax, byte [esi + 1]
        xor     ebx, ebx
        cmp     al, 0x0B
        setne   bl
        check   {%1, ", EIP"}, ebx, 1
%endmacro

test_privileged:
        denied  "HLT", hlt
        denied  "CLTS", clts
        denied  "LGDT", lgdt [es:0]
        denied  "LIDT", lidt [es:0]
        denied  "LMSW", lmsw ax
        denied  "MOV CR0", mov cr0, eax
        denied  "MOV from CR0", mov eax, cr0
        denied  "MOV from DR7", mov eax, dr7
        missing "LLDT", lldt ax
        missing "LTR", ltr ax
        missing "SLDT", sldt ax
        missing "STR", str ax
        missing "LAR", lar ax, bx
        missing "LSL", lsl ax, bx
        missing "VERR", verr ax
        missing "VERW", verw ax
        missing "ARPL", arpl ax, bx
        v86     0, smsw ax
        expect_end "SMSW"
        masked  "SMSW shows PE", fault_eax, 1, 1
        v86     0, sgdt [es:0x80]
        expect_end "SGDT"
        v86     0, mov ax, 0x1234
        expect_end "MOV"
        v86     0, div byte [es:0x7F0]  ; a zero
        expect_fault "DIV by 0", DE, 0
        v86     0, call .bound
        expect_fault "BOUND", BR, 0
        ret
        bits    16
.bound: mov     dword [es:0x50], 0x00020001
        mov     ax, 7
        bound   ax, [es:0x50]
        ret
        bits    32

test_int:
        vector  0x31, KCODE, .handler, INT32 | DPL3
        v86     IOPL3 | 0x200, int 0x31
.after:
        expect_fault "INT n, IOPL 3", BACK, 0
        masked  "INT n, the handler's flags", scratch, VM | 0x4300, 0
        masked  "INT n, the flags pushed", scratch2, VM | 0x3200, VM | 0x3200
        check   "INT n, DS is null", [scratch3], 0
        vector  0x31, KCODE, .handler, INT32
        v86     IOPL3, int 0x31
        expect_fault "INT n, gate DPL 0", GP, 0x31 * 8 + 2
        vector  0x31, KCODE, .handler, INT32 | DPL3
        v86     0, int 0x31
        expect_fault "INT n, IOPL 0", GP, 0
        vector  0x31, CODE_R1, .handler, INT32 | DPL3
        v86     IOPL3, int 0x31
        expect_fault "INT n to ring 1", GP, CODE_R1 & ~3
        vector  0x31, D_CONF, .handler, INT32 | DPL3
        v86     IOPL3, int 0x31
        expect_fault "INT n to conforming code", GP, D_CONF
        vector  0x31, KCODE, .handler, (INT32 | DPL3) & ~PRESENT
        v86     IOPL3, int 0x31
        expect_fault "INT n, gate not present", NP, 0x31 * 8 + 2
        v86     IOPL3, int 0x40
        expect_fault "INT n beyond the IDT", GP, 0x40 * 8 + 2
        vector  0x31, KCODE, .handler16, INT16 | DPL3
        v86     IOPL3 | 1, int 0x31
        expect_fault "INT n, 16-bit gate", BACK, 0
        check   "INT n, 16-bit gate pushes nine words", [scratch], KERNEL_STACK - 18
        word_is "INT n, 16-bit gate, CS", scratch2, V_CS
        word_is "INT n, 16-bit gate, GS", scratch3, V_GS
        v86     0, int3
        expect_fault "INT3, IOPL 0, gate DPL 3", BRK, 0
        v86     0, call .into
        expect_fault "INTO, IOPL 0, gate DPL 3", OF, 0
        mov     byte [IDT + BRK * 8 + 5], TRAP32
        v86     IOPL3, int3
        expect_fault "INT3, gate DPL 0", GP, BRK * 8 + 2
        mov     byte [IDT + BRK * 8 + 5], TRAP32 | DPL3
        ret
        bits    16
.into:  mov     al, 0x7F
        inc     al
        into
        ret
        bits    32
.handler:
        pushfd
        pop     dword [ss:scratch]
        mov     eax, [esp + 8]
        mov     [ss:scratch2], eax
        xor     eax, eax
        mov     ax, ds
        mov     bx, es
        or      ax, bx
        mov     bx, fs
        or      ax, bx
        mov     bx, gs
        or      ax, bx
        mov     [ss:scratch3], eax
        leave_ring
.handler16:
        mov     [ss:scratch], esp
        mov     eax, [esp + 2]
        mov     [ss:scratch2], eax
        mov     eax, [esp + 16]
        mov     [ss:scratch3], eax
        leave_ring

%macro io_ok 2+
        v86     IOPL3, %2
        expect_end {"I/O, ", %1}
%endmacro
%macro io_fault 2+
        v86     IOPL3, %2
        expect_fault {"I/O, ", %1}, GP, 0
%endmacro

; The bitmap counts whatever IOPL is. Ports 80h-87h are allowed but for 83h.
test_io:
        io_fault "no bitmap, IOPL 3", in al, 0x80
        mov     edi, TSS + 104
        mov     ecx, 20
        mov     al, 0xFF
        rep stosb
        mov     byte [TSS + 104 + 0x10], 0x08
        descriptor TSS_SEL, TSS, 104 + 0x12, TSS32, 0
        mov     eax, TSS_SEL
        ltr     ax
        io_ok   "a byte", in al, 0x80
        io_fault "a byte not allowed", in al, 0x83
        io_fault "a word, one not allowed", in ax, 0x82
        io_fault "a dword, one not allowed", in eax, 0x80
        io_ok   "a dword", in eax, 0x84
        io_fault "OUTSB", call .outsb
        word_is "I/O, OUTSB, SI stays", fault_esi, 0x1000
        v86     0, in al, 0x80
        expect_end "I/O, a byte, IOPL 0"
        v86     0, in al, 0x83
        expect_fault "I/O, a byte not allowed, IOPL 0", GP, 0
        ret
        bits    16
.outsb: mov     dx, 0x83
        mov     si, 0x1000
        outsb
        ret
        bits    32

; A monitor that skips the instruction and goes back.
test_return:
        vector  GP, KCODE, .skip, INT32
        mov     dword [scratch], 0
        v86     0, call .program
        expect_end "a monitor skips instructions"
        check   "a monitor, the faults", [scratch], 4
        word_is "a monitor, AX", fault_eax, 0x4444
        check   "a monitor, ES", [fault_es], V_ES
        check   "a monitor, GS", [fault_gs], V_GS
        check   "a monitor, ESP", [fault_esp], V_SP
        call    build_vectors
        mov     byte [IDT + BRK * 8 + 5], TRAP32 | DPL3
        ret
        bits    16
.program:
        mov     ax, 0x1111
        cli
        add     ax, 0x1111
        sti
        add     ax, 0x1111
        hlt
        pushf
        add     ax, 0x1111
        ret
        bits    32
.skip:  inc     dword [ss:scratch]
        add     esp, 4
        inc     dword [esp]
        iretd

; Only IRETD in ring 0 and a task set VM.
test_flags:
        push    dword VM | 2
        popfd
        pushfd
        pop     eax
        and     eax, VM
        check   "POPFD in ring 0 sets no VM", eax, 0
        try_ring 3, .user
.user:  push    dword VM | 2
        popfd
        pushfd
        pop     eax
        pushfd
        or      dword [esp], VM
        push    cs
        push    dword .there
        iretd
.there: pushfd
        pop     ebx
        leave_ring
        expect_left "ring 3"
        masked  "POPFD in ring 3 sets no VM", fault_eax, VM, 0
        masked  "IRETD in ring 3 sets no VM", fault_ebx, VM, 0
        ; A real far pointer for EIP: its upper half must be 0.
        try
        push    dword V_GS
        push    dword V_FS
        push    dword V_DS
        push    dword V_ES
        push    dword V_SS
        push    dword V_SP
        push    dword VM | 2
        push    dword V_CS
        push    dword 0x10000
        iretd
        expect_fault "IRETD to EIP over FFFFh", GP, 0
        ret

; A task in virtual-8086 mode, and a task gate out of it.
test_task:
        descriptor TASK_V, WORK + 0x100, 103, TSS32, 0
        mov     edi, WORK + 0x100
        xor     eax, eax
        mov     ecx, 26
        rep stosd
        mov     dword [WORK + 0x104], KERNEL_STACK - 0x100
        mov     dword [WORK + 0x108], KDATA
        mov     dword [WORK + 0x100 + 32], .code - 0x1000
        mov     dword [WORK + 0x100 + 36], VM | 2
        mov     dword [WORK + 0x100 + 56], V_SP
        mov     dword [WORK + 0x100 + 72], V_ES
        mov     dword [WORK + 0x100 + 76], V_CS
        mov     dword [WORK + 0x100 + 80], V_SS
        mov     dword [WORK + 0x100 + 84], V_DS
        mov     dword [WORK + 0x100 + 88], V_FS
        mov     dword [WORK + 0x100 + 92], V_GS
        mov     word [WORK + 0x100 + 102], 104
        try
        jmp     TASK_V:0
        bits    16
.code:  mov     ax, cs
        mov     bx, es
        db      0x0F, 0x0B
        bits    32
        expect_end "a task in virtual-8086 mode"
        word_is "a task, CS", fault_eax, V_CS
        word_is "a task, ES", fault_ebx, V_ES
        check   "a task, the handler's ESP", [fault_esp_at_entry], KERNEL_STACK - 0x100 - 36
        ; Out of it by a task gate.
        descriptor TSS_SEL, TSS, 103, TSS32, 0
        descriptor TASK_V, WORK + 0x100, 103, TSS32, 0
        mov     eax, TSS_SEL
        ltr     ax
        mov     dword [WORK + 0x100 + 32], .task
        mov     dword [WORK + 0x100 + 36], 2
        mov     dword [WORK + 0x100 + 56], WORK + 0x4000
        mov     eax, KDATA
        mov     [WORK + 0x100 + 72], eax
        mov     [WORK + 0x100 + 80], eax
        mov     [WORK + 0x100 + 84], eax
        mov     [WORK + 0x100 + 88], eax
        mov     [WORK + 0x100 + 92], eax
        mov     dword [WORK + 0x100 + 76], KCODE
        vector  0x31, TASK_V, 0, TASK_GATE | DPL3
        v86     IOPL3, call .int
        expect_end "INT by a task gate and back"
        word_is "INT by a task gate and back, AX", fault_eax, 0x4321
        masked  "INT by a task gate, VM saved", scratch, VM, VM
        word_is "INT by a task gate, ES saved", scratch2, V_ES
        clts
        ret
.task:  mov     eax, [TSS + 36]
        mov     [scratch], eax
        mov     eax, [TSS + 72]
        mov     [scratch2], eax
        iretd
        bits    16
.int:   mov     ax, 0x4321
        int     0x31
        ret
        bits    32

; The timer's interrupt, from virtual-8086 mode and back to it.
test_interrupt:
        mov     al, 0x11                ; the master 8259A to vectors 20h-27h, only IRQ 0
        out     0x20, al
        mov     al, 0x20
        out     0x21, al
        mov     al, 0x04
        out     0x21, al
        mov     al, 0x01
        out     0x21, al
        mov     al, 0xFE
        out     0x21, al
        mov     al, 0x34                ; about 1 kHz
        out     0x43, al
        mov     al, 0xA9
        out     0x40, al
        mov     al, 0x04
        out     0x40, al
        vector  0x20, KCODE, .timer, INT32
        mov     dword [scratch], 0
        mov     dword [scratch2], 0
        v86     0x200, call .wait
        expect_end "interrupts of the timer"
        masked  "an interrupt's frame has VM and IF", scratch2, VM | 0x200, VM | 0x200
        mov     al, 0xFF
        out     0x21, al
        ret
        bits    16
.wait:  cmp     byte [scratch], 3
        jb      .wait
        ret
        bits    32
.timer: push    eax
        inc     dword [ss:scratch]
        mov     eax, [esp + 12]
        mov     [ss:scratch2], eax
        mov     al, 0x20
        out     0x20, al
        pop     eax
        iretd

rom_end
