; Save pointer table: a program's own parameters, save area and fonts; switching the display; the bell; INT 5.
; QEMU's BIOS knows little of this: read our half. The printer's output goes to INT 17h here.
%include "report.inc"
BUFFER  equ 0xC000
start:
        mov     bp, 0xB9B9
        mov     ax, 3
        int     0x10
        title   "bell"
        mov     dx, [0x46C]
        mov     ax, 0x0E07
        int     0x10
        mov     ax, [0x46C]
        sub     ax, dx
        cmp     ax, 1
        jb      .short
        cmp     ax, 9
        ja      .short
        note    "rings for some ticks"
.short:
        in      al, 0x61
        and     al, 3
        call    hex_byte
        call    line

        title   "switch display"
        mov     ax, 0x1202
        mov     bl, 0x35
        mov     dx, BUFFER
        call    int10r
        call    vga
        mov     word [0x450], 0x1234
        mov     byte [0x410], 0x30
        mov     ax, 0x1203
        mov     bl, 0x35
        mov     dx, BUFFER
        call    int10r
        call    vga
        call    bda

        title   "save pointer table"
        les     di, [0x4A8]
        push    ds
        push    es
        pop     ds
        mov     si, di
        mov     cx, 0x1C
        call    bytes
        xor     ax, ax
        mov     es, ax
        mov     di, table
        mov     cx, 14
        rep     movsw
        pop     ds
        push    ds
        pop     es
        mov     word [table + 4], save_area
        mov     [table + 6], cs
        mov     word [table + 8], text_font
        mov     [table + 10], cs
        mov     word [table + 12], graphics_font
        mov     [table + 14], cs
        mov     word [0x4A8], table
        mov     [0x4AA], cs
        mov     ax, 3
        int     0x10
        call    bda
        call    vga
        mov     ax, 0x1000
        mov     bx, 0x2305
        int     0x10
        mov     ax, 0x1001
        mov     bx, 0x0700
        int     0x10
        mov     si, save_area
        mov     cx, 17
        call    bytes
        mov     ax, 2
        int     0x10
        call    bda
        mov     ax, 0x12
        int     0x10
        call    bda
        mov     si, 0x43 * 4
        mov     cx, 4
        call    bytes
        mov     ax, 0x1B00
        mov     bx, 0
        mov     di, BUFFER
        int     0x10
        mov     si, BUFFER
        mov     cx, 64
        call    bytes

        title   "print screen"
        mov     ax, 3
        int     0x10
        mov     ax, 0x1112
        mov     bx, 0
        int     0x10
        mov     word [0x17 * 4], printer
        mov     word [0x17 * 4 + 2], 0
        mov     ax, 0x1200
        mov     bl, 0x20
        call    int10r
        mov     dx, 0x3103
        mov     bx, 0
        mov     ah, 2
        int     0x10
        mov     ax, 0x0E50
        int     0x10
        int     5
        mov     al, [0x500]
        call    hex_byte
        call    line
        mov     ah, 3
        mov     bx, 0
        call    int10r
        jmp     finish

printer:
        cmp     al, 13
        je      .skip
        out     0xE9, al
.skip:
        mov     ah, 0x90
        iret

save_area:
        times 17 db 0xEE
text_font:
        db      10, 0
        dw      256, 0
        dw      0x7C00, 0
        db      0xFF, 3, 1, 0xFF
graphics_font:
        db      20
        dw      24
        dw      0x7C00, 0
        db      0x10, 0x12, 0xFF
table:  times 28 db 0
