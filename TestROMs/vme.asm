; vme - CR4.VME and CR4.PVI: VIF and VIP in virtual-8086 mode with each IOPL, CLI, STI, PUSHF, POPF, IRET, INT n with the
; redirection bitmap; CLI and STI of ring 3. Needs a Pentium; prints nothing on an older CPU.
;
; Run:    ./run-peer.sh bochs vme.img
; Ends:   vme: 164 passed, 0 failed
; After:  Intel SDM vol. 3B 20.3.3 (class 3 interrupts, Table 20-2), 20.4 (PVI), vol. 2 CLI, STI, PUSHF, POPF, INT n, IRET.
; Peers:  Bochs proves all; QEMU's TCG has no VME and prints nothing.

%define ROM_NAME "vme"
%include "rom.inc"
%include "level.inc"
%include "v86.inc"
%include "pages.inc"

VIF             equ     0x80000
VIP             equ     0x100000
IF              equ     0x200
TF              equ     0x100
REDIRECTION     equ     104             ; the bitmap in the TSS: 32 bytes, then the I/O map
IOMAP           equ     REDIRECTION + 32
SEEN            equ     VIF | VIP | 0x3000 | IF         ; what the checks look at

%macro cr4_is 1
        mov     eax, %1
        mov     cr4, eax
%endmacro

; Code of ring 3 in protected mode, with these flags; it ends by UD2.
%macro ring3 2+
        try
        push    dword UDATA
        push    dword USER_STACK
        push    dword 2 | (%1)
        push    dword UCODE
        push    dword %%code
        iretd
%%code: %2
        ud2
%endmacro

%macro seen 2                           ; name, VIF, VIP, IOPL and IF when it ended
        masked  {%1}, fault_eflags, SEEN, %2
%endmacro

main:
        call    find_level
        cmp     dword [level], 5
        jb      .no
        mov     eax, 1
        cpu     586
        cpuid
        test    dl, 2                   ; VME
        jnz     .yes
.no:    ret
.yes:
        mov     byte [IDT + BRK * 8 + 5], TRAP32 | DPL3
        mov     byte [IDT + OF * 8 + 5], TRAP32 | DPL3
        mov     edi, TSS + REDIRECTION
        mov     ecx, 32
        xor     eax, eax
        rep stosb
        mov     dword [TSS + IOMAP], -1
        mov     eax, IOMAP + 3
        call    use_map
        cr4_is  1
        stage   0x10
        call    test_if
        stage   0x11
        call    test_flags
        stage   0x12
        call    test_iret
        stage   0x13
        call    test_int
        stage   0x14
        call    test_bitmap
        stage   0x15
        call    test_iopl3
        stage   0x16
        call    test_off
        stage   0x17
        call    test_pvi
        stage   0x18
        call    test_ring0
        stage   0x19
        call    test_both
        stage   0x1A
        jmp     test_paged

; The TSS ends at EAX.
use_map:
        descriptor TSS_SEL, TSS, 0, TSS32, 0
        mov     [GDT + TSS_SEL], ax
        mov     word [TSS + 102], IOMAP
        mov     eax, TSS_SEL
        ltr     ax
        ret

; CLI and STI with IOPL 0 work on VIF.
test_if:
        v86     VIF | IF, cli
        expect_end "CLI"
        seen    "CLI clears VIF and leaves IF", IF
        v86     VIF, cli
        expect_end "CLI, IF clear"
        seen    "CLI, IF stays clear", 0
        v86     IF, sti
        expect_end "STI"
        seen    "STI sets VIF", VIF | IF
        v86     0, sti
        expect_end "STI, IF clear"
        seen    "STI leaves IF", VIF
        v86     VIP, sti
        expect_fault "STI with VIP", GP, 0
        seen    "STI with VIP sets nothing", VIP
        v86     VIP, cli
        expect_end "CLI with VIP"
        seen    "CLI with VIP", VIP
        v86     0x2000, sti
        expect_end "STI, IOPL 2"
        seen    "STI, IOPL 2, sets VIF", VIF | 0x2000
        v86     0x1000 | VIF, cli
        expect_end "CLI, IOPL 1"
        seen    "CLI, IOPL 1, clears VIF", 0x1000
        ret

