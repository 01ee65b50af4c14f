; dispi - the Bochs display interface of a standard VGA: its registers, the linear frame buffer and the window on it, planes,
; the DAC in 8 bits; code that runs in video memory; a base address register that moves.
;
; Run:    ./run-peer.sh qemu dispi.img
; Ends:   dispi: 66 passed, 0 failed
; After:  the interface's description in Bochs's sources (vbe_display_api.txt), QEMU's docs/specs/standard-vga.
; Peers:  QEMU proves all but two: a map mask has no effect in its 4-bit mode. Needs 16 MB of video memory. Without PCI the frame buffer is at E0000000h.

%define ROM_NAME "dispi"
%include "rom.inc"

        absolute 0x900
        cells   lfb                     ; the frame buffer
        cells   bar                     ; CONFADD of its base address register, 0 without PCI
        section .text

ID              equ     0
XRES            equ     1
YRES            equ     2
BPP             equ     3
ENABLE          equ     4
BANK            equ     5
VIRT_WIDTH      equ     6
VIRT_HEIGHT     equ     7
X_OFFSET        equ     8
Y_OFFSET        equ     9
MEMORY          equ     10
WINDOW          equ     0xA0000

; EAX = the register
%macro get 1
        mov     eax, %1
        call    dispi_get
%endmacro
%macro put 2
        push    dword %2
        push    dword %1
        call    dispi_put
%endmacro
%macro is 3                             ; name, register, value
        get     %2
        check   {%1}, eax, %3
%endmacro

dispi_get:
        push    edx
        mov     edx, 0x1CE
        out     dx, ax
        inc     edx
        xor     eax, eax
        in      ax, dx
        pop     edx
        ret
dispi_put:
        push    edx
        push    eax
        mov     edx, 0x1CE
        mov     eax, [esp + 12]
        out     dx, ax
        inc     edx
        mov     eax, [esp + 16]
        out     dx, ax
        pop     eax
        pop     edx
        ret     8

; EAX = columns, EBX = lines, ECX = bits, EDX = what ENABLE gets
mode:
        put     ENABLE, 0
        put     XRES, eax
        put     YRES, ebx
        put     BPP, ecx
        put     ENABLE, edx
        ret
%macro mode 4
        mov     eax, %1
        mov     ebx, %2
        mov     ecx, %3
        mov     edx, %4
        call    mode
%endmacro

main:
        stage   0x10
        call    find
        call    test_registers
        stage   0x11
        call    test_memory
        stage   0x12
        call    test_window
        stage   0x13
        call    test_code
        stage   0x14
        call    test_planes
        stage   0x15
        call    test_dac
        stage   0x16
        jmp     test_moves

; The adapter on PCI, or the place that it has without.
find:
        mov     dword [lfb], 0xE0000000
        mov     dword [bar], 0
        mov     edx, 0xCF8
        mov     ecx, 0x80000000
        mov     eax, ecx
        out     dx, eax
        in      eax, dx
        cmp     eax, ecx
        jne     .done
.next:
        mov     eax, ecx
        mov     dl, 0xF8
        out     dx, eax
        mov     dl, 0xFC
        in      eax, dx
        cmp     eax, 0x11111234
        je      .found
        add     ecx, 0x800
        cmp     ecx, 0x80010000
        jb      .next
.done:  ret
.found:
        lea     eax, [ecx + 0x10]
        mov     [bar], eax
        mov     dl, 0xF8
        out     dx, eax
        mov     dl, 0xFC
        in      eax, dx
        and     al, 0xF0
        mov     [lfb], eax
        ret

