; Palette, fonts, choices, state.
%include "report.inc"
BUFFER  equ 0xC000
start:
        mov     ax, 3
        int     0x10
        mov     bp, 0xB9B9

        title   "palette registers"
        mov     ax, 0x1000
        mov     bx, 0x2305
        call    int10r
        mov     ax, 0x1001
        mov     bx, 0x0900
        call    int10r
        mov     ax, 0x1003
        mov     bx, 0
        call    int10r
        call    vga
        mov     ax, 0x1007
        mov     bx, 5
        call    int10r
        mov     ax, 0x1008
        mov     bx, 5
        call    int10r
        mov     ax, 0x1009
        mov     dx, BUFFER
        call    int10r
        mov     si, BUFFER
        mov     cx, 17
        call    bytes
        mov     ax, 0x1002
        mov     dx, .palette
        call    int10r
        mov     ax, 0x1003
        mov     bx, 1
        int     0x10
        call    vga
        jmp     .dac
.palette:
        db      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
.dac:
        title   "DAC"
        mov     ax, 0x1010
        mov     bx, 0x12
        mov     dx, 0x3F00
        mov     cx, 0x1020
        call    int10r
        mov     ax, 0x1015
        mov     bx, 0x12
        mov     cx, 0
        mov     dx, 0x1234
        call    int10r
        mov     ax, 0x1012
        mov     bx, 0x20
        mov     cx, 5
        mov     dx, .palette
        call    int10r
        mov     ax, 0x1017
        mov     bx, 0x1F
        mov     cx, 8
        mov     dx, BUFFER
        call    int10r
        mov     si, BUFFER
        mov     cx, 24
        call    bytes
        mov     ax, 0x101B
        mov     bx, 0
        mov     cx, 64
        call    int10r
        mov     ax, 64
        call    dac
        mov     ax, 0x1018
        mov     bx, 0x77
        call    int10r
        mov     ax, 0x1019
        mov     bx, 0
        call    int10r
        mov     ax, 0x1018
        mov     bx, 0xFF
        int     0x10
        mov     si, .pages
.page:
        lodsw
        cmp     ax, 0xFFFF
        je      .paged
        mov     bx, ax
        mov     ax, 0x1013
        push    si
        call    int10r
        mov     ax, 0x101A
        mov     bx, 0
        call    int10r
        call    vga
        pop     si
        jmp     .page
.pages: dw      0x0301, 0x0100, 0x0A01, 0x0000, 0x0001, 0xFFFF
.paged:
        mov     ax, 0x1201
        mov     bl, 0x31
        call    int10r
        mov     ax, 3
        int     0x10
        mov     ax, 64
        call    dac
        call    vga
        mov     ax, 0x1200
        mov     bl, 0x31
        call    int10r
        mov     ax, 0x1200
        mov     bl, 0x33
        call    int10r
        mov     ax, 3
        int     0x10
        mov     ax, 64
        call    dac
        mov     ax, 0x1010
        mov     bx, 0x12
        mov     dx, 0x3F00
        mov     cx, 0x1020
        int     0x10
        mov     ax, 64
        call    dac
        mov     ax, 0x1201
        mov     bl, 0x33
        call    int10r

        title   "choices"
        mov     ax, 0x1200
        mov     bx, 0xFF10
        mov     cx, 0xFFFF
        call    int10r
        mov     cx, 0x2B
.choice:
        push    cx
        mov     ax, 0x1205
        mov     bl, cl
        mov     bh, 0
        mov     cx, 0
        call    int10r
        pop     cx
        inc     cx
        cmp     cx, 0x38
        jb      .choice
        mov     ax, 0x1201
        mov     bl, 0x34
        call    int10r
        mov     ah, 1
        mov     cx, 0x0607
        int     0x10
        call    crtc_cursor
        mov     ax, 0x1200
        mov     bl, 0x34
        call    int10r
        mov     ah, 1
        mov     cx, 0x0607
        int     0x10
        call    crtc_cursor
        mov     ax, 0x1201
        mov     bl, 0x36
        call    int10r
        call    vga
        mov     ax, 0x1200
        mov     bl, 0x36
        call    int10r
        mov     ax, 0x1201
        mov     bl, 0x32
        call    int10r
        call    vga
        mov     ax, 0x1200
        mov     bl, 0x32
        call    int10r
        call    vga
        mov     ax, 0x1A00
        mov     bx, 0
        call    int10r
        mov     ax, 0x1A01
        mov     bx, 0x0100
        call    int10r
        mov     ax, 0x1A00
        mov     bx, 0
        call    int10r
        mov     ax, 0x1A01
        mov     bx, 0x0008
        call    int10r
        mov     ax, 0x1A00
        mov     bx, 0
        call    int10r
        mov     ax, 0x4F00
        call    int10r
        mov     ax, 0xFF00
        call    int10r
        mov     ax, 0x0400
        call    int10r

        title   "fonts"
        mov     cx, 0
