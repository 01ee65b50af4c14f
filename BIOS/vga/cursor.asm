; INT 10h/01h-05h: the cursor's shape and place, the light pen that is not there, pages.

; 01h. In: CH = first line (bit 5 hides the cursor), CL = last line.
set_shape:
        mov     [BDA_SHAPE], cx

; The CRTC's cursor as BDA_SHAPE says. Shapes for 8-line characters are stretched for higher ones, unless that is
; switched off (BDA_INFO bit 0): a shape on the last two lines becomes an underline two lines above the bottom,
; anything else keeps its share of the cell.
program_shape:
        mov     cx, [BDA_SHAPE]
        call    get_model
        jnz     .done
        test    byte [BDA_INFO], 1
        jnz     .write
        mov     bl, [BDA_POINTS]
        cmp     bl, 8
        jbe     .write
        test    cx, 0xE0E0              ; hidden, or skewed
        jnz     .write
        cmp     ch, 8
        jae     .write
        cmp     cl, 8
        jae     .write
        cmp     ch, cl
        ja      .write
        cmp     ch, 6
        jae     .underline
        mov     al, ch                  ; first = first * points / 8
        mul     bl
        shr     ax, 1
        shr     ax, 1
        shr     ax, 1
        mov     ch, al
        mov     al, cl                  ; last = (last + 1) * points / 8 - 1
        inc     al
        mul     bl
        shr     ax, 1
        shr     ax, 1
        shr     ax, 1
        dec     al
        mov     cl, al
        jmp     .write
.underline:
        sub     cl, ch                  ; 0 or 1
        mov     ch, bl
        sub     ch, 3
        add     cl, ch
.write:
        mov     dx, [BDA_CRTC]
        mov     al, 0x0A
        mov     ah, ch
        out     dx, ax
        inc     ax                      ; AL = 0Bh
        mov     ah, cl
        out     dx, ax
.done:
        ret

; 02h. In: BH = page, DH = row, DL = column.
set_cursor:
        cmp     bh, 7
        ja      .done
        mov     bl, bh
        xor     bh, bh
        mov     di, bx
        add     di, di
        mov     [di + BDA_CURSOR], dx
        cmp     bl, [BDA_PAGE]
        je      program_cursor
.done:
        ret

; The CRTC's cursor to DX (row, column) of the page shown. Keeps DX and BX.
program_cursor:
        call    get_model
        jnz     .done
        push    dx
        mov     al, dh
        mul     byte [BDA_COLUMNS]
        xor     dh, dh
        add     ax, dx
        mov     cx, [BDA_PAGE_START]
        shr     cx, 1
        add     cx, ax
        mov     dx, [BDA_CRTC]
        mov     al, 0x0E
        mov     ah, ch
        out     dx, ax
        inc     ax                      ; AL = 0Fh
        mov     ah, cl
        out     dx, ax
        pop     dx
.done:
        ret

; 03h. In: BH = page. Out: CX = shape, DX = place.
get_cursor:
        mov     ax, [BDA_SHAPE]
        mov     [bp + R_CX], ax
        xor     ax, ax
        cmp     bh, 7
        ja      .none
        mov     bl, bh
        xor     bh, bh
        add     bx, bx
        mov     ax, [bx + BDA_CURSOR]
.none:
        mov     [bp + R_DX], ax
        ret

; 04h. A VGA has no light pen: AH = 0, not triggered.
get_light_pen:
        mov     byte [bp + R_AH], 0
        ret

; 05h. In: AL = page.
set_page:
        cmp     al, 7
        ja      .done
        mov     [BDA_PAGE], al
        mov     bl, al
        xor     ah, ah
        mul     word [BDA_PAGE_SIZE]
        mov     [BDA_PAGE_START], ax
        mov     cx, ax
        call    get_model
        cmp     ah, PLANAR
        je      .bytes                  ; those modes count bytes, the others words
        shr     cx, 1
.bytes:
        mov     dx, [BDA_CRTC]
        mov     al, 0x0C
        mov     ah, ch
        out     dx, ax
        inc     ax                      ; AL = 0Dh
        mov     ah, cl
        out     dx, ax
        xor     bh, bh
        add     bx, bx
        mov     dx, [bx + BDA_CURSOR]
        jmp     program_cursor
.done:
        ret
