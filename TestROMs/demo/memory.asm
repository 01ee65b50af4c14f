; Memory: 16 lines of 16 bytes from any segment:offset.

LINES           equ 16

memory:
        call    clear_screen
        mov     si, .title
        mov     di, .keys
        call    draw_bars
        mov     cx, 2 * 256 + 1
        mov     dx, (2 + LINES + 3) * 256 + 78
        mov     bh, BODY
        call    box
        show    COLOR LABEL, AT 3, 3, "seg :offs"
        xor     bx, bx
.head:
        mov     al, ' '
        call    put
        mov     al, bl
        call    put_byte
        call    .gap
        inc     bx
        cmp     bl, 16
        jb      .head
.show:
        call    .lines
.key:
        call    wait_key
        cmp     al, 27
        je      .back
        cmp     ah, 0x48                ; Up
        jne     .not_up
        sub     word [dump_offset], 16
        jmp     .show
.not_up:
        cmp     ah, 0x50                ; Down
        jne     .not_down
        add     word [dump_offset], 16
        jmp     .show
.not_down:
        cmp     ah, 0x49                ; Page Up
        jne     .not_page_up
        sub     word [dump_offset], LINES * 16
        jmp     .show
.not_page_up:
        cmp     ah, 0x51                ; Page Down
        jne     .not_page_down
        add     word [dump_offset], LINES * 16
        jmp     .show
.not_page_down:
        cmp     ah, 0x4B                ; Left
        jne     .not_left
        dec     word [dump_offset]
        jmp     .show
.not_left:
        cmp     ah, 0x4D                ; Right
        jne     .not_right
        inc     word [dump_offset]
        jmp     .show
.not_right:
        cmp     al, '-'
        jne     .not_minus
        sub     word [dump_segment], 0x1000
        jmp     .show
.not_minus:
        cmp     al, '+'
        jne     .not_plus
        add     word [dump_segment], 0x1000
        jmp     .show
.not_plus:
        ; Places worth a look
        mov     bx, .places
.place:
        cmp     al, [bx]
        jne     .next_place
        mov     dx, [bx + 1]
        mov     [dump_segment], dx
        mov     dx, [bx + 3]
        mov     [dump_offset], dx
        jmp     .show
.next_place:
        add     bx, 5
        cmp     bx, .places_end
        jb      .place
        and     al, 0xDF
        cmp     al, 'G'
        jne     .not_go
        call    .go
        jmp     .show
.not_go:
        cmp     al, 'E'
        jne     .key
        call    .edit
        jmp     .show
.back:
        ret

.title: db      "Memory", END
.keys:  db      COLOR BAR_KEY, "G", COLOR BAR, " Go to  ", COLOR BAR_KEY, "E", COLOR BAR, " Edit  "
        db      COLOR BAR_KEY, 0x18, 0x19, 0x1B, 0x1A, " PgUp PgDn + -", COLOR BAR, "  "
        db      COLOR BAR_KEY, "1", COLOR BAR, " IVT ", COLOR BAR_KEY, "2", COLOR BAR, " BDA "
        db      COLOR BAR_KEY, "3", COLOR BAR, " Text ", COLOR BAR_KEY, "4", COLOR BAR, " VGA "
        db      COLOR BAR_KEY, "5", COLOR BAR, " BIOS ", COLOR BAR_KEY, "6", COLOR BAR, " Us ", COLOR BAR_KEY, "Esc", END
.places:
        db      '1'
        dw      0, 0
        db      '2'
        dw      BDA, 0
        db      '3'
        dw      0xB800, 0
        db      '4'
        dw      0xC000, 0
        db      '5'
        dw      0xF000, 0xFF00
        db      '6'
        dw      PROGRAM, 0
.places_end:

; An empty column in the middle. In: BL = byte of the line.
.gap:
        cmp     bl, 7
        jne     .no_gap
        mov     al, ' '
        call    put
.no_gap:
        ret

