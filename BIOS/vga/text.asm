; INT 10h/08h-0Ah and 13h: characters at the cursor.

; Out: ES = segment of text. Keeps all else.
text_segment:
        push    ax
        mov     ax, 0xB800
        cmp     byte [BDA_CRTC], 0xB4
        jne     .color
        mov     ah, 0xB0
.color:
        mov     es, ax
        pop     ax
        ret

; In: BH = page. Out: ES:DI = the cell at its cursor. Keeps all else.
cursor_cell:
        push    ax
        push    bx
        push    dx
        call    text_segment
        mov     bl, bh
        and     bx, 7
        mov     di, bx
        add     di, di
        mov     dx, [di + BDA_CURSOR]
        mov     al, dh
        mul     byte [BDA_COLUMNS]
        xor     dh, dh
        add     ax, dx
        add     ax, ax
        mov     di, ax
        test    bx, bx
        jz      .first
        mov     ax, [BDA_PAGE_SIZE]
        mul     bx
        add     di, ax
.first:
        pop     dx
        pop     bx
        pop     ax
        ret

; 08h. In: BH = page. Out: AL = character, AH = attribute.
read_character:
        call    get_model
        jnz     read_graphics_character
        call    cursor_cell
        mov     ax, [es:di]
        mov     [bp + R_AX], ax
        ret

; 09h. In: AL = character, BL = attribute, BH = page, CX = how many.
write_character:
        call    get_model
        jnz     write_graphics_character
        call    cursor_cell
        mov     ah, bl
        rep     stosw
        ret

; 0Ah. The same, but the attributes stay.
write_bare_character:
        call    get_model
        jnz     write_graphics_character
        jcxz    .done
        call    cursor_cell
.next:
        stosb
        inc     di
        loop    .next
.done:
        ret

; 13h. In: ES:BP = string, CX = its length, BH = page, BL = attribute, DX = place,
;      AL = bit 0: the cursor moves along; bit 1: the string holds attributes, too.
write_string:
        cmp     al, 3
        ja      .nothing
        cmp     bh, 7
        ja      .nothing
        jcxz    .nothing
        mov     si, [bp + R_BP]
        mov     bp, ax
        push    es
        mov     al, bh
        cbw
        mov     di, ax
        add     di, di
        pop     es
        push    word [di + BDA_CURSOR]
        call    .place                  ; DX into the page's cursor
.next:
        mov     al, [es:si]
        inc     si
        push    cx
        push    si
        push    es
        cmp     al, 0x0D
        je      .control
        cmp     al, 0x0A
        je      .control
        cmp     al, 0x08
        je      .control
        cmp     al, 0x07
        je      .control
        test    bp, 2
        jz      .colored
        mov     bl, [es:si]
        pop     es
        pop     si
        inc     si
        push    si
        push    es
.colored:
        push    bp
        push    bx
        mov     cx, 1
        call    write_character_here
        pop     bx
        push    bx
        call    teletype_advance
        pop     bx
        pop     bp
        jmp     .written
.control:
        push    bp
        push    bx
        call    teletype_page
        pop     bx
        pop     bp
.written:
        pop     es
        pop     si
        pop     cx
        loop    .next

        pop     dx
        test    bp, 1
        jnz     .nothing
.place:
        push    bx
        push    di
        push    cx
        call    set_cursor
        pop     cx
        pop     di
        pop     bx
.nothing:
        ret

; 09h without a frame: in graphics modes the background is black.
write_character_here:
        call    get_model
        jz      write_character
        xor     ah, ah
        jmp     draw_characters
