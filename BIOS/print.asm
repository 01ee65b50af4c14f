; print.asm: messages, by INT 10h/0Eh as a program would write them.

; Writes the zero-terminated text at CS:SI. Uses AX, SI.
print_text:
        push    bx
        push    bp                      ; some video BIOSes lose it when they scroll
.next:
        mov     al, [cs:si]
        inc     si
        test    al, al
        jz      .done
        call    print_char
        jmp     .next
.done:
        pop     bp
        pop     bx
        ret

; Writes the character in AL. Uses AX.
print_char:
        push    bx
        push    si
        mov     ah, 0Eh
        mov     bx, 0007h
        int     10h
        pop     si
        pop     bx
        ret

; Writes DX:AX in decimal. Uses AX, BX, CX, DX.
print_decimal:
        push    si
        push    di
        xor     cx, cx                  ; digits on the stack
        mov     bx, 10
.divide:
        mov     si, ax
        mov     ax, dx
        xor     dx, dx
        div     bx                      ; the high word first, its remainder goes on
        mov     di, ax
        mov     ax, si
        div     bx
        push    dx
        inc     cx
        mov     dx, di
        mov     si, ax
        or      si, dx
        jnz     .divide
.write:
        pop     ax
        add     al, '0'
        call    print_char
        loop    .write
        pop     di
        pop     si
        ret
