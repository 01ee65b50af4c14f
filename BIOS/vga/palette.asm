; INT 10h/0Bh and 10h: the attribute controller's palette and the DAC.

; In: BL = index, BH = value. Keeps all registers. The dynamic save area, if a program gave one, hears of it.
write_attribute:
        push    ax
        push    dx
        pushf
        cli
        call    attribute_index
        mov     al, bh
        out     dx, al
        mov     al, 0x20                ; the palette to the picture
        out     dx, al
        popf
        cmp     bl, 0x11
        ja      .done
        cmp     bl, 0x10
        je      .done
        push    es
        push    di
        les     di, [BDA_SAVE_TABLE]
        les     di, [es:di + 4]
        mov     ax, es
        or      ax, di
        jz      .none
        mov     al, bl
        xor     ah, ah
        cmp     al, 0x11
        jne     .palette
        dec     ax                      ; overscan follows the 16 colours
.palette:
        add     di, ax
        mov     [es:di], bh
.none:
        pop     di
        pop     es
.done:
        pop     dx
        pop     ax
        ret

; In: BL = index. Out: BH = value. Keeps all other registers.
read_attribute:
        push    ax
        push    dx
        pushf
        cli
        call    attribute_index
        inc     dx
        in      al, dx
        mov     bh, al
        push    dx
        mov     dx, [BDA_CRTC]
        add     dl, 6
        in      al, dx
        pop     dx
        dec     dx
        mov     al, 0x20
        out     dx, al
        popf
        pop     dx
        pop     ax
        ret

; Gives the attribute controller index BL. Out: DX = ATTRIBUTE. Changes AL.
attribute_index:
        mov     dx, [BDA_CRTC]
        add     dl, 6
        in      al, dx                  ; an index comes next
        mov     dx, ATTRIBUTE
        mov     al, bl
        out     dx, al
        ret

; 10h: by AL.
palette:
        cmp     al, (.end - .table) / 2
        jae     .done
        mov     ah, 0
        mov     si, ax
        add     si, si
        jmp     [cs:si + .table]
.done:
        ret
.table:
        dw      set_palette_register    ; 00h
        dw      set_overscan            ; 01h
        dw      set_palette             ; 02h
        dw      set_blinking            ; 03h
        dw      nothing, nothing, nothing
        dw      get_palette_register    ; 07h
        dw      get_overscan            ; 08h
        dw      get_palette             ; 09h
        times 6 dw nothing
        dw      set_dac_register        ; 10h
        dw      nothing
        dw      set_dac_block           ; 12h
        dw      set_color_page          ; 13h
        dw      nothing
        dw      get_dac_register        ; 15h
        dw      nothing
        dw      get_dac_block           ; 17h
        dw      set_pel_mask            ; 18h
        dw      get_pel_mask            ; 19h
        dw      get_color_page          ; 1Ah
        dw      gray_dac_block          ; 1Bh
.end:

; BL = register (0-14h), BH = value
set_palette_register:
        cmp     bl, 0x14
        ja      palette.done
        jmp     write_attribute

; BH = value
set_overscan:
        mov     bl, 0x11
        jmp     write_attribute

; ES:DX = 16 colours and the overscan
set_palette:
        mov     si, dx
        xor     bl, bl
.next:
        mov     bh, [es:si]
        inc     si
        call    write_attribute
        inc     bl
        cmp     bl, 0x10
        jb      .next
        mov     bh, [es:si]
        jmp     set_overscan

; BL = 0: attribute bit 7 is a bright background; 1: it blinks
set_blinking:
        mov     ah, bl
        and     ah, 1
        mov     bl, 0x10
        call    read_attribute
        and     bh, 0xF7
        and     byte [BDA_CGA_MODE], 0xDF
        test    ah, ah
        jz      .bright
        or      bh, 0x08
        or      byte [BDA_CGA_MODE], 0x20
.bright:
        jmp     write_attribute

; BL = register. Out: BH = value
get_palette_register:
        cmp     bl, 0x14
        ja      palette.done
        call    read_attribute
        mov     [bp + R_BH], bh
        ret

get_overscan:
        mov     bl, 0x11
        jmp     get_palette_register

; ES:DX = room for 17 bytes
get_palette:
        mov     di, dx
        xor     bl, bl
.next:
        call    read_attribute
        mov     al, bh
        stosb
        inc     bl
        cmp     bl, 0x10
        jb      .next
        inc     bl
        call    read_attribute
        mov     [es:di], bh
        ret

; BX = register, DH = red, CH = green, CL = blue
set_dac_register:
        mov     al, bl
        call    dac_write_index
        jmp     dac_write

; BX = first, CX = how many, ES:DX = red, green and blue of each
set_dac_block:
        jcxz    .done
        mov     si, dx
        mov     al, bl
        call    dac_write_index
.next:
        push    cx
        mov     dh, [es:si]
        mov     ch, [es:si + 1]
        mov     cl, [es:si + 2]
        add     si, 3
        call    dac_write
        pop     cx
        loop    .next
.done:
        ret

; BL = 0: BH = 0 four pages of 64 colours, 1 sixteen of 16; BL = 1: BH = page
set_color_page:
        mov     ah, bh
        mov     al, bl
        mov     bl, 0x10
        call    read_attribute
        test    al, al
        jnz     .page
        and     bh, 0x7F
        and     ah, 1
        ror     ah, 1
        or      bh, ah
        jmp     write_attribute
