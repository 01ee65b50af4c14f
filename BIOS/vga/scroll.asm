; INT 10h/06h and 07h: scroll a window up or down, in all modes.
;
; Every mode comes down to moving blocks of lines: `scroll_lines` does that for all, with its figures in a frame.

; The frame, from BP
S_WIDTH         equ -2                  ; bytes of a line in the window
S_STRIDE        equ -4                  ; bytes from a line to the next one to treat; negative when going up
S_MOVED         equ -6                  ; lines moved
S_BLANK         equ -8                  ; lines filled
S_SOURCE        equ -10                 ; from a line to the one that replaces it
S_FILL          equ -12                 ; the word to fill with
S_ATTRIBUTE     equ -14                 ; low byte: BH as given
S_PITCH         equ -16                 ; bytes of a whole line on the screen
S_FRAME         equ 16

; In: AL = rows to move (0: all), BH = attribute of new rows, CX = top left, DX = bottom right.
scroll_up:
        mov     si, [BDA_PAGE_START]
        xor     ah, ah
        jmp     scroll
scroll_down:
        mov     si, [BDA_PAGE_START]
        mov     ah, 1

; In: also SI = where the page starts, AH = 0 up, 1 down. Changes all registers but BP and DS.
scroll:
        ; The window is cut to the screen.
        mov     bl, [BDA_COLUMNS]
        dec     bl
        cmp     dl, bl
        jbe     .width
        mov     dl, bl
.width:
        cmp     dh, [BDA_ROWS]
        jbe     .height
        mov     dh, [BDA_ROWS]
.height:
        sub     dl, cl
        jb      .nothing
        sub     dh, ch
        jb      .nothing
        inc     dl                      ; DL = columns, DH = rows of the window
        inc     dh
        cmp     al, dh
        ja      .all
        test    al, al
        jnz     .some
.all:
        mov     al, dh
.some:
        push    bp
        mov     bp, sp
        sub     sp, S_FRAME
        mov     [bp + S_ATTRIBUTE], bh
        mov     bl, al                  ; BL = rows to move, BH = direction
        mov     bh, ah
        call    get_model
        cmp     ah, PLANAR
        jb      .low
        je      .planar

        ; Mode 13h: 8 bytes of a dot each to a character's line
        mov     ax, 0xA000
        mov     es, ax
        xor     ah, ah
        mov     al, ch
        mul     byte [BDA_POINTS]
        push    dx
        mov     di, 320
        mul     di
        pop     dx
        mov     di, ax
        xor     ah, ah
        mov     al, cl
        shl     ax, 1
        shl     ax, 1
        shl     ax, 1
        add     di, ax
        mov     al, [bp + S_ATTRIBUTE]
        mov     ah, al
        mov     [bp + S_FILL], ax
        mov     word [bp + S_PITCH], 320
        xor     ah, ah
        mov     al, dl
        shl     ax, 1
        shl     ax, 1
        shl     ax, 1
        mov     cl, [BDA_POINTS]
        call    scroll_lines
        jmp     .done

.planar:
        call    graphics_defaults
        mov     ax, 0xA000
        mov     es, ax
        push    dx
        mov     al, ch
        mul     byte [BDA_POINTS]
        mul     word [BDA_COLUMNS]
        add     ax, si
        pop     dx
        mov     di, ax
        xor     ah, ah
        mov     al, cl
        add     di, ax
        mov     ax, [BDA_COLUMNS]
        mov     [bp + S_PITCH], ax
        xor     ah, ah
        mov     al, dl
        mov     cl, [BDA_POINTS]
        call    scroll_lines
        call    graphics_defaults
        jmp     .done

.low:
        cmp     ah, TEXT
        jne     .cga
        call    text_segment
        mov     al, ch
        mul     byte [BDA_COLUMNS]
        xor     ch, ch
        add     ax, cx
        add     ax, ax
        add     ax, si
        mov     di, ax
        mov     ax, [BDA_COLUMNS]
        add     ax, ax
        mov     [bp + S_PITCH], ax
        mov     al, ' '
        mov     ah, [bp + S_ATTRIBUTE]
        mov     [bp + S_FILL], ax
        xor     ah, ah
        mov     al, dl
        add     ax, ax
        mov     cl, 1
        call    scroll_lines
        jmp     .done

        ; Modes 4 to 6: even and odd lines lie in two banks, each with four lines of a character.
