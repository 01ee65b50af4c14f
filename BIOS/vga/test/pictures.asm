; A picture in one VESA mode, by banks; pictures.py sets the mode and what follows at the end of the sector.
;
; Byte n of video memory becomes a mixture of n's bytes, so that every pixel, byte and bank can be told from its neighbours.

        cpu     8086
        bits    16
        org     0x7C00

start:
        cli
        xor     ax, ax
        mov     ds, ax
        mov     ss, ax
        mov     sp, 0x7C00
        sti
        cld
        mov     ax, 0x4F02
        mov     bx, [mode]
        int     0x10
        cmp     ax, 0x004F
        jne     .stop
        mov     ax, 0xA000
        mov     es, ax
        xor     dx, dx
.bank:
        mov     ax, 0x4F05
        xor     bx, bx
        int     0x10
        xor     di, di
.byte:
        mov     ax, di
        xor     al, ah
        add     al, dl
        mov     bl, ah
        add     bl, bl
        xor     al, bl
        mov     bx, di
        mov     cl, 3
        shr     bx, cl
        add     al, bl
        stosb
        test    di, di
        jnz     .byte
        inc     dx
        cmp     dx, [banks]
        jb      .bank

        mov     cx, [width]
        jcxz    .stop
        mov     ax, 0x4F06
        xor     bx, bx
        int     0x10
        mov     ax, 0x4F07
        xor     bx, bx
        mov     cx, [column]
        mov     dx, [line]
        int     0x10
.stop:
        mov     al, '.'                 ; done
        out     0xE9, al
        cli
        hlt

        times   0x1F0 - ($ - $$) db 0
mode:   dw      0x0101
banks:  dw      5
width:  dw      0                       ; of the virtual screen, 0 for that of the mode
column: dw      0                       ; what is shown first
line:   dw      0
        times   510 - ($ - $$) db 0
        dw      0xAA55