; PUSHF and POPF with 16 bits; those with 32 go to the monitor.
test_flags:
        v86     VIF | 0xC5, call .pushf
        expect_end "PUSHF"
        word_is "PUSHF shows VIF as IF, and IOPL 3", fault_eax, 0x32C7
        v86     IF, call .pushf
        expect_end "PUSHF, VIF clear"
        word_is "PUSHF, VIF clear, IF set", fault_eax, 0x3002
        v86     VIF | 0x2000 | 0x4000, call .pushf
        expect_end "PUSHF with NT, IOPL 2"
        word_is "PUSHF with NT, IOPL 2", fault_eax, 0x7202
        v86     VIF, pushfd
        expect_fault "PUSHFD", GP, 0
        check   "PUSHFD, ESP stays", [fault_esp], V_SP
        v86     0, popfd
        expect_fault "POPFD", GP, 0
%macro popf_is 5                        ; name, flags before, image, SEEN bits after, arithmetic flags after
        v86     %2, call %%sub
        expect_end {%1}
        seen    {%1, ", VIF and IF"}, %4
        masked  {%1, ", the others"}, fault_eflags, 0x4CD5, %5
        jmp     %%end
        bits    16
%%sub:  push    word %3
        popf
        ret
        bits    32
%%end:
%endmacro
        popf_is "POPF sets VIF", 0, 0x0202, VIF, 0
        popf_is "POPF clears VIF", VIF | IF, 0x0002, IF, 0
        popf_is "POPF leaves IF and IOPL", IF | 0x1000, 0x3002, 0x1000 | IF, 0
        popf_is "POPF takes the others", 0, 0x4CD7, 0, 0x4CD5
        popf_is "POPF with VIP, IF clear", VIP, 0x0002, VIP, 0
        v86     VIP, call .popf_if
        expect_fault "POPF with VIP sets IF", GP, 0
        seen    "POPF with VIP sets nothing", VIP
        word_is "POPF with VIP pops nothing", fault_esp, V_SP - 4
        v86     VIF, call .popf_tf
        expect_fault "POPF sets TF", GP, 0
        seen    "POPF sets TF, VIF stays", VIF
        ret
        bits    16
.pushf: pushf
        pop     ax
        ret
.popf_if:
        push    word 0x0202
        popf
        ret
.popf_tf:
        push    word 0x0102
        popf
        ret
        bits    32

test_iret:
        v86     0, call .sets
        expect_end "IRET"
        seen    "IRET sets VIF", VIF
        check   "IRET, CS", [fault_cs], 0x0200
        check   "IRET, ESP", [fault_esp], V_SP
        masked  "IRET, the flags", fault_eflags, 0x4CD5, 0x0095
        v86     VIF | IF | 0x2000, call .clears
        expect_end "IRET, IF clear"
        seen    "IRET clears VIF and leaves IF and IOPL", IF | 0x2000
        v86     VIP, call .sets
        expect_fault "IRET with VIP sets IF", GP, 0
        word_is "IRET with VIP pops nothing", fault_esp, V_SP - 6
        seen    "IRET with VIP sets nothing", VIP
        v86     VIP, call .clears
        expect_end "IRET with VIP, IF clear"
        seen    "IRET with VIP, IF clear, leaves VIP", VIP
        v86     0, call .traps
        expect_fault "IRET sets TF", GP, 0
        v86     0, iretd
        expect_fault "IRETD", GP, 0
        ret
        bits    16
.sets:  pop     ax
        push    word 0x0297
        push    word 0x0200
        push    word .there - 0x2000
        iret
.clears:
        pop     ax
        push    word 0x0002
        push    word 0x0200
        push    word .there - 0x2000
        iret
.traps: pop     ax
        push    word 0x0102
        push    word 0x0200
        push    word .there - 0x2000
        iret
.there: db      0x0F, 0x0B
        bits    32

%macro real_vector 2                    ; a handler in virtual-8086 mode
        mov     dword [(%1) * 4], V_CS << 16 | (%2 - $$ + 0x7C00 - 0x1000)
%endmacro

