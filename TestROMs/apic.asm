; apic - the local APIC and the I/O APIC of a machine with one processor: registers, messages to itself, priorities, the
; timer, masks, spurious interrupts, LINT0, edges and levels through the I/O APIC.
;
; Run:    ./run-peer.sh qemu apic.img
; Ends:   apic: 68 passed, 0 failed
; After:  Intel SDM vol. 3A chapter 10, 82093AA data sheet.
; Peers:  see README.md. Without an APIC the ROM ends with no checks.

%define ROM_NAME "apic"
%include "rom.inc"
%include "level.inc"

APIC            equ     0xFEE00000
ID              equ     APIC + 0x20
VERSION         equ     APIC + 0x30
TPR             equ     APIC + 0x80
PPR             equ     APIC + 0xA0
EOI             equ     APIC + 0xB0
LDR             equ     APIC + 0xD0
DFR             equ     APIC + 0xE0
SVR             equ     APIC + 0xF0
ISR             equ     APIC + 0x100
TMR             equ     APIC + 0x180
IRR             equ     APIC + 0x200
ESR             equ     APIC + 0x280
ICR_LOW         equ     APIC + 0x300
ICR_HIGH        equ     APIC + 0x310
LVT_TIMER       equ     APIC + 0x320
LVT_LINT0       equ     APIC + 0x350
LVT_LINT1       equ     APIC + 0x360
LVT_ERROR       equ     APIC + 0x370
INITIAL         equ     APIC + 0x380
CURRENT         equ     APIC + 0x390
DIVIDE          equ     APIC + 0x3E0
IO_SELECT       equ     0xFEC00000
IO_WINDOW       equ     0xFEC00010

TO_ITSELF       equ     0x44000         ; ICR: shorthand, assert

; Vectors with a handler that counts itself, and writes down in which order they came.
VECTORS         equ     0x40
VECTOR_COUNT    equ     0x40
TABLE           equ     0x20000         ; an IDT with these behind the frame's own

main:
        call    find_level
        cmp     dword [level], 5
        jb      .none
        mov     eax, 1
        cpu     586
        cpuid
        cpu     386
        test    dh, 2
        jz      .none
        stage   0x10
        call    set_up
        call    test_registers
        stage   0x11
        call    test_itself
        stage   0x12
        call    test_priorities
        stage   0x13
        call    test_timer
        stage   0x14
        call    test_errors
        stage   0x15
        call    test_lint
        stage   0x16
        call    test_io_registers
        stage   0x17
        call    test_edges
        stage   0x18
        call    test_levels
.none:  ret

; The 8259As masked, handlers for the vectors, the local APIC on.
set_up:
        mov     al, 0xFF
        out     0x21, al
        out     0xA1, al
        mov     esi, IDT
        mov     edi, TABLE
        mov     ecx, IDT_ENTRIES * 2
        rep     movsd
        lidt    [.table]
        xor     ecx, ecx
.next:  mov     eax, ecx
        imul    eax, stub_size
        add     eax, own_stubs
        lea     edi, [TABLE + (VECTORS + ecx) * 8]
        mov     [edi], ax
        mov     word [edi + 2], cs
        mov     word [edi + 4], 0x8E00
        shr     eax, 16
        mov     [edi + 6], ax
        inc     ecx
        cmp     ecx, VECTOR_COUNT
        jb      .next
        mov     dword [SVR], 0x17F
        mov     dword [TPR], 0
        ret
.table: dw      (VECTORS + VECTOR_COUNT) * 8 - 1
        dd      TABLE

own_stubs:
%assign number 0
%rep VECTOR_COUNT
        push    dword number + VECTORS
        jmp     near handler
%assign number number + 1
%endrep
stub_size       equ     (handler - own_stubs) / VECTOR_COUNT

; Notes the vector; EOI unless it is the spurious one's.
handler:
        pushad
        mov     eax, [esp + 32]
        mov     ecx, [order]
        shl     ecx, 8
        mov     cl, al
        mov     [order], ecx
        inc     dword [count]
        cmp     al, 0x7F
        je      .end
        cmp     dword [holds], 0
        jne     .end
        mov     dword [EOI], 0
.end:   popad
        add     esp, 4
        iret

; Lets what waits come, and gives in EAX the vectors that came, the last one lowest.
deliver:
        mov     dword [order], 0
        mov     dword [count], 0
        sti
        nop
        nop
        cli
        mov     eax, [order]
        ret

%macro came 2 ; name, order
        call    deliver
        check   {%1}, eax, %2
%endmacro

%macro send 1
        mov     dword [ICR_LOW], TO_ITSELF | %1
%endmacro

