; Text services in modes 3, 1 and 7, with pages, windows, strings, 50 lines.
%include "report.inc"
start:
        mov     ax, 3
        int     0x10
        mov     bp, 0xB9B9

        title   "teletype: all characters"
        xor     bx, bx
        mov     cx, 256
.all:
        mov     al, cl
        cmp     al, 7
        je      .skip
        mov     ah, 0x0E
        int     0x10
.skip:
        loop    .all
        mov     bx, 6
        xor     dx, dx
        call    text
        call    bda
        call    crtc_cursor
        mov     ax, 0x0E41
        mov     bx, 7
        call    int10r

        title   "teletype: scroll"
        mov     dx, 0x174E              ; row 23
        mov     bx, 0
        mov     ah, 2
        int     0x10
        mov     ax, 0x092E              ; attributes for the rows to come
        mov     bx, 0x1E
        mov     cx, 160
        int     0x10
        mov     si, message
.message:
        lodsb
        test    al, al
        jz      said
        mov     ah, 0x0E
        mov     bx, 0
        int     0x10
        jmp     .message
message:
        db      "Here", 13, 10, "and there", 8, 8, "X", 10, "lower", 13, "Z", 10, 10, "end", 0
said:
        mov     bx, 25
        xor     dx, dx
        call    text
        call    bda
        call    crtc_cursor

        title   "windows"
        mov     si, windows
.window:
        lodsw
        cmp     ax, 0xFFFF
        je      windowed
        push    ax
        call    fill
        pop     ax
        push    ax
        lodsw
        mov     bx, ax
        lodsw
        mov     cx, ax
        lodsw
        mov     dx, ax
        pop     ax
        push    si
        call    int10r
        mov     bx, 25
        xor     dx, dx
        call    text
        pop     si
        jmp     .window
windows:
        dw      0x0601, 0x4F00, 0x0000, 0x184F
        dw      0x0701, 0x4F00, 0x0000, 0x184F
        dw      0x0600, 0x1F00, 0x050A, 0x0A28
        dw      0x0703, 0x2F00, 0x050A, 0x0A28
        dw      0x0603, 0x3F00, 0x050A, 0x0A28
        dw      0x0606, 0x3F00, 0x050A, 0x0A28
        dw      0x0605, 0x3F00, 0x050A, 0x0A28
        dw      0x0620, 0x3F00, 0x050A, 0x0A28
        dw      0x0602, 0x3F00, 0x1400, 0x30FF
        dw      0x0701, 0x3F00, 0x1841, 0x1841
        dw      0xFFFF
windowed:

        title   "cells"
        mov     ax, 3
        int     0x10
        mov     dx, 0x0A4C
        mov     bx, 0
        mov     ah, 2
        call    int10r
        mov     ax, 0x09DB
        mov     bx, 0x34
        mov     cx, 9
        call    int10r
        mov     ax, 0x0A55
        mov     bx, 0x34
        mov     cx, 3
        call    int10r
        mov     ax, 0x0800
        mov     bx, 0
        call    int10r
        mov     ax, 0x0941
        mov     cx, 0
        mov     bx, 0x34
        call    int10r
        call    crtc_cursor
        mov     bx, 25
        xor     dx, dx
        call    text

        title   "pages"
        mov     ax, 3
        int     0x10
        mov     bx, 0
.page:
        mov     dh, bh
        mov     dl, 5
        mov     ah, 2
        int     0x10
        mov     ah, 9
        mov     al, bh
        add     al, 'a'
        mov     bl, 0x17
        mov     cx, 7
        int     0x10
        inc     bh
        cmp     bh, 8
        jb      .page
        mov     ax, 0x0503
        call    int10r
        call    bda
        call    crtc_cursor
        mov     ax, 0x0E21
        mov     bx, 0x0300
        int     0x10
        mov     ax, 0x0300
        mov     bx, 0x0500
        call    int10r
        mov     ax, 0x0800
        mov     bx, 0x0500
        call    int10r
        mov     ax, 0x0601              ; the page shown scrolls
        mov     bx, 0x7000
        xor     cx, cx
        mov     dx, 0x184F
        int     0x10
        mov     dx, 0x2000
        mov     bx, 52
        call    text
        mov     ax, 0x0500
        call    int10r

        title   "strings"
        mov     ax, 3
        int     0x10
        mov     si, strings