; INT n to the program's own handler.
test_int:
        mov     byte [TSS + REDIRECTION + 6], 0
        real_vector 0x31, handler
        v86     VIF | 0x85, int 0x31
        expect_end "INT n"
        word_is "INT n, the handler was there", fault_edx, 0x600D
        word_is "INT n, FLAGS pushed: VIF as IF, IOPL 3", fault_ecx, 0x3287
        word_is "INT n, CS pushed", fault_ebx, V_CS
        movzx   eax, word [fault_eax]
        movzx   eax, byte [V_CS * 16 + eax - 2]
        check   "INT n, IP pushed", eax, 0xCD
        word_is "INT n, SP", fault_ebp, V_SP - 6
        seen    "INT n clears VIF", 0
        v86     IF, int 0x31
        expect_end "INT n, VIF clear, IF set"
        word_is "INT n, FLAGS pushed, IF clear", fault_ecx, 0x3002
        seen    "INT n leaves IF", IF
        v86     VIP | 0x4000, int 0x31
        expect_end "INT n with VIP and NT"
        word_is "INT n with VIP and NT, FLAGS pushed", fault_ecx, 0x7002
        seen    "INT n with VIP", VIP
        masked  "INT n leaves NT and VM", fault_eflags, 0x24000, 0x24000
        ; There and back.
        real_vector 0x31, .back
        v86     VIF, call .trip
        expect_end "INT n and IRET"
        seen    "INT n and IRET, VIF is back", VIF
        check   "INT n and IRET, ESP", [fault_esp], V_SP
        word_is "INT n and IRET, AX", fault_eax, 0x0201
        ; INT3 and INTO ask the IDT, INT 3 in two bytes the bitmap.
        mov     byte [TSS + REDIRECTION], 0
        real_vector 3, handler
        real_vector 4, handler
        v86     0, int3
        expect_fault "INT3 goes by the IDT", BRK, 0
        v86     0, call .into
        expect_fault "INTO goes by the IDT", OF, 0
        v86     0, db 0xCD, 0x03
        expect_end "INT 3 in two bytes"
        word_is "INT 3 in two bytes, the handler was there", fault_edx, 0x600D
        ; A fault is no INT n.
        real_vector 0, handler
        v86     0, div byte [es:0x7F0]  ; a zero
        expect_fault "DIV by 0 goes by the IDT", DE, 0
        ; The pushes of the handler's frame.
        real_vector 0x31, handler
        v86     0, call .top
        expect_end "INT n, SP wraps"
        word_is "INT n, SP wraps, SP", fault_ebp, 0xFFFC
        v86     0, call .odd
        expect_fault "INT n, a word over FFFFh", SSF, 0
        ret
        bits    16
.back:  add     ax, 0x0200
        iret
.trip:  mov     ax, 1
        int     0x31
        ret
.into:  mov     al, 0x7F
        inc     al
        into
        ret
.top:   mov     sp, 2
        int     0x31
.odd:   mov     sp, 1
        int     0x31
handler:
        mov     bp, sp
        mov     ax, [bp]
        mov     bx, [bp + 2]
        mov     cx, [bp + 4]
        mov     dx, 0x600D
        db      0x0F, 0x0B
        bits    32

; Which bit belongs to which vector, and where the bitmap is cut off.
%macro vector_bit 2                     ; name, vector: all bits are set but this one
        mov     edi, TSS + REDIRECTION
        mov     ecx, 32
        mov     al, 0xFF
        rep stosb
        mov     byte [TSS + REDIRECTION + (%2) / 8], ~(1 << ((%2) % 8)) & 0xFF
        real_vector %2, handler
        v86     0, int %2
        expect_end {%1}
        word_is {%1, ", the handler was there"}, fault_edx, 0x600D
        mov     byte [TSS + REDIRECTION + (%2) / 8], 1 << ((%2) % 8)
        v86     0, int %2
        expect_fault {%1, ", its bit set"}, GP, 0
%endmacro
test_bitmap:
        vector_bit "vector 0", 0
        vector_bit "vector 7", 7
        vector_bit "vector 8", 8
        vector_bit "vector 21h", 0x21
        vector_bit "vector FFh", 0xFF
        mov     edi, TSS + REDIRECTION
        mov     ecx, 32
        xor     eax, eax
        rep stosb
        ; The bitmap is the 32 bytes before the I/O map.
        mov     word [TSS + 102], 136 + 8
        mov     byte [TSS + REDIRECTION + 8], 1
        mov     byte [TSS + REDIRECTION], 0
        v86     0, int 0
        expect_fault "the bitmap moves with the I/O map", GP, 0
        mov     byte [TSS + REDIRECTION + 8], 0
        mov     word [TSS + 102], IOMAP
        mov     eax, REDIRECTION + 5
        call    use_map
        real_vector 0x2F, handler
        real_vector 0x30, handler
        v86     0, int 0x2F
        expect_end "the last vector that the TSS has"
        v86     0, int 0x30
        expect_fault "the first that it has not", GP, 0
        mov     eax, 102
        call    use_map
        v86     0, int 0x2F
        expect_fault "a TSS without the I/O map's field", GP, 0
        v86     IOPL3, int 0x2F
        expect_fault "a TSS without the I/O map's field, IOPL 3", GP, 0
        mov     eax, IOMAP + 3
        jmp     use_map

