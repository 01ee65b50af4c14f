; All 256 attributes and all 256 characters.

colors:
        call    clear_screen
        mov     si, .title
        mov     di, .keys
        call    draw_bars
        mov     byte [blinking], 1
        show    COLOR LABEL, AT 2, 4, "Attributes", AT 2, 46, "Characters"
        ; Heads of the columns
        xor     bx, bx
.head:
        mov     byte [color], LABEL
        mov     dx, 3 * 256 + 5
        add     dl, bl
        add     dl, bl
        mov     [place], dx
        mov     al, bl
        call    put_digit
        add     byte [place], 41 - 1
        mov     al, bl
        call    put_digit
        inc     bx
        cmp     bl, 16
        jb      .head

        ; BL = attribute and character
        xor     bx, bx
.next:
        mov     dh, bl
        mov     cl, 4
        shr     dh, cl
        add     dh, 4
        test    bl, 0x0F
        jnz     .cell
        mov     byte [color], LABEL     ; the row's head
        mov     dl, 2
        mov     [place], dx
        mov     al, dh
        sub     al, 4
        call    put_digit
        mov     dl, 43
        mov     [place], dx
        mov     al, dh
        sub     al, 4
        call    put_digit
.cell:
        mov     dl, bl
        and     dl, 0x0F
        add     dl, dl
        add     dl, 4
        mov     [place], dx
        mov     [color], bl
        mov     al, bl
        call    put_byte
        add     dl, 42
        mov     [place], dx
        mov     byte [color], STRONG
        mov     al, bl
        call    put
        inc     bl
        jnz     .next
.key:
        call    wait_key
        and     al, 0xDF
        cmp     al, 'I'
        jne     .back
        xor     byte [blinking], 1
        mov     bl, [blinking]
        mov     ax, 0x1003
        int     0x10
        jmp     .key
.back:
        mov     ax, 0x1003
        mov     bx, 1
        int     0x10
        ret
.title: db      "Colours and characters", END
.keys:  db      COLOR BAR_KEY, "I", COLOR BAR, " Intense or blinking backgrounds   ", COLOR BAR_KEY, "Esc", COLOR BAR
        db      " Back", END