.string:
        lodsw
        cmp     ax, 0xFFFF
        je      strung
        push    ax
        lodsw
        mov     bx, ax
        lodsw
        mov     dx, ax
        pop     ax
        push    si
        mov     cx, string_length
        test    al, 2
        jz      .plain
        shr     cx, 1
.plain:
        mov     bp, string
        call    int10r
        call    crtc_cursor
        call    bda
        pop     si
        jmp     .string
strings:
        dw      0x1300, 0x0017, 0x0203
        dw      0x1301, 0x0027, 0x0303
        dw      0x1302, 0x0037, 0x0503
        dw      0x1303, 0x0047, 0x0603
        dw      0x1301, 0x0057, 0x1840
        dw      0x1301, 0x0267, 0x1840
        dw      0xFFFF
string: db      "String", 13, 10, "with", 8, "T controls and a long tail to wrap around."
string_length equ $ - string
strung:
        mov     bx, 77
        xor     dx, dx
        call    text
        mov     bp, 0xB9B9

        title   "cursor shapes"
        mov     ax, 3
        int     0x10
        mov     si, shapes
.shape:
        lodsw
        cmp     ax, 0xFFFF
        je      shaped
        push    si
        mov     cx, ax
        mov     ah, 1
        call    int10r
        mov     ah, 3
        mov     bx, 0
        call    int10r
        call    crtc_cursor
        pop     si
        jmp     .shape
shapes: dw      0x0607, 0x0007, 0x0407, 0x2000, 0x0D0E, 0x000F, 0x0707, 0x2607, 0x0706, 0xFFFF
shaped:
        title   "50 lines"
        mov     ax, 3
        int     0x10
        mov     ax, 0x1112
        mov     bx, 0
        call    int10r
        mov     cx, 60
.feed:
        mov     ax, 0x0E0A
        int     0x10
        mov     ax, 0x0E41
        add     al, cl
        int     0x10
        loop    .feed
        call    bda
        call    crtc_cursor
        mov     bx, 50
        xor     dx, dx
        call    text
        mov     ax, 0x0607
        mov     bx, 0x1F00
        mov     cx, 0x0202
        mov     dx, 0x3040
        int     0x10
        mov     bx, 50
        xor     dx, dx
        call    text

        title   "40 columns"
        mov     ax, 1
        int     0x10
        mov     cx, 1100
.forty:
        mov     ax, 0x0E20
        add     al, cl
        and     al, 0x3F
        or      al, 0x20
        int     0x10
        loop    .forty
        call    bda
        call    crtc_cursor
        mov     bx, 13
        xor     dx, dx
        call    text

        title   "mode 7"
        mov     ax, 7
        int     0x10
        mov     cx, 2050
.mono:
        mov     ax, 0x0E20
        add     al, cl
        and     al, 0x3F
        or      al, 0x20
        int     0x10
        loop    .mono
        call    bda
        call    crtc_cursor
        mov     ax, 0xB000
        mov     cx, 0x8000
        call    sum
        mov     ax, 0x0800
        mov     bx, 0
        int     0x10
        call    registers
        jmp     finish

; A pattern over the screen
fill:
        push    ax
        push    cx
        push    di
        push    es
        mov     ax, 0xB800
        mov     es, ax
        xor     di, di
        mov     cx, 2000
.next:
        mov     ax, cx
        and     al, 0x3F
        add     al, 0x30
        mov     ah, 7
        stosw
        loop    .next
        pop     es
        pop     di
        pop     cx
        pop     ax
        ret