; With IOPL 3 all work on IF, as without VME; only the bitmap counts.
test_iopl3:
        v86     IOPL3 | VIF | IF, cli
        expect_end "IOPL 3, CLI"
        seen    "IOPL 3, CLI clears IF and leaves VIF", IOPL3 | VIF
        v86     IOPL3 | VIP, sti
        expect_end "IOPL 3, STI with VIP"
        seen    "IOPL 3, STI sets IF and leaves VIF", IOPL3 | VIP | IF
        v86     IOPL3 | VIF, call test_flags.pushf
        expect_end "IOPL 3, PUSHF"
        word_is "IOPL 3, PUSHF shows IF", fault_eax, 0x3002
        v86     IOPL3 | VIP, call test_flags.popf_if
        expect_end "IOPL 3, POPF with VIP sets IF"
        seen    "IOPL 3, POPF sets IF and leaves VIF", IOPL3 | VIP | IF
        v86     IOPL3 | VIF, call .pushfd
        expect_end "IOPL 3, PUSHFD"
        masked  "IOPL 3, PUSHFD shows VIF and hides VM", fault_eax, VM | SEEN, IOPL3 | VIF
        v86     IOPL3 | VIF, call .popfd
        expect_end "IOPL 3, POPFD"
        seen    "IOPL 3, POPFD leaves VIF and VIP", IOPL3 | VIF | IF
        mov     byte [TSS + REDIRECTION + 6], 0
        real_vector 0x31, handler
        v86     IOPL3 | VIF | IF, int 0x31
        expect_end "IOPL 3, INT n by the bitmap"
        word_is "IOPL 3, INT n, the handler was there", fault_edx, 0x600D
        word_is "IOPL 3, INT n, FLAGS pushed", fault_ecx, 0x3202
        seen    "IOPL 3, INT n clears IF and leaves VIF", IOPL3 | VIF
        mov     byte [TSS + REDIRECTION + 6], 2
        vector  0x31, KCODE, .gate, INT32 | DPL3
        v86     IOPL3 | VIF | IF, int 0x31
        expect_left "IOPL 3, INT n by the IDT"
        masked  "IOPL 3, INT n by the IDT, EFLAGS pushed", scratch, VM | SEEN, VM | IOPL3 | VIF | IF
        ret
        bits    16
.pushfd:
        pushfd
        pop     eax
        ret
.popfd: push    dword VIP | IF | 2
        popfd
        ret
        bits    32
.gate:  mov     eax, [esp + 8]
        mov     [ss:scratch], eax
        leave_ring

; Without CR4.VME.
test_off:
        cr4_is  0
        v86     VIF, cli
        expect_fault "VME off, CLI", GP, 0
        v86     0, pushf
        expect_fault "VME off, PUSHF", GP, 0
        v86     0, call test_flags.popf_if
        expect_fault "VME off, POPF", GP, 0
        v86     0, call test_iret.sets
        expect_fault "VME off, IRET", GP, 0
        mov     byte [TSS + REDIRECTION + 6], 0
        v86     0, int 0x31
        expect_fault "VME off, INT n", GP, 0
        cr4_is  2
        v86     VIF, cli
        expect_fault "PVI alone, CLI in virtual-8086 mode", GP, 0
        ret

; CR4.PVI: CLI and STI of ring 3 with IOPL 0, and nothing else.
test_pvi:
        cr4_is  2
        ring3   VIF | IF, cli
        expect_fault "PVI, CLI", UD, 0
        seen    "PVI, CLI clears VIF and leaves IF", IF
        ring3   0, sti
        expect_fault "PVI, STI", UD, 0
        seen    "PVI, STI sets VIF and leaves IF", VIF
        ring3   VIP, sti
        expect_fault "PVI, STI with VIP", GP, 0
        seen    "PVI, STI with VIP sets nothing", VIP
        ring3   0x2000, sti
        expect_fault "PVI, STI, IOPL 2", UD, 0
        seen    "PVI, STI, IOPL 2, sets VIF", VIF | 0x2000
        ring3   IOPL3 | VIF, sti
        expect_fault "PVI, STI, IOPL 3", UD, 0
        seen    "PVI, STI, IOPL 3, sets IF", IOPL3 | VIF | IF
        ring3   VIF, jmp .pushf
