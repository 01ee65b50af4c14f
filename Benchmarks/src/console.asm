; console - real mode: a program's output through INT 10h of the machine's own VGA BIOS. One iteration = 12 lines of
; text by function 0Eh (teletype, which scrolls at the bottom), a status line by 13h, a window of 60 columns scrolled up
; by 06h or down by 07h with a new line in it by 09h, cursor set and read by 02h and 03h.
; The checksum is over the characters of the text page alone, so it is the same with everyone's BIOS; the number of
; instructions is not.
bits 16
extern bench_n
global init16, main16, bench_name, xinfo
section .text
init16: ret

; One row of the page into the checksum. BX = row.
sum_row:
        mov     ax, 0B800h
        mov     es, ax
        imul    si, bx, 160
        mov     cx, 80
        mov     eax, [check]
.c:     rol     eax, 3
        xor     al, [es:si]
        add     eax, 9E3779B9h
        add     si, 2
        loop    .c
        mov     [check], eax
        xor     ax, ax
        mov     es, ax
        ret

random: imul    eax, [lcg], 1664525     ; AX = 16 random bits
        add     eax, 1013904223
        mov     [lcg], eax
        shr     eax, 16
        ret

; Fills `line` with words; CX = length, 16 to 79.
make_line:
        call    random
        and     ax, 3Fh
        add     ax, 16
        mov     [length], ax
        mov     di, line
        mov     cx, ax
.l:     call    random
        test    ah, 7
        jz      .blank
        and     al, 31
        add     al, 'A'                 ; letters and a few signs behind them
        jmp     .put
.blank: mov     al, ' '
.put:   mov     [di], al
        inc     di
        loop    .l
        ret

main16: pushad
        mov     eax, [bench_n]
        mov     [left], eax
        mov     dword [check], 0
        mov     dword [lcg], 12345h
outer:  mov     word [lines], 12
.line:  call    make_line
        mov     si, line
.char:  lodsb                           ; character by character, as DOS does
        mov     ah, 0Eh
        mov     bx, 7
        push    si
        int     10h
        pop     si
        dec     word [length]
        jnz     .char
        mov     ax, 0E0Dh
        int     10h
        mov     ax, 0E0Ah
        int     10h
        dec     word [lines]
        jnz     .line

        mov     ah, 3                   ; where the cursor is, for later
        mov     bh, 0
        int     10h
        mov     [cursor], dx
        call    make_line
        mov     ax, 1300h               ; status line, the cursor stays
        mov     bx, 001Fh
        mov     cx, [length]
        mov     dx, 0000h
        push    bp
        mov     bp, line
        int     10h
        pop     bp

        call    random                  ; window: rows 4 to 19, columns 10 to 69
        mov     cl, al
        and     cl, 3
        mov     al, cl
        inc     al
        mov     ah, 6
        test    byte [left], 1
        jz      .up
        inc     ah
.up:    mov     bh, 17h
        mov     cx, 040Ah
        mov     dx, 1345h
        int     10h
        mov     dx, 130Ah               ; a new line in it: a rule of one character
        test    byte [left], 1
        jz      .at
        mov     dh, 4
.at:    mov     ah, 2
        mov     bh, 0
        int     10h
        call    random
        and     al, 15
        add     al, 'a'
        mov     ah, 9
        mov     bx, 17h
        mov     cx, 60
        int     10h

        mov     dx, [cursor]
        mov     ah, 2
        mov     bh, 0
        int     10h
        mov     bl, dh                  ; the row above the cursor, and another one
        xor     bh, bh
        dec     bx
        call    sum_row
        mov     bl, [left]
        and     bx, 15
        add     bx, 4
        call    sum_row
        dec     dword [left]
        jnz     outer
        xor     bx, bx                  ; and all of it at the end
.all:   push    bx
        call    sum_row
        pop     bx
        inc     bx
        cmp     bx, 25
        jb      .all
        popad
        mov     eax, [check]
        ret
section .data
bench_name db "console",0
        align 4
left    dd 0
check   dd 0
lcg     dd 0
xinfo   dd 0
lines   dw 0
length  dw 0
cursor  dw 0
line    times 80 db 0