test_registers:
        get     ID
        and     eax, 0xFFF0
        check   "it is there", eax, 0xB0C0
        put     ID, 0xB0C4
        is      "an ID is taken", ID, 0xB0C4
        put     ID, 0xB0C5
        is      "another ID is taken", ID, 0xB0C5
        put     ID, 0x1234
        get     ID
        and     eax, 0xFFF0
        check   "what is none is not", eax, 0xB0C0
        is      "256 times 64 KB", MEMORY, 256
        mode    800, 600, 32, 0x41
        is      "800 columns", XRES, 800
        is      "600 lines", YRES, 600
        is      "32 bits", BPP, 32
        get     ENABLE
        and     eax, 1
        check   "enabled", eax, 1
        is      "bank 0", BANK, 0
        is      "virtual width", VIRT_WIDTH, 800
        is      "virtual height", VIRT_HEIGHT, 0x1000000 / 3200
        put     VIRT_WIDTH, 1024
        is      "a wider virtual screen", VIRT_WIDTH, 1024
        is      "has fewer lines", VIRT_HEIGHT, 4096
        put     X_OFFSET, 100
        put     Y_OFFSET, 300
        is      "first column", X_OFFSET, 100
        is      "first line", Y_OFFSET, 300
        put     VIRT_WIDTH, 800
        put     X_OFFSET, 0
        put     Y_OFFSET, 0
        ; What there can be at most is at least what other tests ask for.
        put     ENABLE, 0x43
        get     XRES
        cmp     eax, 1599
        seta    al
        movzx   eax, al
        check   "1600 columns are possible", eax, 1
        get     YRES
        cmp     eax, 1199
        seta    al
        movzx   eax, al
        check   "1200 lines are possible", eax, 1
        is      "32 bits are possible", BPP, 32
        put     ENABLE, 0x41
        is      "still 800 columns", XRES, 800
        ; Once more: the virtual screen is that of the mode again.
        put     VIRT_WIDTH, 1600
        put     Y_OFFSET, 5
        mode    640, 480, 16, 0x41
        is      "enabling resets the virtual width", VIRT_WIDTH, 640
        is      "and the first line", Y_OFFSET, 0
        mode    640, 480, 15, 0x41
        is      "15 bits", BPP, 15
        mode    640, 480, 24, 0x41
        is      "24 bits", BPP, 24
        is      "lines of three bytes a pixel", VIRT_HEIGHT, 0x1000000 / 1920
        mode    640, 480, 8, 0x41
        is      "8 bits", BPP, 8
        ; The data register at an even port
        mov     edx, 0x1CE
        mov     eax, XRES
        out     dx, ax
        xor     eax, eax
        mov     dl, 0xD0
        in      ax, dx
        check   "the data register at 1D0h", eax, 640
        ret

test_memory:
        mode    800, 600, 32, 0x41
        mov     ebx, [lfb]
        mov     dword [ebx], 0x12345678
        mov     dword [ebx + 800 * 600 * 4 - 4], 0x9ABCDEF0
        check   "the first pixel", [ebx], 0x12345678
        check   "the last pixel", [ebx + 800 * 600 * 4 - 4], 0x9ABCDEF0
        mov     dword [ebx + 0xFFFFFC], 0x0BADCAFE
        check   "the last of memory", [ebx + 0xFFFFFC], 0x0BADCAFE
        mov     byte [ebx + 0x1002], 0x55
        mov     word [ebx + 0x1000], 0x3344
        movzx   eax, byte [ebx + 0x1001]
        check   "a byte", eax, 0x33
        check   "bytes and words", [ebx + 0x1000], 0x00553344
        mov     dword [ebx + 0x2FFE], 0xA1B2C3D4
        movzx   eax, word [ebx + 0x3000]
        check   "over the seam of two pages", eax, 0xA1B2
        check   "there and back", [ebx + 0x2FFE], 0xA1B2C3D4
        ; Strings
        lea     edi, [ebx + 0x100003]
        mov     ecx, 0x4000
        mov     eax, 0x01020304
        cld
        rep stosd
        check   "STOS", [ebx + 0x10FFFF], 0x01020304
        lea     esi, [ebx + 0x100003]
        lea     edi, [ebx + 0x200000]
        mov     ecx, 0x4000
        rep movsd
        check   "MOVS", [ebx + 0x20FFFC], 0x01020304
        lea     esi, [ebx + 0x100003]
        lea     edi, [ebx + 0x200000]
        mov     ecx, 0x4000
        repe cmpsd
        check   "CMPS", ecx, 0
        mov     eax, 0x01020304
        lock add [ebx], eax
        check   "a read, and a write", [ebx], 0x12345678 + 0x01020304
        put     ENABLE, 0
        put     ENABLE, 0xC1
        check   "enabling with bit 7 keeps the memory", [ebx], 0x12345678 + 0x01020304
        put     ENABLE, 0
        put     ENABLE, 0x41
        check   "enabling clears the first pixel", [ebx], 0
        check   "and the last", [ebx + 800 * 600 * 4 - 4], 0
        check   "and no more", [ebx + 0xFFFFFC], 0x0BADCAFE
        ret

; The window of 64 KB, with banks
test_window:
        mode    640, 480, 8, 0x01
        mov     ebx, [lfb]
        put     BANK, 7
        is      "bank 7", BANK, 7
        mov     dword [WINDOW + 0x1234], 0xFEDCBA98
        check   "a store to the window", [ebx + 0x71234], 0xFEDCBA98
        mov     dword [ebx + 0x7FFFC], 0x76543210
        check   "a load from the window", [WINDOW + 0xFFFC], 0x76543210
        mov     dword [WINDOW + 0x4FFE], 0x11223344
        check   "over a page", [ebx + 0x74FFE], 0x11223344
        put     BANK, 255
        mov     dword [WINDOW], 0x5A5A5A5A
        check   "the last bank", [ebx + 0xFF0000], 0x5A5A5A5A
        put     BANK, 7
        check   "another bank, other memory", [WINDOW + 0x1234], 0xFEDCBA98
        put     BANK, 0
        check   "and bank 0", [WINDOW + 0x1234], 0
        ret

