; loopreal - for the gate on host instructions: real mode as DOS programs have it: segments, 16-bit addressing, INT and
; IRET, ports, far calls, LOOP, short string runs. One iteration = 16 rounds.
bits 16
extern bench_n
global init16, main16, bench_name, xinfo
section .text
init16: xor     ax, ax
        mov     es, ax
        mov     word [es:60h*4], handler
        mov     word [es:60h*4+2], ax
        ret
        align   256                     ; all of it on one page
main16: mov     eax, [bench_n]
        mov     [left], eax
        mov     ax, 2000h
        mov     es, ax
        xor     bp, bp
        cld
outer:  mov     cx, 16
inner:  push    cx
        mov     si, cx
        shl     si, 2
        mov     ax, [table+si]
        add     ax, bp
        mov     [es:si+20h], ax
        mov     bx, si
        xor     bp, [es:bx+si+20h]
        mov     ah, 2
        int     60h
        add     bp, ax
        mov     al, cl
        out     80h, al
        in      al, 61h                 ; the speaker's port
        and     al, 0Fh
        cmp     al, 10h
        jae     .skip
        inc     bp
.skip:  call    0:far_one
        mov     si, table
        mov     di, 100h
        mov     cx, 5
        rep     movsw
        pop     cx
        loop    inner
        sub     dword [left], 1
        jnz     outer
        movzx   eax, bp
        ret
handler:
        push    bx
        mov     bx, ax
        shr     bx, 4
        add     ax, bx
        pop     bx
        iret
far_one:
        ror     bp, 1
        retf
section .data
bench_name db "loopreal",0
        align 4
left    dd 0
xinfo   dd 0
table   times 40 dw 0A5C3h
