; Characters in graphics modes. Fonts: INT 43h; in modes 4 to 6 characters 80h-FFh by INT 1Fh.

; The graphics controller as the planar services expect it. Keeps all registers.
graphics_defaults:
        push    ax
        push    dx
        mov     dx, GRAPHICS
        mov     ax, 0x0000              ; set/reset
        out     dx, ax
        inc     ax                      ; not enabled
        out     dx, ax
        mov     ax, 0x0003              ; no rotation, no function
        out     dx, ax
        mov     ax, 0x0005              ; write mode 0, read mode 0
        out     dx, ax
        mov     ax, 0xFF08              ; all bits
        out     dx, ax
        mov     dx, SEQUENCER
        mov     ax, 0x0F02              ; all planes
        out     dx, ax
        pop     dx
        pop     ax
        ret

; In: BL = colour. Out: BL = planes of it, bit 7 kept. Mode 0Fh has planes 0 and 2; mode 11h one colour.
plane_color:
        cmp     byte [BDA_MODE], 0x0F
        je      .two
        cmp     byte [BDA_MODE], 0x11
        jne     .done
        test    bl, 0x0F
        jz      .done
        or      bl, 0x0F
.done:
        ret
.two:
        and     bl, 0x85
        ret

; In: BH = page. Out: ES:DI = the upper left byte of its cursor's cell. Keeps all else.
graphics_cell:
        push    ax
        push    bx
        push    cx
        push    dx
        call    get_model
        mov     cl, ah
        mov     bl, bh
        and     bx, 7
        mov     di, 0xB800
        cmp     cl, PLANAR
        jb      .segment
        mov     di, 0xA000
        je      .segment
        xor     bx, bx                  ; mode 13h has one page
.segment:
        mov     es, di
        mov     ax, [BDA_PAGE_SIZE]
        mul     bx
        mov     di, ax
        add     bx, bx
        mov     dx, [bx + BDA_CURSOR]
        mov     bl, dl
        xor     bh, bh                  ; BX = column
        mov     al, dh
        cmp     cl, PLANAR
        je      .planar
        ja      .linear
        xor     ah, ah
        mov     dx, 320
        mul     dx
        cmp     cl, CGA4
        jne     .add
        add     bx, bx
        jmp     .add
.planar:
        mul     byte [BDA_POINTS]
        mul     word [BDA_COLUMNS]
        jmp     .add
.linear:
        mul     byte [BDA_POINTS]
        mov     dx, 320
        mul     dx
        shl     bx, 1
        shl     bx, 1
        shl     bx, 1
.add:
        add     di, ax
        add     di, bx
        pop     dx
        pop     cx
        pop     bx
        pop     ax
        ret

; In: AL = character, DS = BDA. Out: DS:SI = its glyph, CX = its lines. Changes AX.
glyph:
        push    bx
        mov     cx, [BDA_POINTS]
        mov     bx, 0x43 * 4
        cmp     byte [BDA_MODE], 6
        ja      .low
        test    al, al
        jns     .low
        and     al, 0x7F
        mov     bx, 0x1F * 4
.low:
        mul     cl
        xor     si, si
        mov     ds, si
        lds     si, [bx]
        add     si, ax
        pop     bx
        ret

; 09h and 0Ah. In: AL = character, BL = colour (bit 7: XOR), BH = page (mode 13h: background), CX = how many.
write_graphics_character:
        call    get_model
        cmp     ah, LINEAR
        mov     ah, 0
        jne     draw_characters
        mov     ah, bh

; In: AL = character, AH = background (mode 13h), BL = colour, BH = page, CX = how many. Keeps BP and DS.
draw_characters:
        jcxz    .done
        mov     dh, ah
        call    get_model
        mov     dl, ah                  ; DL = model, DH = background
        call    graphics_cell
        cmp     dl, PLANAR
        jne     .next
        call    graphics_defaults
        call    plane_color
.next:
        push    ax
        push    bx
        push    cx
        push    dx
        push    di
        push    bp
        push    ds
        mov     bp, [BDA_COLUMNS]
        mov     bh, dl
        call    glyph
        cmp     bh, PLANAR
        je      .planar
        ja      .linear
        cmp     bh, CGA4
        je      .cga4
        call    draw_cga2
        jmp     .drawn
.cga4:
        call    draw_cga4
        jmp     .drawn
.linear:
        call    draw_linear
        jmp     .drawn
.planar:
        call    draw_planar
.drawn:
        pop     ds
        pop     bp
        pop     di
        pop     dx
        pop     cx
        pop     bx
        inc     di
        cmp     dl, CGA4
        je      .two
        cmp     dl, LINEAR
        jne     .one
        add     di, 6
.two:
        inc     di
.one:
        pop     ax
        loop    .next
.done:
        ret

; The drawers. In: DS:SI = glyph, CX = lines, ES:DI = where, BL = colour, BP = bytes of a line (planes),
; DH = background (mode 13h). They may change all but SP and DS's value on the stack.

draw_planar:
        test    bl, 0x80
        jnz     .xor
        ; The glyph into the colour's planes, nothing into the others.
        mov     dx, SEQUENCER
        mov     al, 2
        mov     ah, bl
        out     dx, ax
        mov     dx, di
        mov     bh, cl
.ink:
        lodsb
        mov     [es:di], al
        add     di, bp
        loop    .ink
        mov     di, dx
        mov     dx, SEQUENCER
        mov     al, 2
        mov     ah, bl
        not     ah
        and     ah, 0x0F
        out     dx, ax
        mov     cl, bh
        xor     al, al
