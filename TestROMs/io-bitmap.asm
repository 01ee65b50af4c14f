; io-bitmap - who may use a port: every ring with every IOPL, virtual-8086 mode, every size at every alignment, the ends of
; the map and of the TSS, a TSS of 16 bits, INS and OUTS, what is checked first, a map in a missing page.
;
; Run:    ./run-peer.sh bochs io-bitmap.img
; Ends:   io-bitmap: 70 passed, 0 failed
; After:  Intel SDM vol. 1 18.5 (I/O protection), vol. 2 IN, OUT, INS, OUTS; vol. 3A 7.2.1 (TSS), 6.15.
; Peers:  Bochs proves all; QEMU looks at no limits.

%define ROM_NAME "io-bitmap"
%include "rom.inc"
%include "v86.inc"
%include "pages.inc"

MAP             equ     104             ; where the bitmap stands in the TSS of the tests
T               equ     WORK            ; that TSS, with room for a map of all ports
PORT            equ     0x340           ; ports of no device
BUFFER          equ     USER_STACK - 0x200

        absolute 0x800
        cells   port
        cells   size
        cells   wrong
        cells   case
        section .text

main:
        mov     edi, T
        mov     esi, TSS
        mov     ecx, 26
        cld
        rep movsd
        call    close_map
        mov     eax, 104 + 0x2000
        call    use_map
        stage   0x10
        call    test_rings
        stage   0x11
        call    test_sizes
        stage   0x12
        call    test_ends
        stage   0x13
        call    test_strings
        stage   0x14
        call    test_tss
        stage   0x15
        call    test_v86
        stage   0x16
        jmp     test_paged

; All ports are denied.
close_map:
        mov     edi, T + MAP
        mov     ecx, 0x2001
        mov     al, 0xFF
        rep stosb
        mov     word [T + 102], MAP
        ret

; The TSS is the one of the tests, with EAX as its limit.
use_map:
        descriptor TSS_SEL, T, 0, TSS32, 0
        mov     [GDT + TSS_SEL], ax
        shr     eax, 16
        mov     [GDT + TSS_SEL + 6], al
        mov     eax, TSS_SEL
        ltr     ax
        ret

; Each ring with each IOPL, and the port in the map or not: IN comes through where CPL <= IOPL or the bit is clear.
test_rings:
        xor     esi, esi
        mov     dword [wrong], 0
.case:  mov     [case], esi             ; ring | IOPL << 2 | bit << 4
        mov     eax, esi
        shr     eax, 4
        neg     eax
        mov     [T + MAP + PORT / 8], al
        mov     eax, esi
        shl     eax, 10
        and     eax, 0x3000
        or      eax, 2
        push    eax
        popfd
        mov     eax, esi
        and     eax, 3
        try
        push    dword .there
        push    eax
        jmp     enter_ring
.there: mov     edx, PORT
        in      al, dx
        out     dx, al
        int     BACK
        caught
        push    dword 2
        popfd
        mov     esi, [case]
        mov     eax, BACK << 16
        test    esi, 0x10
        jz      .want
        mov     ecx, esi
        shr     ecx, 2
        and     ecx, 3                  ; IOPL
        mov     edx, esi
        and     edx, 3
        cmp     edx, ecx
        jbe     .want
        mov     eax, GP << 16
.want:  cmp     [last_fault], eax
        je      .next
        inc     dword [wrong]
.next:  inc     esi
        cmp     esi, 32
        jb      .case
        check   "each ring with each IOPL", [wrong], 0
        mov     byte [T + MAP + PORT / 8], 0xFF
        ret

; One line a size: 32 ports from PORT on, each with three patterns of the map; what comes is compared with the bits.
%macro each_port 4                      ; name, size, code
        mov     dword [size], %2
        mov     dword [scratch], %3
        mov     dword [scratch2], %4
        call    try_ports
        check   {%1}, [wrong], 0
%endmacro

