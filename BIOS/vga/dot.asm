; INT 10h/0Ch and 0Dh: dots in all graphics modes. In text modes they do nothing.

; In: BH = page, CX = column, DX = row, AH = model. Out: ES:DI = the dot's byte; CL = how far to shift a dot up in it
; (CGA), or CH = its bit (planes). Keeps AX, BH; changes BX's low half, DX.
dot_address:
        push    ax
        mov     bl, ah
        cmp     bl, PLANAR
        je      .planar
        ja      .linear
        mov     ax, 0xB800
        mov     es, ax
        xor     di, di
        shr     dx, 1
        jnc     .even
        mov     di, 0x2000
.even:
        mov     ax, 80
        mul     dx
        add     di, ax
        mov     ax, cx
        shr     ax, 1
        shr     ax, 1
        not     cl
        cmp     bl, CGA4
        jne     .one
        and     cl, 3
        add     cl, cl
        jmp     .add
.one:
        shr     ax, 1
        and     cl, 7
.add:
        add     di, ax
        pop     ax
        ret

.linear:
        mov     ax, 0xA000
        mov     es, ax
        mov     ax, 320
        mul     dx
        add     ax, cx
        mov     di, ax
        pop     ax
        ret

.planar:
        mov     ax, 0xA000
        mov     es, ax
        mov     ax, [BDA_COLUMNS]
        mul     dx
        mov     di, ax
        mov     al, bh
        and     ax, 7
        mul     word [BDA_PAGE_SIZE]
        add     di, ax
        mov     ax, cx
        shr     ax, 1
        shr     ax, 1
        shr     ax, 1
        add     di, ax
        and     cl, 7
        mov     ch, 0x80
        shr     ch, cl
        pop     ax
        ret

; 0Ch. In: AL = colour (bit 7: XOR, but in mode 13h), BH = page, CX = column, DX = row.
write_dot:
        call    get_model
        jz      .done
        call    dot_address
        cmp     ah, PLANAR
        je      .planar
        ja      .linear
        mov     bl, 3
        cmp     ah, CGA4
        je      .mask
        mov     bl, 1
.mask:
        mov     ah, al
        and     al, bl
        shl     al, cl
        shl     bl, cl
        test    ah, ah
        mov     ah, [es:di]
        js      .xor
        not     bl
        and     ah, bl
.xor:
        xor     al, ah
.linear:
        mov     [es:di], al
.done:
        ret

.planar:
        call    graphics_defaults
        mov     bl, al
        call    plane_color
        mov     dx, GRAPHICS
        test    bl, bl
        jns     .set
        mov     ax, 0x1803
        out     dx, ax
.set:
        mov     ax, 0x0205              ; write mode 2: the colour itself
        out     dx, ax
        mov     al, 8
        mov     ah, ch
        out     dx, ax
        mov     al, [es:di]             ; to the latches
        mov     [es:di], bl
        jmp     graphics_defaults

; 0Dh. In: BH = page, CX = column, DX = row. Out: AL = colour.
read_dot:
        call    get_model
        jz      write_dot.done
        call    dot_address
        cmp     ah, PLANAR
        je      .planar
        mov     al, [es:di]
        ja      .read
        shr     al, cl
        cmp     ah, CGA4
        mov     ah, 3
        je      .mask
        mov     ah, 1
.mask:
        and     al, ah
.read:
        mov     [bp + R_AL], al
        ret

.planar:
        mov     dx, GRAPHICS
        mov     ax, 0x0005              ; read mode 0
        out     dx, ax
        mov     ax, 0x0304              ; from plane 3 down to 0
        xor     bl, bl
.plane:
        out     dx, ax
        mov     bh, [es:di]
        and     bh, ch
        neg     bh                      ; carry if it is set
        rcl     bl, 1
        dec     ah
        jns     .plane
        mov     al, bl
        jmp     .read
