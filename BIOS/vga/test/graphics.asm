; Characters, windows and dots in every graphics mode, with a font of the test's own so that memory can be compared.
%include "report.inc"
FONT    equ 0xC000                      ; 256 glyphs of 16 lines
start:
        mov     di, FONT                ; a font of noise, character 0 blank
        mov     cx, 16 * 256
        mov     bx, 0x1234
.noise:
        mov     ax, 0x6255
        mul     bx
        add     ax, 0x3619
        mov     bx, ax
        mov     al, ah
        cmp     di, FONT + 16
        jae     .put
        xor     al, al
.put:
        stosb
        loop    .noise
        mov     si, modes
mode:
        lodsb
        cmp     al, 0xFF
        jne     .go
        jmp     finish
.go:
        title   "mode"
        call    hex_byte
        call    line
        push    si
        xor     ah, ah
        mov     [current], al
        int     0x10
        xor     dx, dx
        mov     ds, dx
        mov     cx, [0x485]
        mov     dl, [0x484]
        inc     dl
        mov     bl, 0
        mov     bp, FONT
        mov     ax, 0x1121
        call    int10r
        mov     bp, FONT + 128 * 8
        mov     ax, 0x1120
        int     0x10
        mov     bp, 0xB9B9
        call    bda

        note    "teletype "
        mov     cx, 300
.tty:
        mov     al, cl
        cmp     al, 0x20
        jae     .print
        or      al, 0x40
.print:
        mov     bx, 0x0003
        add     bl, ch
        mov     ah, 0x0E
        int     0x10
        loop    .tty
        call    screen
        call    bda

        note    "cells "
        mov     si, cells
.cell:
        lodsw
        cmp     ax, 0xFFFF
        je      .celled
        push    si
        push    ax
        mov     dx, [si + 4]
        mov     bx, 0
        mov     ah, 2
        int     0x10
        pop     ax
        mov     bx, [si]
        mov     cx, [si + 2]
        call    int10r
        call    screen
        mov     ax, 0x0800
        mov     bx, 0
        call    int10r
        pop     si
        add     si, 6
        jmp     .cell
.celled:
        note    "dots "
        mov     cx, 700
        mov     si, 0x4321
.dot:
        push    cx
        mov     ax, 0x6255
        mul     si
        add     ax, 0x3619
        mov     si, ax
        mov     ax, si
        mov     cl, 4
        shr     ax, cl
        mov     dx, 200
        xor     dx, dx
        mov     cx, 200
        div     cx                      ; DX = row
        push    dx
        mov     ax, si
        xor     dx, dx
        mov     cx, 320
        div     cx
        mov     cx, dx
        pop     dx
        mov     ax, si
        mov     al, ah
        mov     ah, 0x0C
        mov     bx, 0
        int     0x10
        pop     cx
        loop    .dot
        call    screen
        mov     cx, 0
        mov     dx, 100
        mov     di, 0
        mov     bx, 0
.read:
        mov     ax, 0x0D00
        int     0x10
        xor     ah, ah
        rol     di, 1
        add     di, ax
        inc     cx
        cmp     cx, 320
        jb      .read
        mov     ax, di
        call    hex_word
        call    line

        note    "windows "
        mov     si, windows
.window:
        lodsw
        cmp     ax, 0xFFFF
        je      .windowed
        push    si
        mov     bx, [si]
        mov     cx, [si + 2]
        mov     dx, [si + 4]
        call    int10r
        call    screen
        pop     si
        add     si, 6
        jmp     .window
.windowed:
        note    "string "
        push    bp
        mov     bp, .text
        mov     cx, .text_end - .text
        mov     dx, 0x0A23
        mov     bx, 0x0005
        mov     ax, 0x1301
        call    int10r
        pop     bp
        call    screen
        note    "scroll "
        mov     cx, 30
.feed:
        mov     ax, 0x0E0A
        mov     bx, 2
        int     0x10
        mov     al, 'Q'
        int     0x10
        loop    .feed
        call    screen
        call    bda
        note    "colours "
        mov     ax, 0x0B00
        mov     bx, 0x0019
        int     0x10
        call    vga
        mov     ax, 0x0B00
        mov     bx, 0x0100
        int     0x10
        call    vga
        mov     ax, 0x0B00
        mov     bx, 0x0101
        int     0x10
        call    vga
        pop     si
        jmp     mode
.text:  db      "Wrapped and ", 13, 10, "fed", 8, "!"
.text_end:
modes:  db      4, 6, 0x0D, 0x0E, 0x10, 0x12, 0x13, 0x11, 0x0F, 0xFF
current:
        db      0
cells:  ; service, BX, CX, DX
        dw      0x0941, 0x0002, 5, 0x0305
        dw      0x09E9, 0x0001, 3, 0x0406
        dw      0x0941, 0x0083, 3, 0x0307
        dw      0x0A42, 0x000F, 2, 0x0901
        dw      0x0900, 0x0003, 1, 0x0306
        dw      0x0943, 0x0007, 1, 0x1813
        dw      0xFFFF
windows:
        dw      0x0601, 0x0000, 0x0000, 0x184F
        dw      0x0701, 0x0000, 0x0000, 0x184F
        dw      0x0603, 0x0000, 0x0203, 0x0A11
        dw      0x0702, 0x0000, 0x0203, 0x0A11
        dw      0x0600, 0x0000, 0x0404, 0x0607
        dw      0xFFFF

screen:
        push    ax
        push    bx
        push    cx
        mov     al, [current]
        mov     cx, 0xFFFF
        mov     ax, 0xA000
        cmp     byte [current], 0x13
        je      .one
        cmp     byte [current], 7
        ja      .planes
        mov     ax, 0xB800
        mov     cx, 0x4000
.one:
        call    sum
        jmp     .done
.planes:
        mov     bx, 0xA000
        call    planes
.done:
        pop     cx
        pop     bx
        pop     ax
        ret
