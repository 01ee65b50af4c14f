; INT 5 by way of INT 10h/12h, BL = 20h: prints the text screen, however many rows it has, on the first printer.
; 0050:0000 tells how it goes: 0 done, 1 at work, FFh an error.

print_screen:
        sti
        push    ax
        push    bx
        push    cx
        push    dx
        push    ds
        push    si
        mov     ax, BDA
        mov     ds, ax
        mov     si, 0x100               ; 0050:0000
        cmp     byte [si], 1
        je      .busy
        mov     byte [si], 1
        mov     ah, 0x0F
        int     0x10                    ; BH = page, AH = columns
        mov     cl, ah
        mov     ch, [BDA_ROWS]
        inc     ch
        push    cx
        mov     ah, 3
        int     0x10
        pop     cx
        push    dx                      ; the cursor comes back at the end
        call    .new_line
        jnz     .failed
        xor     dx, dx
.next:
        mov     ah, 2
        int     0x10
        mov     ah, 8
        int     0x10
        test    al, al
        jnz     .visible
        mov     al, ' '
.visible:
        call    .print
        jnz     .failed
        inc     dl
        cmp     dl, cl
        jb      .next
        xor     dl, dl
        call    .new_line
        jnz     .failed
        inc     dh
        cmp     dh, ch
        jb      .next
        mov     byte [si], 0
        jmp     .end
.failed:
        mov     byte [si], 0xFF
.end:
        pop     dx
        mov     ah, 2
        int     0x10
.busy:
        pop     si
        pop     ds
        pop     dx
        pop     cx
        pop     bx
        pop     ax
        iret

.new_line:
        mov     al, 0x0D
        call    .print
        jnz     .done
        mov     al, 0x0A
; In: AL. Out: ZF clear on an error.
.print:
        push    dx
        xor     dx, dx
        mov     ah, 0
        int     0x17
        test    ah, 0x29                ; error, out of paper, time out
        pop     dx
.done:
        ret