; Code in the frame buffer and in the window. Its bytes: MOV EAX,value / RET.
test_code:
        mode    640, 480, 8, 0x41
        mov     ebx, [lfb]
        lea     esi, [ebx + 0x5000]
        mov     byte [esi], 0xB8
        mov     dword [esi + 1], 1
        mov     byte [esi + 5], 0xC3
        call    esi
        check   "code in the frame buffer", eax, 1
        mov     dword [esi + 1], 2
        call    esi
        check   "changed", eax, 2
        mov     ecx, 1000
.loop:
        inc     dword [esi + 1]
        call    esi
        loop    .loop
        check   "a thousand times", eax, 1002
        ; In two banks
        put     ENABLE, 0
        put     ENABLE, 0x81
        mov     byte [ebx + 0x30100], 0xB8
        mov     dword [ebx + 0x30101], 3
        mov     byte [ebx + 0x30105], 0xC3
        mov     byte [ebx + 0x40100], 0xB8
        mov     dword [ebx + 0x40101], 4
        mov     byte [ebx + 0x40105], 0xC3
        mov     esi, WINDOW + 0x100
        put     BANK, 3
        call    esi
        check   "code in bank 3", eax, 3
        put     BANK, 4
        call    esi
        check   "code in bank 4", eax, 4
        put     BANK, 3
        call    esi
        check   "code in bank 3 again", eax, 3
        mov     dword [WINDOW + 0x101], 33
        call    esi
        check   "changed in the window", eax, 33
        ret

; Four planes, more than 64 KB of each
test_planes:
        mode    800, 600, 4, 0x01
        is      "4 bits", BPP, 4
        mov     edx, 0x3CE
        mov     eax, 0x0005             ; write mode 0, read mode 0
        out     dx, ax
        mov     eax, 0x0001
        out     dx, ax
        mov     eax, 0x0003
        out     dx, ax
        mov     eax, 0xFF08
        out     dx, ax
        mov     edx, 0x3C4
        mov     eax, 0x0604             ; no chain, which QEMU leaves from modes of 8 bits
        out     dx, ax
        mov     ecx, 4
.bank:
        dec     ecx
        put     BANK, ecx
        mov     edx, 0x3C4
        mov     eax, 0x0102
        out     dx, ax
        mov     al, 0x10
        add     al, cl
        mov     [WINDOW + 0x4321], al
        mov     eax, 0x0802
        out     dx, ax
        mov     al, 0x80
        add     al, cl
        mov     [WINDOW + 0x4321], al
        inc     ecx
        loop    .bank
        mov     edx, 0x3CE
        put     BANK, 2
        mov     eax, 0x0004
        out     dx, ax
        movzx   eax, byte [WINDOW + 0x4321]
        check   "plane 0 of bank 2", eax, 0x12
        mov     eax, 0x0304
        out     dx, ax
        movzx   eax, byte [WINDOW + 0x4321]
        check   "plane 3 of bank 2", eax, 0x82
        put     BANK, 0
        mov     eax, 0x0004
        out     dx, ax
        movzx   eax, byte [WINDOW + 0x4321]
        check   "plane 0 of bank 0", eax, 0x10
        ret

test_dac:
        mode    640, 480, 8, 0x21
        mov     edx, 0x3C8
        mov     al, 5
        out     dx, al
        inc     edx
        mov     al, 0xFE
        out     dx, al
        out     dx, al
        out     dx, al
        call    .read
        check   "a DAC of 8 bits", eax, 0xFE
        put     ENABLE, 0x01
        mov     edx, 0x3C8
        mov     al, 5
        out     dx, al
        inc     edx
        mov     al, 0x3E
        out     dx, al
        out     dx, al
        out     dx, al
        call    .read
        check   "and of 6", eax, 0x3E
        ret
.read:
        mov     edx, 0x3C7
        mov     al, 5
        out     dx, al
        add     edx, 2
        xor     eax, eax
        in      al, dx
        ret

; The frame buffer somewhere else: what translations the CPU keeps must go.
test_moves:
        mode    640, 480, 32, 0x41
        cmp     dword [bar], 0
        je      .done
        mov     ebx, [lfb]
        mov     dword [ebx + 0x3000], 0xC0FFEE00
        check   "where it was", [ebx + 0x3000], 0xC0FFEE00
        mov     eax, 0xEA000000
        call    .place
        mov     ecx, 0xEA000000
        check   "where it is", [ecx + 0x3000], 0xC0FFEE00
        mov     dword [ecx + 0x3000], 0xC0FFEE01
        mov     dword [ebx + 0x3000], 0xBAD
        check   "what is stored at the old place is lost", [ecx + 0x3000], 0xC0FFEE01
        mov     eax, ebx
        call    .place
        check   "back again", [ebx + 0x3000], 0xC0FFEE01
.done:
        put     ENABLE, 0
        ret
.place:
        push    eax
        mov     edx, 0xCF8
        mov     eax, [bar]
        out     dx, eax
        mov     dl, 0xFC
        pop     eax
        out     dx, eax
        ret

        rom_end