.paper:
        mov     [es:di], al
        add     di, bp
        loop    .paper
        mov     ax, 0x0F02
        out     dx, ax
        ret
.xor:
        mov     dx, SEQUENCER
        mov     al, 2
        mov     ah, bl
        and     ah, 0x0F
        out     dx, ax
        outw    GRAPHICS, 3, 0x18
.line:
        lodsb
        mov     ah, [es:di]             ; to the latches
        mov     [es:di], al
        add     di, bp
        loop    .line
        jmp     graphics_defaults

draw_linear:
        mov     bh, dh
.line:
        lodsb
        mov     ah, al
        mov     dx, 8
.dot:
        mov     al, bh
        add     ah, ah
        jnc     .paper
        mov     al, bl
.paper:
        stosb
        dec     dx
        jnz     .dot
        add     di, 320 - 8
        loop    .line
        ret

draw_cga2:
        mov     ah, bl
        and     ah, 1
        neg     ah                      ; 00h or FFh
        mov     cx, 8
.line:
        lodsb
        and     al, ah
        test    bl, 0x80
        jz      .store
        xor     al, [es:di]
.store:
        mov     [es:di], al
        xor     di, 0x2000              ; the other bank
        test    cl, 1
        jz      .same
        add     di, 80
.same:
        loop    .line
        ret

draw_cga4:
        mov     al, bl
        and     al, 3
        mov     ah, 0x55
        mul     ah
        mov     dh, bl
        mov     ah, al
        mov     bp, ax                  ; the colour in all eight dots
        mov     bx, spread
        mov     ch, 8
.line:
        lodsb
        mov     ah, al
        and     al, 0x0F
        cs xlatb
        xchg    al, ah
        mov     cl, 4
        shr     al, cl
        cs xlatb
        and     ax, bp
        test    dh, 0x80
        jz      .store
        xor     ax, [es:di]
.store:
        mov     [es:di], ax
        xor     di, 0x2000
        test    ch, 1
        jz      .same
        add     di, 80
.same:
        dec     ch
        jnz     .line
        ret

spread: ; four bits, each doubled
        db      0x00, 0x03, 0x0C, 0x0F, 0x30, 0x33, 0x3C, 0x3F, 0xC0, 0xC3, 0xCC, 0xCF, 0xF0, 0xF3, 0xFC, 0xFF

; 08h. In: BH = page. Out: AL = the character whose glyph stands at the cursor, 0 if there is none.
read_graphics_character:
        sub     sp, 32
        mov     si, sp                  ; SS:SI = its dots, 1 where they are not black
        call    graphics_cell
        mov     cx, [BDA_POINTS]
        cmp     cx, 32
        jbe     .fits
        mov     cx, 32
.fits:
        call    get_model
        cmp     ah, PLANAR
        je      .planar
        ja      .linear
        mov     dl, ah
        mov     cx, 8
.cga:
        cmp     dl, CGA4
        je      .cga4
        mov     al, [es:di]
        jmp     .cga_line
.cga4:
        mov     ax, [es:di]
        xchg    al, ah
        mov     bx, ax
        shl     bx, 1
        or      bx, ax                  ; odd bits: either bit of the dot
        mov     dh, 8
.pair:
        add     bx, bx
        adc     al, al
        add     bx, bx
        dec     dh
        jnz     .pair
.cga_line:
        mov     [ss:si], al
        inc     si
        xor     di, 0x2000
        test    cl, 1
        jz      .same
        add     di, 80
.same:
        loop    .cga
        jmp     .compare

.linear:
        mov     dh, 8
.dot:
        cmp     byte [es:di], 1         ; carry where the dot is black
        cmc
        adc     al, al
        inc     di
        dec     dh
        jnz     .dot
        mov     [ss:si], al
        inc     si
        add     di, 320 - 8
        loop    .linear
        jmp     .compare

.planar:
        outw    GRAPHICS, 2, 0          ; colour compare: black
        mov     ax, 0x0805              ; read mode 1
        out     dx, ax
.line:
        mov     al, [es:di]
        not     al
        mov     [ss:si], al
        inc     si
        add     di, [BDA_COLUMNS]
        loop    .line
        mov     ax, 0x0005
        out     dx, ax

.compare:
        mov     si, sp
        mov     cx, [BDA_POINTS]
        mov     bl, [BDA_MODE]
        xor     ax, ax
        mov     es, ax
        push    ss
        pop     ds
        mov     dx, 256
        les     di, [es:0x43 * 4]
        cmp     bl, 6
        ja      .search
        mov     dl, 128
        xor     dh, dh
        call    .find
        je      .found
        xor     dx, dx
        mov     es, dx
        mov     dl, 128
        les     di, [es:0x1F * 4]
.search:
        call    .find
        je      .found
        xor     al, al
.found:
        mov     [bp + R_AL], al
        add     sp, 32
        ret

; Looks for CX bytes at DS:SI among DX glyphs at ES:DI, the first of which is AL. Out: ZF set if found, AL.
.find:
        push    cx
        push    si
        push    di
        repe    cmpsb
        pop     di
        pop     si
        pop     cx
        je      .end
        add     di, cx
        inc     al
        dec     dx
        jnz     .find
        inc     dx                      ; clears ZF
.end:
        ret