test_sizes:
        each_port "IN AL", 1, .in_al, 0
        each_port "IN AX", 2, .in_ax, 0
        each_port "IN EAX", 4, .in_eax, 0
        each_port "OUT AL", 1, .out_al, 0
        each_port "OUT AX", 2, .out_ax, 0
        each_port "OUT EAX", 4, .out_eax, 0
        each_port "INSB", 1, .insb, BUFFER + 1
        each_port "INSW", 2, .insw, BUFFER + 2
        each_port "INSD", 4, .insd, BUFFER + 4
        each_port "OUTSB", 1, .outsb, 0
        each_port "OUTSW", 2, .outsw, 0
        each_port "OUTSD", 4, .outsd, 0
        ret
.in_al: in      al, dx
        int     BACK
.in_ax: in      ax, dx
        int     BACK
.in_eax:
        in      eax, dx
        int     BACK
.out_al:
        out     dx, al
        int     BACK
.out_ax:
        out     dx, ax
        int     BACK
.out_eax:
        out     dx, eax
        int     BACK
.insb:  insb
        int     BACK
.insw:  insw
        int     BACK
.insd:  insd
        int     BACK
.outsb: outsb
        int     BACK
.outsw: outsw
        int     BACK
.outsd: outsd
        int     BACK

try_ports:
        mov     dword [wrong], 0
        mov     dword [case], 0
.case:  mov     eax, [case]
        shr     eax, 5
        mov     eax, [.patterns + eax * 4]
        mov     [T + MAP + PORT / 8], eax
        try
        push    dword .there
        push    dword 3
        jmp     enter_ring
.there: mov     esi, BUFFER
        mov     edi, BUFFER
        mov     edx, [case]
        and     edx, 31
        add     edx, PORT
        jmp     [scratch]
        caught
        mov     ecx, [case]
        shr     ecx, 5
        mov     eax, [.patterns + ecx * 4]
        mov     edx, -1                 ; behind them all is denied
        mov     ecx, [case]
        and     ecx, 31
        shrd    eax, edx, cl
        mov     ecx, [size]
        mov     edx, 1
        shl     edx, cl
        dec     edx
        and     eax, edx
        mov     eax, BACK << 16
        jz      .want
        mov     eax, GP << 16
.want:  cmp     [last_fault], eax
        jne     .bad
        mov     eax, [scratch2]         ; what EDI must be where INS came through
        test    eax, eax
        jz      .next
        cmp     dword [last_fault], BACK << 16
        je      .index
        mov     eax, BUFFER
.index: cmp     [fault_edi], eax
        je      .next
.bad:   inc     dword [wrong]
.next:  inc     dword [case]
        cmp     dword [case], 32 * 6
        jb      .case
        mov     dword [T + MAP + PORT / 8], -1
        ret
.patterns dd    0, 0x80000001, 0x01008010, 0xFFFFFFFE, 0x0F0F00F0, 0xFFFFFFFF

%macro io_ok 2+
        try_ring 3, %%here
%%here: %2
        leave_ring
        expect_left {%1}
%endmacro
%macro io_fault 2+
        try_ring 3, %%here
%%here: %2
        expect_fault {%1}, GP, 0
%endmacro

; The map ends where the TSS does; two bytes of it are read, also for a byte.
test_ends:
        mov     dword [T + MAP + 0x10], 0
        mov     eax, MAP + 0x11
        call    use_map
        io_ok   "the last byte but one of the map", in al, 0x80
        io_ok   "the last byte but one, its last port", in al, 0x87
        io_fault "the last byte of the map", in al, 0x88
        io_ok   "a word within the last byte but one", in ax, 0x86
        io_ok   "a word into the last byte", in ax, 0x87
        mov     eax, MAP + 0x10
        call    use_map
        io_fault "the TSS ends with the byte of the port", in al, 0x80
        io_fault "the TSS ends before the byte of the port", in al, 0x88
        mov     word [T + 102], MAP + 0x10
        mov     byte [T + MAP + 0x10], 0
        io_fault "the map starts at the limit", in al, 0
        mov     word [T + 102], MAP + 0x11
        io_fault "the map starts behind the limit", in al, 0
        mov     word [T + 102], 0xFFFF
        io_fault "the map starts at FFFFh", in al, 0
        ; Ports FFFCh-FFFFh stand in byte 1FFFh; the byte behind it is looked at too.
        call    close_map
        mov     eax, MAP + 0x2000
        call    use_map
        mov     byte [T + MAP + 0x1FFF], 0
        mov     edx, 0xFFFF
        try_ring 3, .last
