; vbe - the VESA services of the VGA BIOS, INT 10h/4F00h-4F0Ah and 4F15h, and what older services do in VESA modes.
;
; Run:    ./run-peer.sh swift86 vbe.img
; Ends:   vbe: 113 passed, 0 failed
; After:  VESA VBE Core Functions 3.0, VESA VBE/DDC 1.1.
; Peers:  QEMU with our VGA BIOS proves all: QEMU_VGA='-vga none -device VGA,romfile=BIOS/vgabios.bin'. Needs a
;         display with the Bochs interface and 16 MB.

%define ROM_NAME "vbe"
%include "rom.inc"
%include "real.inc"

BLOCK           equ     0x5000          ; what the services give
TABLE           equ     0x5400
        absolute 0x8E0
r_ax:   resw    1
r_bx:   resw    1
r_cx:   resw    1
r_dx:   resw    1
r_es:   resw    1
r_di:   resw    1
a_ax:   resw    1                       ; and before it
a_bx:   resw    1
a_cx:   resw    1
a_dx:   resw    1
a_es:   resw    1
a_di:   resw    1
        section .text

; int10 AX, BX, CX, DX with ES:DI = BLOCK
%macro int10 4
        mov     word [a_ax], %1
        mov     word [a_bx], %2
        mov     word [a_cx], %3
        mov     word [a_dx], %4
        mov     word [a_es], 0
        mov     word [a_di], BLOCK
        in_real call10
%endmacro
%macro answers 2
        word_is {%1}, r_ax, %2
%endmacro

        bits    16
call10:
        mov     ax, [a_ax]
        mov     bx, [a_bx]
        mov     cx, [a_cx]
        mov     dx, [a_dx]
        mov     es, [a_es]
        mov     di, [a_di]
        mov     bp, 0x1357
        mov     si, 0x2468
        int     0x10
        mov     [cs:r_ax], ax
        mov     [cs:r_bx], bx
        mov     [cs:r_cx], cx
        mov     [cs:r_dx], dx
        mov     [cs:r_es], es
        mov     [cs:r_di], di
        cmp     bp, 0x1357
        jne     .bad
        cmp     si, 0x2468
        je      .good
.bad:   mov     word [cs:r_ax], 0xBAD0
.good:  ret

; The same by the far call of a mode's information.
call_window:
        mov     ax, [a_ax]
        mov     bx, [a_bx]
        mov     dx, [a_dx]
        call    far [BLOCK + 0x0C]
        mov     [cs:r_dx], dx
        ret
        bits    32

dispi:  ; EAX = register, then its value
        mov     edx, 0x1CE
        out     dx, ax
        inc     edx
        xor     eax, eax
        in      ax, dx
        ret
%macro dispi_is 3
        mov     eax, %2
        call    dispi
        check   {%1}, eax, %3
%endmacro

; EBX = where the far pointer at EBX leads
linear:
        movzx   eax, word [ebx + 2]
        movzx   ebx, word [ebx]
        shl     eax, 4
        add     ebx, eax
        ret

main:
        stage   0x10
        call    test_controller
        stage   0x11
        call    test_information
        stage   0x12
        call    test_modes
        stage   0x13
        call    test_window
        stage   0x14
        call    test_lines
        stage   0x15
        call    test_colours
        stage   0x16
        call    test_protected
        stage   0x17
        call    test_state
        stage   0x18
        call    test_old
        stage   0x19
        call    test_monitor
        int10   3, 0, 0, 0
        ret

test_controller:
        mov     dword [BLOCK], "VBE2"
        int10   0x4F00, 0, 0, 0
        answers "4F00h", 0x004F
        check   "VESA", [BLOCK], "VESA"
        word_is "version 3.0", BLOCK + 4, 0x0300
        masked  "the DAC has 8 bits", BLOCK + 10, 1, 1
        word_is "16 MB", BLOCK + 0x12, 256
        check   "the list is in the caller's block", [BLOCK + 0x0E], BLOCK + 0x22
        check   "strings are in the caller's block", [BLOCK + 0x06], BLOCK + 0x100
        mov     ebx, BLOCK + 0x1A
        call    linear
        check   "the product's name", [ebx], "Swif"
        mov     esi, BLOCK + 0x22
        xor     ecx, ecx
        mov     edx, 0
.next:
        movzx   eax, word [esi]
        add     esi, 2
        cmp     eax, 0xFFFF
        je      .end
        inc     ecx
        cmp     eax, 0x101
        jne     .not101
        or      edx, 1
