; INT 10h/0Eh: write as a terminal does. The hottest service: text goes straight to memory.

; In: AL = character, BL = colour in graphics modes. As on IBM's machines it goes to the page shown, whatever BH says.
teletype:
        mov     bh, [BDA_PAGE]

; In: also BH = page (0-7). Changes all registers but DS.
teletype_page:
        cmp     al, 0x0D
        ja      .print
        je      .return
        cmp     al, 0x0A
        je      .feed
        cmp     al, 0x08
        je      .back
        cmp     al, 0x07
        jne     .print
        jmp     beep

.print:
        call    get_model
        jnz     .graphics
        call    cursor_cell
        stosb
        jmp     teletype_advance
.graphics:
        mov     cx, 1
        xor     ah, ah                  ; on black
        push    bx
        call    draw_characters
        pop     bx
        jmp     teletype_advance

.return:
        call    teletype_cursor
        xor     dl, dl
        jmp     teletype_place
.back:
        call    teletype_cursor
        test    dl, dl
        jz      teletype_done
        dec     dl
        jmp     teletype_place
.feed:
        call    teletype_cursor
        jmp     teletype_feed

; The cursor of page BH a character on, with a scroll at the end of the page.
teletype_advance:
        call    teletype_cursor
        inc     dl
        cmp     dl, [BDA_COLUMNS]
        jb      teletype_place
        xor     dl, dl
teletype_feed:
        cmp     dh, [BDA_ROWS]
        jae     .scroll
        inc     dh
        jmp     teletype_place
.scroll:
        ; The new row takes the attribute at the cursor (black in graphics modes).
        mov     dh, [BDA_ROWS]
        mov     [di + BDA_CURSOR], dx
        push    bx
        push    dx
        push    di
        xor     al, al
        call    get_model
        jnz     .attribute
        call    cursor_cell
        mov     al, [es:di + 1]
.attribute:
        mov     cl, bh
        xor     ch, ch
        mov     bh, al
        mov     ax, [BDA_PAGE_SIZE]
        mul     cx
        mov     si, ax
        xor     cx, cx
        mov     dl, [BDA_COLUMNS]
        dec     dl
        mov     dh, [BDA_ROWS]
        mov     ax, 0x0001
        call    scroll
        pop     di
        pop     dx
        pop     bx

; DX becomes the cursor of page BH; DI as by teletype_cursor.
teletype_place:
        mov     [di + BDA_CURSOR], dx
        cmp     bh, [BDA_PAGE]
        jne     teletype_done
        jmp     program_cursor
teletype_done:
        ret

; In: BH = page. Out: DX = its cursor, DI = twice the page.
teletype_cursor:
        mov     dl, bh
        xor     dh, dh
        add     dx, dx
        mov     di, dx
        mov     dx, [di + BDA_CURSOR]
        ret

; The bell: about 890 Hz for an eighth of a second, timed by the tone's own counter, so that it works with
; interrupts disabled and at any speed.
beep:
        mov     al, 0xB6                ; counter 2, square wave
        out     0x43, al
        mov     ax, 1340
        out     0x42, al
        mov     al, ah
        out     0x42, al
        in      al, 0x61
        mov     ch, al
        or      al, 3
        out     0x61, al
        mov     bx, 222                 ; half waves; in each the counter runs down once
        ; A counter that stands still ends the beep, too, by SI.
        xor     si, si
        xor     di, di
.wait:
        mov     al, 0x80                ; latch counter 2
        out     0x43, al
        in      al, 0x42
        mov     ah, al
        in      al, 0x42
        xchg    al, ah
        cmp     ax, di
        mov     di, ax
        ja      .wave
        dec     si
        jnz     .wait
        jmp     .off
.wave:
        xor     si, si
        dec     bx
        jnz     .wait
.off:
        mov     al, ch
        out     0x61, al
        ret
