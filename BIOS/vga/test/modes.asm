; Every mode: data area, registers, colours, memory.
%include "report.inc"
start:
        mov     bp, 0xB9B9
        mov     si, modes
.mode:
        lodsb
        cmp     al, 0xFF
        je      lines
        title   "mode"
        call    hex_byte
        call    line
        xor     ah, ah
        push    si
        int     0x10
        mov     ah, 0x0F
        mov     bx, 0x1122
        int     0x10
        pop     si
        note    "get ax="
        call    hex_word
        call    line
        call    bda
        call    vga
        mov     ax, 64
        call    dac
        mov     ax, 0xA000
        mov     cx, 0xFFFF
        call    sum
        mov     ax, 0xB800
        mov     cx, 0x8000
        call    sum
        jmp     .mode
modes:  db      0, 1, 2, 3, 4, 5, 6, 7, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 3, 0xFF
lines:
        title   "all colours of mode 13h"
        mov     ax, 0x13
        int     0x10
        mov     ax, 256
        call    dac
        title   "keep memory"
        mov     ax, 3
        int     0x10
        mov     ax, 0x0E41
        int     0x10
        mov     ax, 0x83
        int     0x10
        call    bda
        mov     bx, 1
        xor     dx, dx
        call    text
        mov     ah, 0x0F
        call    int10r

        mov     cx, 3
.select:
        title   "scan lines"
        mov     ax, cx
        dec     ax
        mov     ah, 0x12
        mov     bl, 0x30
        push    cx
        call    int10r
        mov     ax, 3
        int     0x10
        call    bda
        call    vga
        mov     ax, 64
        call    dac
        mov     ax, 1
        int     0x10
        call    bda
        call    vga
        mov     ax, 7
        int     0x10
        call    bda
        call    vga
        pop     cx
        loop    .select
        mov     ax, 0x1202
        mov     bl, 0x30
        int     0x10

        mov     si, fonts
.font:
        lodsw
        test    ax, ax
        jz      .bye
        push    si
        push    ax
        mov     ax, 3
        int     0x10
        pop     ax
        title   "font"
        mov     bx, 0
        call    int10r
        call    bda
        call    vga
        pop     si
        jmp     .font
.bye:
        jmp     finish
fonts:  dw      0x1101, 0x1102, 0x1104, 0x1111, 0x1112, 0x1114, 0x1103, 0