test_registers:
        mov     eax, [VERSION]
        and     eax, 0xF0
        check   "version 1xh", eax, 0x10
        mov     dword [TPR], 0xFFFFFF35
        masked  "TPR", TPR, 0xFF, 0x35
        masked  "PPR follows", PPR, 0xFF, 0x35
        mov     dword [TPR], 0
        mov     dword [LDR], 0x5A123456
        masked  "LDR", LDR, 0xFF000000, 0x5A000000
        mov     dword [DFR], 0
        masked  "DFR keeps four bits", DFR, 0xFFFFFFFF, 0x0FFFFFFF
        mov     dword [DFR], -1
        masked  "SVR", SVR, 0x1FF, 0x17F
        mov     dword [LVT_TIMER], 0x10055
        masked  "LVT timer", LVT_TIMER, 0x300FF, 0x10055
        mov     dword [SVR], 0x7F
        mov     dword [LVT_LINT0], 0x700
        masked  "off by SVR: LVT stays masked", LVT_LINT0, 0x10700, 0x10700
        mov     dword [SVR], 0x17F
        mov     dword [LVT_LINT0], 0x10700
        mov     eax, 1
        cpu     586
        cpuid
        and     ah, 0x0F                ; the family: a Pentium does not have it
        cmp     ah, 6
        jb      .end
        mov     ecx, 0x1B
        rdmsr
        cpu     386
        and     eax, 0xFFFFF900
        check   "IA32_APIC_BASE", eax, 0xFEE00900
.end:   ret

test_itself:
        send    0x51
        masked  "IRR", IRR + 0x20, -1, 1 << 17
        came    "comes with IF", 0x51
        masked  "IRR is clear", IRR + 0x20, -1, 0
        masked  "ISR is clear after EOI", ISR + 0x20, -1, 0
        send    0x51
        send    0x51
        came    "one bit, one interrupt", 0x51
        mov     dword [ICR_LOW], 0x84052
        came    "to all", 0x52
        mov     dword [ICR_LOW], 0xC4053
        came    "to all but itself", 0
        mov     eax, [ID]
        and     eax, 0x0F000000
        mov     [ICR_HIGH], eax
        mov     dword [ICR_LOW], 0x4054
        came    "by its number", 0x54
        mov     dword [LDR], 0x02000000
        mov     dword [ICR_HIGH], 0x06000000
        mov     dword [ICR_LOW], 0x4855
        came    "by its bit", 0x55
        mov     dword [ICR_HIGH], 0x04000000
        mov     dword [ICR_LOW], 0x4856
        came    "by another bit", 0
        send    0x57
        sti
        hlt                             ; HLT ends at once
        cli
        check   "HLT ends", dword [order], 0x57
        send    0x58
        mov     dword [order], 0
        sti
        cli                             ; in the shadow of STI
        check   "STI, CLI", dword [order], 0
        came    "after it", 0x58
        ret

test_priorities:
        send    0x45
        send    0x62
        send    0x71
        send    0x46
        came    "the highest first", 0x71624645
        mov     dword [TPR], 0x60
        send    0x6F
        came    "TPR holds its class back", 0
        send    0x70
        came    "and lets the next one through", 0x70
        mov     dword [TPR], 0x50
        came    "TPR lowered", 0x6F
        mov     dword [TPR], 0
        mov     dword [holds], 1
        send    0x51
        came    "in service", 0x51
        masked  "ISR", ISR + 0x20, -1, 1 << 17
        masked  "PPR is its class", PPR, 0xFF, 0x50
        send    0x5F
        came    "its class waits", 0
        send    0x60
        came    "a higher one comes", 0x60
        masked  "PPR is the higher", PPR, 0xFF, 0x60
        mov     dword [EOI], 0
        masked  "EOI ends the higher", PPR, 0xFF, 0x50
        mov     dword [holds], 0
        mov     dword [EOI], 0
        came    "EOI lets it come", 0x5F
        masked  "nothing in service", PPR, 0xFF, 0
        ret

; Waits until [count] is not zero, not for ever; interrupts are on meanwhile.
await:
        mov     dword [order], 0
        mov     dword [count], 0
        mov     ecx, 20000000
        sti
.next:  cmp     dword [count], 0
        jne     .end
        dec     ecx
        jnz     .next
.end:   cli
        ret

test_timer:
        mov     dword [DIVIDE], 0xB
        masked  "divide", DIVIDE, 0xF, 0xB
        mov     dword [LVT_TIMER], 0x48
        mov     dword [INITIAL], 10000000
        mov     ebx, [CURRENT]
        masked  "initial count", INITIAL, -1, 10000000
        lea     eax, [ebx - 1]
        cmp     eax, 10000000
        sbb     eax, eax
        check   "counts down", eax, -1
        call    await
        check   "one shot", dword [order], 0x48
        masked  "stops at 0", CURRENT, -1, 0
        mov     dword [LVT_TIMER], 0x20049
        mov     dword [INITIAL], 10000000
        call    await
        call    await
        call    await
        movzx   eax, byte [order]
        check   "periodic", eax, 0x49
        mov     dword [LVT_TIMER], 0x30049
        call    deliver
        mov     eax, [CURRENT]
.turn:  mov     edx, [CURRENT]
        cmp     edx, eax
        mov     eax, edx
        jbe     .turn                   ; until it has been loaded again
        masked  "masked: none comes", IRR + 0x20, 1 << 9, 0
        mov     dword [INITIAL], 0
        masked  "stopped by 0", CURRENT, -1, 0
        mov     dword [LVT_TIMER], 0x4A
        mov     dword [INITIAL], 100
        mov     ecx, 3000000