.info:
        push    cx
        mov     ax, 0x1130
        mov     bh, cl
        mov     bl, 0
        mov     cx, 0
        push    es
        mov     si, 0
        mov     bp, 0
        int     0x10
        push    cx
        push    dx
        mov     si, bp
        mov     ax, es
        push    ds
        mov     ds, ax
        call    hex_word
        note    " "
        mov     cx, 32
        call    bytes
        pop     ds
        pop     dx
        pop     cx
        mov     bp, 0
        call    registers
        pop     es
        pop     cx
        inc     cx
        cmp     cx, 8
        jbe     .info
        mov     bp, 0xB9B9
        ; Vectors
        mov     si, 0x1F * 4
        mov     cx, 4
        call    bytes
        mov     si, 0x43 * 4
        mov     cx, 4
        call    bytes
        ; A font of our own, into block 3, half of it
        mov     bp, 0x7C00
        mov     ax, 0x1100
        mov     bx, 0x0C03
        mov     cx, 100
        mov     dx, 40
        call    int10r
        mov     bp, 0xB9B9
        call    plane2
        mov     ax, 0x1103
        mov     bx, 0x0013
        call    int10r
        call    vga
        mov     bp, 0x7C00
        mov     ax, 0x1110
        mov     bx, 0x0A00
        mov     cx, 256
        mov     dx, 0
        call    int10r
        mov     bp, 0xB9B9
        call    plane2
        call    bda
        call    vga

        title   "state"
        mov     ax, 3
        int     0x10
        mov     ax, 0x1B00
        mov     bx, 0
        mov     di, BUFFER
        int     0x10
        call    registers
        mov     si, BUFFER
        mov     cx, 64
        call    bytes
        les     di, [BUFFER]
        mov     si, di
        push    ds
        push    es
        pop     ds
        mov     cx, 16
        call    bytes
        pop     ds
        push    ds
        pop     es
        mov     cx, 1
.size:
        push    cx
        mov     ax, 0x1C00
        mov     bx, 0
        call    int10r
        pop     cx
        inc     cx
        cmp     cx, 8
        jb      .size

        mov     ax, 3
        int     0x10
        mov     ax, 0x1112
        mov     bx, 0
        int     0x10
        mov     ax, 0x1010
        mov     bx, 0x12
        mov     dx, 0x3F00
        mov     cx, 0x1020
        int     0x10
        call    vga
        call    bda
        mov     ax, 0x1C01
        mov     cx, 7
        mov     bx, BUFFER
        call    int10r
        call    vga
        mov     ax, 0x0013
        int     0x10
        mov     ax, 0x1C02
        mov     cx, 7
        mov     bx, BUFFER
        call    int10r
        call    vga
        call    bda
        mov     ax, 64
        call    dac
        mov     ax, 0x0007
        int     0x10
        mov     ax, 0x1C02
        mov     cx, 7
        mov     bx, BUFFER
        call    int10r
        call    vga
        call    bda
        jmp     finish

; The first 32 KB of plane 2
plane2:
        push    ax
        push    dx
        mov     dx, 0x3C4
        mov     ax, 0x0704
        out     dx, ax
        mov     dx, 0x3CE
        mov     ax, 0x0204
        out     dx, ax
        mov     ax, 0x0005
        out     dx, ax
        mov     ax, 0x0406
        out     dx, ax
        mov     ax, 0xA000
        mov     cx, 0xFFFF
        call    sum
        mov     ax, 0x0E06
        out     dx, ax
        mov     ax, 0x1005
        out     dx, ax
        mov     ax, 0x0004
        out     dx, ax
        mov     dx, 0x3C4
        mov     ax, 0x0204
        out     dx, ax
        pop     dx
        pop     ax
        ret
