; scroll.asm: a text screen that scrolls a line in every frame, 60 times a second. One sector.
;   1F0h: 0 = sleeps (HLT) until the timer, which runs at 60 Hz; 1 = polls the vertical retrace, as games do
        cpu 8086
        org 7C00h
TIMER_60HZ equ 19886            ; 1,193,182 Hz / 60
COLUMNS equ 80
LINES   equ 25

start:  cli
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 7C00h
        cld
        mov ax, 0003h
        int 10h
        mov word [8*4], tick    ; IRQ 0
        mov word [8*4+2], 0
        mov al, 34h             ; counter 0, both bytes, rate generator
        out 43h, al
        mov ax, TIMER_60HZ
        out 40h, al
        mov al, ah
        out 40h, al
        mov ax, 0B800h
        mov es, ax
        sti

frame:  cmp byte [mode], 0
        jne retrace
.sleep: hlt
        cmp byte [ticks], 0
        je .sleep
        mov byte [ticks], 0
        jmp draw

retrace: mov dx, 3DAh
.in:    in al, dx               ; out of the last retrace, then into the next
        test al, 8
        jnz .in
.out:   in al, dx
        test al, 8
        jz .out

draw:   push ds                 ; every line moves up by one
        push es
        pop ds
        mov si, COLUMNS * 2
        xor di, di
        mov cx, COLUMNS * (LINES - 1)
        rep movsw
        pop ds
        mov bx, [line]          ; and a new one comes in at the bottom
        inc word [line]
        mov cx, COLUMNS
        mov ah, bl
        and ah, 7
        or ah, 8
.next:  mov al, bl
        add al, cl
        and al, 3Fh
        add al, ' '
        stosw
        loop .next
        jmp frame

tick:   push ax
        mov byte [cs:ticks], 1
        mov al, 20h
        out 20h, al
        pop ax
        iret

line:   dw 0
ticks:  db 0
        times 1F0h - ($ - $$) db 0
mode:   dd 0
        times 510 - ($ - $$) db 0
        dw 0AA55h