.wait:  test    dword [IRR + 0x20], 1 << 10
        jnz     .there
        dec     ecx
        jnz     .wait
.there: masked  "waits in IRR", IRR + 0x20, -1, 1 << 10
        came    "and comes", 0x4A
        mov     dword [LVT_TIMER], 0x10000
        ret

test_errors:
        mov     dword [ESR], 0
        mov     dword [ESR], 0
        masked  "ESR is clear", ESR, 0xFF, 0
        mov     eax, [TABLE + 0x7E * 8] ; where it comes all the same
        mov     [TABLE + 0x0F * 8], eax
        send    0x0F
        came    "a vector below 16 does not come", 0
        mov     dword [ESR], 0
        masked  "and is an error", ESR, 0x20, 0x20
        mov     dword [ESR], 0
        masked  "the next write clears it", ESR, 0xFF, 0
        ret

; The 8259A's timer through LINT0 as ExtINT.
test_lint:
        call    pic_timer
        came    "LINT0 masked", 0
        mov     dword [LVT_LINT0], 0x700
        came    "ExtINT", 0x60
        masked  "is not in service here", ISR + 0x20, -1, 0
        mov     al, 0x20
        out     0x20, al
        mov     al, 0xFF
        out     0x21, al
        mov     dword [LVT_LINT0], 0x10700
        ret

; The master 8259A at vector 60h, with the timer's interrupt waiting.
pic_timer:
        mov     al, 0x11
        out     0x20, al
        mov     al, 0x60
        out     0x21, al
        mov     al, 0x04
        out     0x21, al
        mov     al, 0x01
        out     0x21, al
        mov     al, 0xFE
        out     0x21, al
shot:   mov     al, 0x30                ; counter 0 rises once, after about 1 ms
        out     0x43, al
        mov     al, 0xA9
        out     0x40, al
        mov     al, 0x04
        out     0x40, al
.next:  mov     al, 0xE2                ; its status: the output
        out     0x43, al
        in      al, 0x40
        test    al, 0x80
        jz      .next
        mov     ecx, 200000             ; QEMU's timers run beside its processor
.late:  in      al, 0x61
        loop    .late
        ret

; EAX = register AL of the I/O APIC.
io_read:
        mov     [IO_SELECT], eax
        mov     eax, [IO_WINDOW]
        ret

%macro io_write 2
        mov     dword [IO_SELECT], %1
        mov     dword [IO_WINDOW], %2
%endmacro

%macro io_is 4 ; name, register, mask, want
        mov     eax, %2
        call    io_read
        and     eax, %3
        check   {%1}, eax, %4
%endmacro

test_io_registers:
        io_is   "24 inputs", 1, 0xFF0000, 0x170000
        io_write 0, 0x0A000000
        io_is   "ID", 0, 0x0F000000, 0x0A000000
        io_write 0, 0x01000000
        io_write 0x3F, 0
        io_write 0x3E, 0x100F5
        io_is   "an entry", 0x3E, 0x1FFFF, 0x100F5
        io_write 0x3E, 0x10000
        ret

; The timer is at input 2.
test_edges:
        mov     eax, [ID]
        and     eax, 0x0F000000
        mov     dword [IO_SELECT], 0x15
        mov     [IO_WINDOW], eax
        io_write 0x14, 0x10061
        call    shot
        io_write 0x14, 0x61
        came    "an edge at a masked input is lost", 0
        call    shot
        came    "an edge", 0x61
        came    "once", 0
        call    shot
        call    shot
        came    "two edges, one interrupt", 0x61
        mov     dword [LDR], 0x02000000
        io_write 0x15, 0x02000000
        io_write 0x14, 0x962            ; logical, lowest priority
        call    shot
        came    "lowest priority, by its bit", 0x62
        io_write 0x14, 0x10000
        ret

; The same input as a level: it stays high.
test_levels:
        io_write 0x14, 0x18863
        call    shot
        io_write 0x14, 0x8863
        mov     dword [holds], 1
        came    "a level", 0x63
        masked  "TMR", TMR + 0x30, 1 << 3, 1 << 3
        io_is   "remote IRR", 0x14, 0x4000, 0x4000
        came    "once, before its end", 0
        mov     dword [EOI], 0
        io_is   "again after its end", 0x14, 0x4000, 0x4000
        came    "the second", 0x63
        mov     al, 0x30                ; the output goes low
        out     0x43, al
        mov     al, 0xFF
        out     0x40, al
        out     0x40, al
        mov     dword [EOI], 0
        mov     dword [holds], 0
        io_is   "no more", 0x14, 0x4000, 0
        came    "nothing comes", 0
        io_write 0x14, 0x10000
        mov     al, 0x34
        out     0x43, al
        xor     al, al
        out     0x40, al
        out     0x40, al
        ret

order:  dd      0
count:  dd      0
holds:  dd      0

        rom_end
