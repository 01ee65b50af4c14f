; Output on the text screen by INT 10h.

; In: SI = string for `draw`. Changes AX, SI.
;   0 ends; 1, attribute; 2, row, column; 3, count, character; all others are characters.
; Runs of characters go out by INT 10h/13h, but BEL, BS, LF and CR show as glyphs, too (by 09h).
draw:
        push    bx
        push    cx
        push    dx
        push    bp
.next:
        mov     bp, si
        xor     cx, cx
.count:
        lodsb
        cmp     al, 4
        jb      .code
        cmp     al, 7
        jb      .plain
        cmp     al, 14
        jb      .code
.plain:
        inc     cx
        jmp     .count
.code:
        jcxz    .empty
        push    ax
        call    put_run
        pop     ax
.empty:
        test    al, al
        jz      .end
        cmp     al, 2
        jb      .color
        je      .at
        cmp     al, 3
        je      .times
        call    put
        jmp     .next
.color:
        lodsb
        mov     [color], al
        jmp     .next
.at:
        lodsw
        xchg    al, ah
        mov     [place], ax
        jmp     .next
.times:
        lodsw
        mov     cl, al
        xor     ch, ch
        mov     al, ah
        call    put_times
        jmp     .next
.end:
        pop     bp
        pop     dx
        pop     cx
        pop     bx
        ret

; The string after the call. Keeps all registers but AX.
draw_here:
        mov     [kept_si], si
        pop     si
        call    draw
        push    si
        mov     si, [kept_si]
        ret

; CX characters at DS:BP at the place, which moves on. Changes AX, BX, CX, DX.
put_run:
        mov     dx, [place]
        add     [place], cx
        mov     bl, [color]
        mov     bh, 0
        mov     ax, 0x1300
        push    es
        push    ds
        pop     es
        int     0x10
        pop     es
        ret

; The character AL. Keeps all registers but AX.
put:
        push    cx
        mov     cx, 1
        call    put_times
        pop     cx
        ret

; The character AL, CX times. Keeps all registers but AX.
put_times:
        push    bx
        push    dx
        mov     dx, [place]
        add     [place], cx
        mov     bl, [color]
        mov     bh, 0
        push    ax
        mov     ah, 2
        int     0x10
        pop     ax
        mov     ah, 9
        int     0x10
        pop     dx
        pop     bx
        ret

; Blanks up to column AL. Keeps all registers but AX.
pad:
        push    cx
        sub     al, [place]
        jbe     .done
        mov     cl, al
        xor     ch, ch
        mov     al, ' '
        call    put_times
.done:
        pop     cx
        ret

; A window CX-DX (row, column) in colour BH. Changes AX.
fill:
        push    bx
        mov     ax, 0x0600
        int     0x10
        pop     bx
        ret

; A window CX-DX with a double frame in colour BH. Changes all registers.
box:
        mov     [color], bh
        call    fill
        mov     bx, dx                  ; BX = bottom right
        mov     dx, cx                  ; DX = top left
        mov     cl, bl
        sub     cl, dl
        dec     cl
        xor     ch, ch                  ; CX = columns inside
        mov     [place], dx
        mov     al, 0xC9
        call    put
        mov     al, 0xCD
        call    put_times
        mov     al, 0xBB
        call    put
.row:
        inc     dh
        cmp     dh, bh
        jae     .bottom
        mov     [place], dx
        mov     al, 0xBA
        call    put
        mov     [place], dx
        mov     [place], bl
        mov     al, 0xBA
        call    put
        jmp     .row
.bottom:
        mov     [place], dx
        mov     al, 0xC8
        call    put
        mov     al, 0xCD
        call    put_times
        mov     al, 0xBC
        jmp     put

; Mode 3 without a cursor
set_mode:
        mov     ax, 0x0003
        int     0x10
        mov     ah, 1
        mov     cx, 0x2000
        int     0x10
        ret

; All blue
clear_screen:
        mov     byte [shown_second], 0xFF
        xor     cx, cx
        mov     dx, 0x184F
        mov     bh, BODY
        jmp     fill

; The bars at top and bottom. In: nothing, for the main screen.
draw_frame:
        mov     si, main_title
        mov     di, main_keys
; In: SI = title, DI = keys, strings for `draw`.
draw_bars:
        mov     word [place], 0
        mov     byte [color], BAR
        push    si
        push    di
        show    COLOR BAR_KEY, " Swift86 ", COLOR BAR, 0xB3, " "
        pop     di
        pop     si
        call    draw
        mov     al, 80
        call    pad
        mov     word [place], 24 * 256
        mov     al, ' '
        call    put
        mov     si, di
        call    draw
        mov     byte [color], BAR
        mov     al, 80
        call    pad
        mov     byte [color], BODY
        jmp     show_time

main_title:
        db      "Demo disk", END
main_keys:
        db      COLOR BAR_KEY, 0x18, 0x19, COLOR BAR, " Choose   ", COLOR BAR_KEY, "Enter", COLOR BAR, " Go   or press a letter", END
back_keys:
        db      COLOR BAR_KEY, "Esc", COLOR BAR, " Back", END