.pushf: pushfd
        pop     eax
        ud2
        expect_fault "PVI, PUSHFD", UD, 0
        masked  "PVI, PUSHFD shows IF and VIF as they are", fault_eax, SEEN, VIF
        ring3   VIP, jmp .popf
.popf:  push    dword IF | VIF | 0x2
        popfd
        ud2
        expect_fault "PVI, POPFD", UD, 0
        seen    "PVI, POPFD leaves VIF, VIP and IF", VIP
        ring3   VIF, jmp .iret
.iret:  push    dword VIP | IF | 2
        push    dword UCODE
        push    dword .iret_there
        iretd
.iret_there:
        ud2
        expect_fault "PVI, IRETD", UD, 0
        seen    "PVI, IRETD leaves VIF, VIP and IF", VIF
        push    dword 2
        popfd
        try_ring 1, .ring1
.ring1: cli
        expect_fault "PVI, CLI in ring 1", GP, 0
        try_ring 2, .ring2
.ring2: sti
        expect_fault "PVI, STI in ring 2", GP, 0
        cr4_is  1
        ring3   VIF, cli
        expect_fault "VME alone, CLI in ring 3", GP, 0
        cr4_is  0
        ring3   VIF, sti
        expect_fault "PVI off, STI in ring 3", GP, 0
        cr4_is  1
        ret

; Ring 0 sees VIF and VIP as they are; IRETD sets them there.
test_ring0:
        push    dword VIF | VIP | 2
        push    cs
        push    dword .there
        iretd
.there: pushfd
        pop     eax
        and     eax, SEEN
        check   "IRETD in ring 0 sets VIF and VIP", eax, VIF | VIP
        push    dword 2
        popfd
        pushfd
        pop     eax
        and     eax, SEEN
        check   "POPFD in ring 0 leaves VIF and VIP", eax, VIF | VIP
        cli
        pushfd
        pop     eax
        and     eax, SEEN
        check   "CLI in ring 0 leaves VIF", eax, VIF | VIP
        push    dword 2
        push    cs
        push    dword .clear
        iretd
.clear: pushfd
        pop     eax
        and     eax, SEEN
        check   "IRETD in ring 0 clears VIF and VIP", eax, 0
        ret

; VIF and VIP both set at the start of an instruction, after IRETD or a task switch: #GP(0), and the instruction is not run.
test_both:
        v86     VIF | VIP, nop
        expect_fault "VIF and VIP in virtual-8086 mode", GP, 0
        movzx   eax, word [fault_eip]
        movzx   eax, byte [V_CS * 16 + eax]
        check   "VIF and VIP, EIP of the instruction", eax, 0x90
        seen    "VIF and VIP stay", VIF | VIP
        v86     VIF | VIP, cli
        expect_fault "VIF and VIP, CLI is not run", GP, 0
        ring3   VIF | VIP, nop
        expect_fault "VIF and VIP in ring 3 without PVI", UD, 0
        cr4_is  2
        ring3   VIF | VIP, nop
        expect_fault "VIF and VIP in ring 3 with PVI", GP, 0
        push    dword VIF | VIP | 2
        push    cs
        push    dword .ring0
        iretd
.ring0: nop                             ; ring 0 does not look
        try_ring 1, .ring1
.ring1: nop
        leave_ring
        expect_left "VIF and VIP in ring 1 with PVI"
        push    dword UDATA
        push    dword USER_STACK
        push    dword UCODE
        push    dword .ring3
        try
        retf
.ring3: nop
        leave_ring
        expect_fault "VIF and VIP, RETF to ring 3", GP, 0
        check   "VIF and VIP, RETF to ring 3, EIP", [fault_eip], .ring3
        push    dword 2
        push    cs
        push    dword .clear
        iretd
.clear: lea     esp, [esp + 16]
        cr4_is  1
        ret

; The bitmap is read as ring 0 reads.
test_paged:
        mov     byte [TSS + REDIRECTION + 6], 0
        call    paging_on
        mov     byte [TABLE0 + 2 * 4], P | W
        call    flush
        v86     0, int 0x31
        expect_end "the bitmap in a page of ring 0"
        word_is "the bitmap in a page of ring 0, the handler was there", fault_edx, 0x600D
        mov     byte [TABLE0 + 2 * 4], P | W | U
        call    paging_off
        xor     eax, eax
        mov     cr4, eax
        cpu     386
        ret

rom_end