; All lines; each is put together in line_buffer and drawn at once.
.lines:
        mov     bx, [dump_offset]
        mov     dh, 4
.line:
        push    dx
        mov     dl, 3
        mov     [place], dx
        mov     byte [color], LABEL
        mov     ax, [dump_segment]
        call    put_word
        mov     al, ':'
        call    put
        mov     ax, bx
        call    put_word
        mov     byte [color], STRONG
        ; The bytes
        mov     di, line_buffer
        mov     cx, 16
        push    bx
.byte:
        mov     al, ' '
        stosb
        push    ds
        mov     ds, [dump_segment]
        mov     al, [bx]
        pop     ds
        inc     bx
        call    .hex
        cmp     cl, 9
        jne     .no_space
        mov     al, ' '
        stosb
.no_space:
        loop    .byte
        pop     bx
        mov     al, ' '
        stosb
        push    bx
        mov     bp, line_buffer
        mov     cx, di
        sub     cx, bp
        call    put_run
        pop     bx
        ; The characters. BEL, BS, LF and CR would not show as glyphs: they become dots
        mov     byte [color], BODY
        mov     di, line_buffer
        mov     cx, 16
        push    bx
.character:
        push    ds
        mov     ds, [dump_segment]
        mov     al, [bx]
        pop     ds
        inc     bx
        cmp     al, 7
        jb      .glyph
        cmp     al, 14
        jae     .glyph
        mov     al, 0xFA
.glyph:
        stosb
        loop    .character
        mov     bp, line_buffer
        mov     cx, 16
        call    put_run
        pop     bx
        add     bx, 16
        pop     dx
        inc     dh
        cmp     dh, 4 + LINES
        jb      .line

        ; The linear address
        show    COLOR LABEL, AT 20, 3, "Linear address "
        mov     ax, [dump_segment]
        mov     dx, 16
        mul     dx
        add     ax, [dump_offset]
        adc     dx, 0
        mov     byte [color], STRONG
        push    ax
        mov     al, dl
        cmp     al, 0x10
        jb      .short
        push    ax
        mov     al, '1'
        call    put
        pop     ax
.short:
        call    put_digit
        pop     ax
        call    put_word
        mov     al, 30
        jmp     pad

; AL as two digits to ES:DI
.hex:
        push    ax
        shr     al, 1
        shr     al, 1
        shr     al, 1
        shr     al, 1
        call    .digit
        pop     ax
        and     al, 0x0F
.digit:
        cmp     al, 10
        jb      .decimal
        add     al, 7
.decimal:
        add     al, '0'
        stosb
        ret

.go:
        show    COLOR STRONG, AT 20, 40, "Go to "
        mov     byte [color], 0x4F
        mov     ax, [dump_segment]
        mov     cl, 4
        call    ask_hex
        jc      .went
        mov     [dump_segment], ax
        add     byte [place], 4
        mov     al, ':'
        call    put
        mov     ax, [dump_offset]
        mov     cl, 4
        call    ask_hex
        jc      .went
        mov     [dump_offset], ax
.went:
        mov     byte [color], BODY
        mov     word [place], 20 * 256 + 40
        mov     al, 70
        jmp     pad

; A byte at the dump's start, and the next, until Esc
.edit:
        show    COLOR STRONG, AT 20, 40, "Change "
        mov     byte [color], 0x4F
        mov     ax, [dump_segment]
        call    put_word
        mov     al, ':'
        call    put
        mov     ax, [dump_offset]
        call    put_word
        show    " to "
        push    es
        mov     es, [dump_segment]
        mov     bx, [dump_offset]
        mov     al, [es:bx]
        pop     es
        xor     ah, ah
        mov     cl, 2
        call    ask_hex
        jc      .went
        push    es
        mov     es, [dump_segment]
        mov     bx, [dump_offset]
        mov     [es:bx], al
        pop     es
        inc     word [dump_offset]
        call    .lines
        jmp     .edit
