; The ROM's entry point, which the system BIOS calls during its POST.

post:
        pushf
        push    ax
        push    bx
        push    cx
        push    dx
        push    si
        push    di
        push    ds
        push    es
        push    bp
        cld

        mov     dx, 0x3C3               ; the VGA answers
        mov     al, 1
        out     dx, al

        xor     ax, ax
        mov     es, ax
        mov     ax, BDA
        mov     ds, ax

        ; INT 10h was the system BIOS's: it stays reachable as INT 42h.
        cli
        mov     ax, [es:0x10 * 4]
        mov     [es:0x42 * 4], ax
        mov     ax, [es:0x10 * 4 + 2]
        mov     [es:0x42 * 4 + 2], ax
        mov     word [es:0x10 * 4], int10
        mov     [es:0x10 * 4 + 2], cs
        mov     word [es:0x1F * 4], font8 + 128 * 8
        mov     [es:0x1F * 4 + 2], cs
        mov     word [es:0x43 * 4], font16
        mov     [es:0x43 * 4 + 2], cs

        mov     byte [BDA_INFO], 0x60
        mov     byte [BDA_SWITCHES], 0xF9
        mov     byte [BDA_FLAGS], FLAG_SWITCHING | FLAG_400_LINES | FLAG_ACTIVE
        mov     byte [BDA_DCC], DCC_VGA_COLOR
        mov     word [BDA_SAVE_TABLE], save_table
        mov     [BDA_SAVE_TABLE + 2], cs
        mov     byte [BDA_CGA_COLOR], 0

        mov     ax, 0x0003
        int     0x10

        pop     bp
        pop     es
        pop     ds
        pop     di
        pop     si
        pop     dx
        pop     cx
        pop     bx
        pop     ax
        popf
        retf