.not101:
        cmp     eax, 0x115
        jne     .not115
        or      edx, 2
.not115:
        cmp     eax, 0x143
        jne     .not143
        or      edx, 4
.not143:
        cmp     ecx, 47
        jb      .next
.end:
        check   "46 modes", ecx, 46
        check   "with 101h, 115h, 143h", edx, 7
        ; An old caller has 256 bytes.
        mov     dword [BLOCK], 0
        mov     dword [BLOCK + 0x100], 0x12345678
        int10   0x4F00, 0, 0, 0
        check   "256 bytes for VBE 1.2", [BLOCK + 0x100], 0x12345678
        mov     ebx, BLOCK + 6
        call    linear
        check   "strings in the ROM", [ebx], "Swif"
        int10   0x4F77, 0, 0, 0
        answers "4F77h", 0x014F
        ret

test_information:
        int10   0x4F01, 0, 0x0101, 0
        answers "4F01h", 0x004F
        word_is "101h: attributes", BLOCK, 0x009B
        masked  "window A", BLOCK + 2, 0xFFFF, 7
        check   "64 KB", [BLOCK + 4], 0x00400040
        check   "at A000h", [BLOCK + 8], 0x0000A000
        word_is "640 bytes a line", BLOCK + 0x10, 640
        check   "640 columns, 480 lines", [BLOCK + 0x12], 640 | 480 << 16
        check   "characters of 8 x 16, a plane, 8 bits", [BLOCK + 0x16], 0x08011008
        check   "packed pixels, 54 pages", [BLOCK + 0x1A], 0x35000401
        masked  "1Eh", BLOCK + 0x1E, 0xFF, 1
        mov     eax, [BLOCK + 0x28]
        call    frame_buffer
        check   "where the frame buffer is", eax, 0xB0C00000
        word_is "bytes of a linear line", BLOCK + 0x32, 640
        int10   0x4F01, 0, 0x0112, 0
        word_is "112h: three bytes a pixel", BLOCK + 0x10, 1920
        masked  "24 bits", BLOCK + 0x19, 0xFF, 24
        check   "red, green", [BLOCK + 0x1F], 0x08081008
        check   "blue, nothing", [BLOCK + 0x23], 0x00000008
        int10   0x4F01, 0, 0x4143, 0
        word_is "143h: four bytes a pixel", BLOCK + 0x10, 3200
        check   "800 columns, 600 lines", [BLOCK + 0x12], 800 | 600 << 16
        check   "masks of linear modes: red, green", [BLOCK + 0x36], 0x08081008
        check   "blue, and what is left", [BLOCK + 0x3A], 0x18080008
        int10   0x4F01, 0, 0x0111, 0
        check   "111h: red, green", [BLOCK + 0x1F], 0x05060B05
        check   "blue, nothing", [BLOCK + 0x23], 0x00000005
        int10   0x4F01, 0, 0x0102, 0
        word_is "102h: attributes", BLOCK, 0x001B
        word_is "100 bytes a line", BLOCK + 0x10, 100
        check   "four planes of one bit", [BLOCK + 0x18], 0x03010404
        int10   0x4F01, 0, 0x01FF, 0
        answers "1FFh is none", 0x014F
        ret

; EAX = physical address. Gives B0C00000h if video memory is there.
frame_buffer:
        push    ebx
        mov     ebx, eax
        int10   0x4F02, 0x4101, 0, 0
        mov     dword [ebx + 4], 0x600DF00D
        int10   0x4F02, 0x8101, 0, 0
        mov     eax, 0xBAD
        cmp     dword [0xA0004], 0x600DF00D
        jne     .bad
        mov     eax, 0xB0C00000
.bad:   pop     ebx
        ret