.last:  mov     edx, 0xFFFF
        in      al, dx
        mov     edx, 0xFFFC
        in      eax, dx
        leave_ring
        expect_left "port FFFFh, and four from FFFCh on"
        try_ring 3, .over
.over:  mov     edx, 0xFFFF
        in      ax, dx
        expect_fault "a word at port FFFFh, with ones behind the map", GP, 0
        mov     eax, MAP + 0x1FFF
        call    use_map
        try_ring 3, .short
.short: mov     edx, 0xFFFF
        in      al, dx
        expect_fault "port FFFFh in a map without a byte behind it", GP, 0
        call    close_map
        ; The immediate is a byte: port 80h and not FF80h. The TSS's own fields may serve as map.
        mov     eax, MAP + 0x2000
        call    use_map
        mov     byte [T + MAP + 0x1FF0], 0
        io_fault "a port of eight bits has zeros above", in al, 0x80
        mov     byte [T + MAP + 0x1FF0], 0xFF
        mov     word [T + 102], 0x1C    ; the field of CR3 is 0
        io_ok   "a map that starts within the TSS", in al, 0x0
        mov     word [T + 102], MAP
        ret

test_strings:
        mov     byte [T + MAP + PORT / 8], 0xFE
        try_ring 3, .rep
.rep:   mov     edx, PORT
        mov     edi, BUFFER
        mov     ecx, 5
        rep insb
        leave_ring
        expect_left "REP INSB"
        check   "REP INSB, ECX", [fault_ecx], 0
        check   "REP INSB, EDI", [fault_edi], BUFFER + 5
        try_ring 3, .rep_denied
.rep_denied:
        mov     edx, PORT + 1
        mov     edi, BUFFER
        mov     ecx, 5
.it:    rep insb
        expect_fault "REP INSB, denied", GP, 0
        check   "REP INSB, denied, ECX", ecx, 5
        check   "REP INSB, denied, EDI", edi, BUFFER
        check   "REP INSB, denied, EIP", [fault_eip], .it
        ; The map goes before the memory operand.
        descriptor FREE, BUFFER, 3, DATA_RW | DPL3, BIG
        try_ring 3, .both
.both:  mov     eax, FREE
        mov     es, eax
        mov     fs, eax
        mov     edx, PORT
        mov     edi, 4
        insb
        expect_fault "INSB over the limit", GP, 0
        descriptor FREE, BUFFER, 3, DATA_RO | DPL3, BIG
        try_ring 3, .read_only
.read_only:
        mov     eax, FREE
        mov     es, eax
        mov     edx, PORT
        mov     edi, 0
        insb
        expect_fault "INSB to read-only data", GP, 0
        mov     byte [T + MAP + PORT / 8], 0xFF
        ret

; A TSS too short for the field of the map, and one of 16 bits.
test_tss:
        mov     dword [T + MAP], 0
        mov     eax, 103
        call    use_map
        io_fault "a TSS without a map", in al, 0
        mov     word [T + 102], 0x50
        io_ok   "a TSS of the least size, the map within it", in al, 0
        mov     eax, 102
        call    use_map
        io_fault "a TSS that ends within the field of the map", in al, 0
        mov     eax, 101
        call    use_map
        io_fault "a TSS that ends before the field of the map", in al, 0
        descriptor TSS_SEL, TSS + 0x800, 0xFFF, TSS16, 0
        mov     edi, TSS + 0x800
        mov     ecx, 0x200
        xor     eax, eax
        rep stosd
        mov     dword [TSS + 0x802], KDATA << 16 | KERNEL_STACK
        mov     word [TSS + 0x800 + 102], MAP
        mov     eax, TSS_SEL
        ltr     ax
        io_fault "a TSS of 16 bits has no map", in al, 0
        push    dword 0x3002
        popfd
        io_ok   "a TSS of 16 bits, IOPL 3", in al, 0x80
        v86     IOPL3, in al, 0x80
        expect_fault "a TSS of 16 bits, virtual-8086 mode, IOPL 3", GP, 0
        push    dword 2
        popfd
        ; LTR takes a limit that is too short for anything.
        mov     eax, 0x20
        call    use_map
        io_fault "a TSS of 33 bytes", in al, 0
        mov     word [T + 102], MAP
        ret

