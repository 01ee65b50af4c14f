; Numbers on the screen. All keep all registers but AX (32-bit ones: and DX).

; AL's low half as a digit
put_digit:
        and     al, 0x0F
        cmp     al, 10
        jb      .decimal
        add     al, 7
.decimal:
        add     al, '0'
        jmp     put

; AL in two digits
put_byte:
        push    ax
        push    cx
        mov     cl, 4
        shr     al, cl
        pop     cx
        call    put_digit
        pop     ax
        jmp     put_digit

; AX in four digits
put_word:
        push    ax
        mov     al, ah
        call    put_byte
        pop     ax
        jmp     put_byte

; DX:AX in eight digits
put_dword:
        push    ax
        mov     ax, dx
        call    put_word
        pop     ax
        jmp     put_word

; AX in decimal
put_decimal:
        push    dx
        xor     dx, dx
        call    put_long
        pop     dx
        ret

; DX:AX in decimal
put_long:
        push    bx
        push    cx
        xor     cx, cx
        mov     bx, 10
.digit:
        push    ax                      ; DX:AX / 10 in two steps
        mov     ax, dx
        xor     dx, dx
        div     bx
        mov     [quotient], ax
        pop     ax
        div     bx
        push    dx
        inc     cx
        mov     dx, [quotient]
        mov     bx, ax
        or      bx, dx
        mov     bx, 10
        jnz     .digit
.put:
        pop     ax
        call    put_digit
        loop    .put
        pop     cx
        pop     bx
        ret

; DX:AX := DX:AX / BX. Changes nothing else.
divide_long:
        push    cx
        mov     cx, ax
        mov     ax, dx
        xor     dx, dx
        div     bx
        xchg    ax, cx
        div     bx
        mov     dx, cx
        pop     cx
        ret

; AX in decimal, two digits at least
put_two:
        cmp     ax, 10
        jae     put_decimal
        push    ax
        mov     al, '0'
        call    put
        pop     ax
        jmp     put_digit