test_modes:
        int10   0x4F02, 0x0101, 0, 0
        answers "4F02h", 0x004F
        int10   0x4F03, 0, 0, 0
        answers "4F03h", 0x004F
        word_is "101h", r_bx, 0x0101
        dispi_is "640 columns", 1, 640
        dispi_is "480 lines", 2, 480
        dispi_is "8 bits", 3, 8
        mov     dword [0xA0000], 0x11111111
        int10   0x4F02, 0x8101, 0, 0
        check   "bit 15 keeps the memory", [0xA0000], 0x11111111
        int10   0x4F03, 0, 0, 0
        word_is "and is told", r_bx, 0x8101
        int10   0x4F02, 0x0101, 0, 0
        check   "without, it is cleared", [0xA0000], 0
        int10   0x4F02, 0x4143, 0, 0
        answers "with the frame buffer", 0x004F
        int10   0x4F03, 0, 0, 0
        word_is "4143h", r_bx, 0x4143
        dispi_is "32 bits", 3, 32
        int10   0x4F02, 0x4102, 0, 0
        answers "planes are not linear", 0x014F
        int10   0x4F02, 0x01FF, 0, 0
        answers "1FFh", 0x014F
        int10   0x4F03, 0, 0, 0
        word_is "changes nothing", r_bx, 0x4143
        int10   0x4F02, 0x0003, 0, 0
        answers "mode 3", 0x004F
        int10   0x4F03, 0, 0, 0
        word_is "is told", r_bx, 0x0003
        mov     eax, 4
        call    dispi
        and     eax, 1
        check   "the interface is off", eax, 0
        word_is "and text is blank", 0xB8000, 0x0720
        ret

test_window:
        int10   0x4F01, 0, 0x0101, 0
        int10   0x4F02, 0x0101, 0, 0
        int10   0x4F05, 0x0000, 0, 5
        answers "4F05h", 0x004F
        dispi_is "bank 5", 5, 5
        int10   0x4F05, 0x0100, 0, 0
        word_is "is told", r_dx, 5
        mov     word [a_bx], 0
        mov     word [a_dx], 7
        in_real call_window
        dispi_is "bank 7 by a far call", 5, 7
        mov     word [a_bx], 0x0100
        in_real call_window
        word_is "is told by a far call", r_dx, 7
        int10   0x4F05, 0x0001, 0, 0
        answers "there is no window B", 0x014F
        int10   0x4F05, 0x0000, 0, 0x0FFF
        answers "nor a bank FFFh", 0x014F
        int10   0x4F02, 0x4101, 0, 0
        int10   0x4F05, 0x0000, 0, 1
        answers "nor banks in linear modes", 0x034F
        ret

test_lines:
        int10   0x4F02, 0x4111, 0, 0
        int10   0x4F06, 1, 0, 0
        answers "4F06h", 0x004F
        word_is "1,280 bytes", r_bx, 1280
        word_is "640 pixels", r_cx, 640
        word_is "13,107 lines", r_dx, 0x1000000 / 1280
        int10   0x4F06, 0, 1024, 0
        word_is "2,048 bytes", r_bx, 2048
        word_is "8,192 lines", r_dx, 8192
        int10   0x4F06, 2, 1615, 0
        word_is "1,615 bytes are 808 pixels", r_cx, 808
        int10   0x4F06, 3, 0, 0
        word_is "the most: 17,476 pixels", r_cx, 0x1000000 / 480 / 2
        int10   0x4F06, 0, 1024, 0
        int10   0x4F07, 0, 100, 200
        answers "4F07h", 0x004F
        int10   0x4F07, 1, 0, 0
        word_is "column 100", r_cx, 100
        word_is "line 200", r_dx, 200
        int10   0x4F07, 0x80, 0, 480
        answers "in the retrace", 0x004F
        dispi_is "line 480", 9, 480
        int10   0x4F07, 0, 0, 0xFFF0
        answers "beyond memory", 0x014F
        ret

test_colours:
        int10   0x4F02, 0x4101, 0, 0
        int10   0x4F08, 1, 0, 0
        word_is "6 bits at first", r_bx, 0x0601
        int10   0x4F08, 0x0800, 0, 0
        answers "4F08h", 0x004F
        word_is "8 bits", r_bx, 0x0800
        mov     dword [BLOCK], 0x00FE8001
        mov     dword [BLOCK + 4], 0x00112233
        int10   0x4F09, 0, 2, 100
        answers "4F09h", 0x004F
        mov     dword [BLOCK], 0
        mov     dword [BLOCK + 4], 0
        int10   0x4F09, 1, 2, 100
        check   "a colour", [BLOCK], 0x00FE8001
        check   "the next", [BLOCK + 4], 0x00112233
        int10   0x4F09, 0, 2, 255
        answers "not beyond 255", 0x014F
        int10   0x4F02, 0x4111, 0, 0
        int10   0x4F08, 0x0800, 0, 0
        answers "no palette in direct colours", 0x034F
        ret