; In virtual-8086 mode the map counts whatever IOPL is.
test_v86:
        mov     eax, MAP + 0x2000
        call    use_map
        call    close_map
%assign level 0
%rep 4
%defstr digit level
        mov     byte [T + MAP + 0x10], 0
        v86     level << 12, in al, 0x80
        expect_end {"virtual-8086 mode, a port in the map, IOPL ", digit}
        mov     byte [T + MAP + 0x10], 1
        v86     level << 12, in al, 0x80
        expect_fault {"virtual-8086 mode, a port not in the map, IOPL ", digit}, GP, 0
%assign level level + 1
%endrep
        mov     byte [T + MAP + 0x10], 0x10
        v86     IOPL3, in ax, 0x83
        expect_fault "virtual-8086 mode, a word, the second denied", GP, 0
        v86     IOPL3, in eax, 0x84
        expect_fault "virtual-8086 mode, a dword, the first denied", GP, 0
        v86     IOPL3, in eax, 0x80
        expect_end "virtual-8086 mode, a dword"
        v86     IOPL3, call .insw
        expect_fault "virtual-8086 mode, INSW, the second denied", GP, 0
        word_is "virtual-8086 mode, INSW, DI stays", fault_edi, 0x40
        ret
        bits    16
.insw:  mov     dx, 0x83
        mov     di, 0x40
        insw
        ret
        bits    32

; The map is read as ring 0 reads, through the pages.
test_paged:
        mov     byte [T + MAP + 0x10], 0
        call    paging_on
        mov     byte [TABLE0 + 0x10 * 4], P | W
        call    flush
        io_ok   "a map in a page of ring 0", in al, 0x80
        mov     byte [TABLE0 + 0x10 * 4], P
        call    flush
        io_ok   "a map in a read-only page", in al, 0x80
        ; The byte of port 7C80h and the one behind it lie on both sides of the page's end.
        mov     byte [T + 0x1000 - 1], 0
        mov     byte [T + 0x1000], 0xFE
        mov     dword [TABLE0 + 0x11 * 4], T + 0x1000 | P | W
        call    flush
        try_ring 3, .seam
.seam:  mov     edx, (0xFFF - MAP) * 8 + 7
        in      ax, dx
        leave_ring
        expect_left "a word whose bits stand in two pages"
        mov     dword [TABLE0 + 0x11 * 4], 0
        call    flush
        try_ring 3, .missing
.missing:
        mov     edx, (0x1000 - MAP) * 8
        in      al, dx
        expect_fault "a map in a missing page", PF, 0
        check   "a map in a missing page, CR2", [fault_cr2], T + 0x1000
        try_ring 3, .second
.second:
        mov     edx, (0xFFF - MAP) * 8
        in      al, dx
        expect_fault "a map whose second byte is in a missing page", PF, 0
        check   "a map whose second byte is missing, CR2", [fault_cr2], T + 0x1000
        mov     dword [TABLE0 + 0x11 * 4], T + 0x1000 | P | W
        call    flush
        ; INS: the map goes before the page of its memory.
        map     0, 0
        try_ring 3, .denied
.denied:
        mov     edi, LINEAR
        mov     edx, PORT
        insb
        expect_fault "INSB, denied, to a missing page", GP, 0
        mov     byte [T + MAP + PORT / 8], 0
        try_ring 3, .allowed
.allowed:
        mov     edi, LINEAR + 4
        mov     edx, PORT
        insb
        expect_fault "INSB, allowed, to a missing page", PF, 6
        check   "INSB, allowed, to a missing page, CR2", [fault_cr2], LINEAR + 4
        try_ring 3, .outs
.outs:  mov     esi, LINEAR + 8
        mov     edx, PORT
        outsd
        expect_fault "OUTSD, allowed, from a missing page", PF, 4
        check   "OUTSD, allowed, ESI stays", esi, LINEAR + 8
        call    paging_off
        ret

rom_end