.cga:
        mov     al, ah
        mov     di, 0xB800
        mov     es, di
        push    ax
        mov     al, ch
        xor     ah, ah
        mov     di, 320
        push    dx
        mul     di
        pop     dx
        mov     di, ax
        pop     ax
        xor     ch, ch
        cmp     al, CGA4
        jne     .one
        add     cx, cx
        add     dl, dl
.one:
        add     di, cx
        mov     al, [bp + S_ATTRIBUTE]
        mov     ah, al
        mov     [bp + S_FILL], ax
        mov     word [bp + S_PITCH], 80
        xor     ah, ah
        mov     al, dl
        mov     cl, 4
        push    ax
        push    bx
        push    cx
        push    dx
        push    di
        call    scroll_lines
        pop     di
        pop     dx
        pop     cx
        pop     bx
        pop     ax
        add     di, 0x2000
        call    scroll_lines
.done:
        mov     sp, bp
        pop     bp
.nothing:
        ret

; In: ES:DI = top left byte of the window, AX = its width in bytes, BL = rows to move, BH = direction,
;     DH = rows of the window, CL = lines of a row, frame: S_PITCH, S_FILL, S_ATTRIBUTE.
scroll_lines:
        mov     [bp + S_WIDTH], ax
        mov     al, bl
        mul     cl
        mov     [bp + S_BLANK], ax
        push    dx
        mul     word [bp + S_PITCH]
        pop     dx
        mov     [bp + S_SOURCE], ax
        mov     al, dh
        mul     cl
        mov     si, ax                  ; lines of the window
        sub     ax, [bp + S_BLANK]
        mov     [bp + S_MOVED], ax
        mov     ax, [bp + S_PITCH]
        test    bh, bh
        jz      .up
        ; Down: from the last line upwards
        push    dx
        dec     si
        push    ax
        mul     si
        add     di, ax
        pop     ax
        pop     dx
        neg     ax
        neg     word [bp + S_SOURCE]
.up:
        mov     [bp + S_STRIDE], ax

        ; A window as broad as the screen that moves up is one long line.
        cmp     ax, [bp + S_WIDTH]
        jne     .lines
        mul     word [bp + S_MOVED]
        mov     cx, ax
        jcxz    .filled_line
        mov     si, di
        add     si, [bp + S_SOURCE]
        call    .move
.filled_line:
        mov     ax, [bp + S_WIDTH]
        mul     word [bp + S_BLANK]
        mov     cx, ax
        call    .start_fill
        jmp     .fill

.lines:
        mov     dx, [bp + S_MOVED]
        test    dx, dx
        jz      .blank
.next:
        mov     si, di
        add     si, [bp + S_SOURCE]
        mov     cx, [bp + S_WIDTH]
        push    di
        push    dx
        call    .move
        pop     dx
        pop     di
        add     di, [bp + S_STRIDE]
        dec     dx
        jnz     .next
.blank:
        call    .start_fill
        mov     bx, [bp + S_BLANK]
.next_blank:
        mov     cx, [bp + S_WIDTH]
        push    di
        call    .fill
        pop     di
        add     di, [bp + S_STRIDE]
        dec     bx
        jnz     .next_blank
        ret

; Moves CX bytes from ES:SI to ES:DI; planes go through the latches, a byte at a time.
.move:
        call    get_model
        cmp     ah, PLANAR
        je      .latched
        push    ds
        push    es
        pop     ds
        shr     cx, 1
        rep     movsw
        adc     cx, cx
        rep     movsb
        pop     ds
        ret
.latched:
        push    cx
        outw    GRAPHICS, 5, 1          ; write mode 1
        pop     cx
        push    ds
        push    es
        pop     ds
        rep     movsb
        pop     ds
        ret

; Planes are filled by set/reset.
.start_fill:
        call    get_model
        cmp     ah, PLANAR
        jne     .started
        push    bx
        mov     bl, [bp + S_ATTRIBUTE]
        call    plane_color
        outw    GRAPHICS, 5, 0
        mov     al, 0
        mov     ah, bl
        out     dx, ax
        mov     ax, 0x0F01
        out     dx, ax
        pop     bx
.started:
        ret

.fill:
        mov     ax, [bp + S_FILL]
        shr     cx, 1
        rep     stosw
        adc     cx, cx
        rep     stosb
        ret