; The code of 4F0Ah, copied, run here.
test_protected:
        int10   0x4F02, 0x0101, 0, 0
        int10   0x4F0A, 0, 0, 0
        answers "4F0Ah", 0x004F
        movzx   esi, word [r_es]
        movzx   eax, word [r_di]
        shl     esi, 4
        add     esi, eax
        movzx   ecx, word [r_cx]
        mov     edi, WORK + 3
        cld
        rep movsb
        mov     ebp, WORK + 3
        movzx   esi, word [ebp]
        add     esi, ebp
        xor     ebx, ebx
        mov     edx, 9
        call    esi
        dispi_is "a bank", 5, 9
        movzx   esi, word [ebp + 2]
        add     esi, ebp
        xor     ebx, ebx
        mov     edx, 0x0001
        mov     ecx, 0x2345             ; 48D14h = 465 lines of 640 bytes and 276
        call    esi
        dispi_is "a line", 9, 0x48D14 / 640
        dispi_is "a column", 8, 0x48D14 % 640
        movzx   esi, word [ebp + 4]
        add     esi, ebp
        mov     dword [TABLE], 0x00010203
        mov     edi, TABLE
        mov     ebx, 0x80
        mov     ecx, 1
        mov     edx, 77
        call    esi
        int10   0x4F09, 1, 1, 77
        check   "a colour in the retrace", [BLOCK], 0x00010203
        ret

test_state:
        int10   0x4F02, 0x0101, 0, 0
        int10   0x4F05, 0x0000, 0, 3
        int10   0x4F06, 0, 1000, 0
        mov     word [a_ax], 0x4F04
        int10   0x4F04, 0, 0x0F, 0
        answers "4F04h", 0x004F
        movzx   eax, word [r_bx]
        cmp     eax, 17
        setae   al
        movzx   eax, al
        check   "the size", eax, 1
        int10   0x4F09, 0, 1, 9
        mov     dword [BLOCK], 0x00332211
        mov     word [a_bx], BLOCK
        int10   0x4F04, BLOCK, 0x0F, 1
        answers "saved", 0x004F
        int10   0x0003, 0, 0, 0
        int10   0x4F04, BLOCK, 0x0F, 2
        answers "restored", 0x004F
        int10   0x4F03, 0, 0, 0
        word_is "the mode", r_bx, 0x0101
        dispi_is "640 columns again", 1, 640
        dispi_is "bank 3 again", 5, 3
        dispi_is "1,000 columns of memory again", 6, 1000
        int10   0x0003, 0, 0, 0
        int10   0x4F04, BLOCK, 0x0F, 1
        int10   0x4F02, 0x0101, 0, 0
        int10   0x4F04, BLOCK, 0x0F, 2
        int10   0x4F03, 0, 0, 0
        word_is "back to text", r_bx, 0x0003
        mov     eax, 4
        call    dispi
        and     eax, 1
        check   "without the interface", eax, 0
        ret

; In VESA modes nothing is written by the older services.
test_old:
        int10   0x4F02, 0x0101, 0, 0
        int10   0x0E41, 0x000F, 0, 0
        int10   0x0942, 0x000F, 10, 0
        int10   0x0C0F, 0, 20, 20
        int10   0x0600, 0x1F00, 0, 0x184F
        int10   0x1112, 0, 0, 0
        mov     edi, 0xA0000
        mov     ecx, 0x4000
        xor     eax, eax
        cld
        repe scasd
        check   "nothing drawn", ecx, 0
        int10   0x0F00, 0, 0, 0
        masked  "80 columns", r_ax, 0xFF00, 80 << 8
        int10   0x0003, 0, 0, 0
        mov     eax, 4
        call    dispi
        and     eax, 1
        check   "AH = 0 leaves the mode", eax, 0
        int10   0x0E41, 0x0007, 0, 0
        word_is "and text is written", 0xB8000, 0x0741
        ret

test_monitor:
        int10   0x4F15, 0, 0, 0
        answers "4F15h", 0x004F
        masked  "DDC2", r_bx, 0xFF, 2
        int10   0x4F15, 1, 0, 0
        answers "EDID", 0x004F
        check   "its head", [BLOCK], 0xFFFFFF00
        xor     eax, eax
        mov     esi, BLOCK
        mov     ecx, 128
.next:
        add     al, [esi]
        inc     esi
        loop    .next
        check   "its sum", eax, 0
        int10   0x4F15, 1, 0, 1
        answers "no second block", 0x014F
        ret

        rom_end