.page:
        test    bh, 0x80
        jnz     .small
        add     ah, ah
        add     ah, ah
.small:
        and     ah, 0x0F
        mov     bl, 0x14
        mov     bh, ah
        jmp     write_attribute

; Out: BL = 0 four pages of 64 colours, 1 sixteen of 16; BH = page
get_color_page:
        mov     bl, 0x10
        call    read_attribute
        mov     al, bh
        mov     bl, 0x14
        call    read_attribute
        and     bh, 0x0F
        add     al, al
        mov     bl, 0
        adc     bl, bl
        jnz     .small
        shr     bh, 1
        shr     bh, 1
.small:
        mov     [bp + R_BX], bx
        ret

; BX = register. Out: DH = red, CH = green, CL = blue
get_dac_register:
        mov     al, bl
        call    dac_read
        mov     [bp + R_DH], dh
        mov     [bp + R_CX], cx
        ret

; BX = first, CX = how many, ES:DX = room for red, green and blue of each
get_dac_block:
        jcxz    .done
        mov     di, dx
        mov     dx, DAC_READ
        mov     al, bl
        out     dx, al
        mov     dl, DAC_DATA & 0xFF
.next:
        in      al, dx
        stosb
        in      al, dx
        stosb
        in      al, dx
        stosb
        loop    .next
.done:
        ret

; BL = mask
set_pel_mask:
        mov     dx, PEL_MASK
        mov     al, bl
        out     dx, al
        ret

; Out: BL = mask
get_pel_mask:
        mov     dx, PEL_MASK
        in      al, dx
        mov     [bp + R_BL], al
        ret

; BX = first, CX = how many: their colours become greys
gray_dac_block:
        jcxz    .done
.next:
        push    cx
        mov     al, bl
        call    dac_read
        call    gray
        mov     al, bl
        call    dac_write_index
        call    dac_write_plain
        inc     bl
        pop     cx
        loop    .next
.done:
        ret

; In: AL = index
dac_write_index:
        push    dx
        mov     dx, DAC_WRITE
        out     dx, al
        pop     dx
        ret

; In: AL = index. Out: DH, CH, CL = red, green, blue.
dac_read:
        mov     dx, DAC_READ
        out     dx, al
        mov     dl, DAC_DATA & 0xFF
        in      al, dx
        mov     ah, al
        in      al, dx
        mov     ch, al
        in      al, dx
        mov     cl, al
        mov     dh, ah
        ret

; The next DAC register := DH, CH, CL, as a grey if the BIOS is told to. Changes AX, DX, CX.
dac_write:
        test    byte [BDA_FLAGS], FLAG_GRAY
        jz      dac_write_plain
        call    gray
dac_write_plain:
        mov     al, dh
        mov     dx, DAC_DATA
        out     dx, al
        mov     al, ch
        out     dx, al
        mov     al, cl
        out     dx, al
        ret

; DH, CH, CL become 30% of the red, 59% of the green and 11% of the blue. Changes AX.
gray:
        push    bx
        mov     al, dh
        mov     ah, 77
        mul     ah
        mov     bx, ax
        mov     al, ch
        mov     ah, 151
        mul     ah
        add     bx, ax
        mov     al, cl
        mov     ah, 28
        mul     ah
        add     ax, bx
        add     ax, 128
        mov     dh, ah
        mov     ch, ah
        mov     cl, ah
        pop     bx
        ret

; INT 10h/0Bh, the CGA's colours. In: BH = 0: BL = background or border; BH = 1: BL = palette of modes 4 and 5.
set_cga_color:
        mov     ah, [BDA_CGA_COLOR]
        cmp     bh, 1
        je      .palette
        ja      .done
        and     ah, 0xE0
        and     bl, 0x1F
        or      ah, bl
        mov     [BDA_CGA_COLOR], ah
        ; IRGB as the palette registers want it: the 200-line modes have intensity in bit 4, mode 13h in bit 3, others
        ; 64 colours
        mov     al, bl
        and     al, 0x0F
        cmp     byte [BDA_MODE], 0x13
        je      .value
        and     al, 0x07
        test    bl, 0x08
        jz      .dark
        or      al, 0x10
.dark:
        call    has_cga_colors
        je      .value
        and     al, 0x07
        test    bl, 0x08
        jz      .plain
        or      al, 0x38
        jmp     .value
.plain:
        cmp     al, 6                   ; brown
        jne     .value
        mov     al, 0x14
.value:
        mov     bh, al
        mov     bl, 0x11
        call    write_attribute
        call    get_model
        jz      .done
        cmp     ah, LINEAR
        je      .done
        xor     bl, bl
        call    write_attribute
.palette:
        call    get_model
        cmp     ah, CGA4
        jne     .done
        mov     al, [BDA_CGA_COLOR]
        cmp     byte [bp + R_BH], 1
        jne     .known
        and     al, 0xDF
        test    byte [bp + R_BL], 1
        jz      .first
        or      al, 0x20
.first:
        mov     [BDA_CGA_COLOR], al
.known:
        mov     bh, 2                   ; green, red, brown
        test    al, 0x20
        jz      .bright
        inc     bh                      ; cyan, magenta, white
.bright:
        test    al, 0x10
        jz      .set
        or      bh, 0x10
.set:
        mov     bl, 1
.next:
        call    write_attribute
        add     bh, 2
        inc     bl
        cmp     bl, 4
        jb      .next
.done:
        ret
