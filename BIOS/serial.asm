; serial.asm: INT 14h, serial ports by polling. Keys: [16550A 8.0], [RBIL 1400-1403].

UART_IER        equ     1
UART_LCR        equ     3
UART_MCR        equ     4
UART_LSR        equ     5
UART_MSR        equ     6

int14_handler:
        enter_service
        sti
        mov     si, dx
        cmp     si, 4
        jae     .done
        mov     bl, [si+BDA_COM_TIMEOUT]
        shl     si, 1
        mov     dx, [si+BDA_COM]
        test    dx, dx
        jz      .absent
        cmp     ah, 1
        jb      serial_init
        je      serial_send
        cmp     ah, 3
        jb      serial_receive
        je      serial_status
.done:
        leave_service
.absent:
        mov     byte [bp+F_AH], 80h     ; time-out
        leave_service

; 00h: AL = rate (bits 7-5), parity (4-3), stop bits (2), length (1-0).
serial_init:
        mov     bl, al
        mov     cl, 4
        rol     bl, cl
        and     bx, 000Eh
        mov     bx, [cs:bx+baud_divisors]
        add     dx, UART_LCR
        mov     al, 80h
        out     dx, al                  ; the divisor's latch
        sub     dx, UART_LCR
        mov     al, bl
        out     dx, al
        inc     dx
        mov     al, bh
        out     dx, al
        add     dx, UART_LCR - UART_IER
        mov     al, [bp+F_AL]
        and     al, 1Fh
        out     dx, al
        sub     dx, UART_LCR - UART_IER
        xor     al, al                  ; no interrupts
        out     dx, al
        dec     dx
        ; fall through

; 03h: AH = line status, AL = modem status.
serial_status:
        add     dx, UART_LSR
        in      al, dx
        mov     ah, al
        inc     dx
        in      al, dx
        mov     [bp+F_AX], ax
        leave_service

; 01h: sends AL, when the modem is ready and clear to send.
serial_send:
        add     dx, UART_MCR
        mov     al, 03h                 ; DTR, RTS
        out     dx, al
        add     dx, UART_MSR - UART_MCR
        mov     bh, 30h                 ; DSR, CTS
        call    serial_wait
        jne     serial_timeout
        dec     dx                      ; LSR
        mov     bh, 20h                 ; transmitter empty
        call    serial_wait
        jne     serial_timeout
        mov     ah, al
        sub     dx, UART_LSR
        mov     al, [bp+F_AL]
        out     dx, al
        mov     [bp+F_AH], ah
        leave_service

; 02h: AL = a character, AH = its errors.
serial_receive:
        add     dx, UART_MCR
        mov     al, 01h                 ; DTR
        out     dx, al
        inc     dx                      ; LSR
        mov     bh, 01h                 ; data
        call    serial_wait
        jne     serial_timeout
        and     al, 1Eh
        mov     [bp+F_AH], al
        sub     dx, UART_LSR
        in      al, dx
        mov     [bp+F_AL], al
        leave_service
serial_timeout:
        or      al, 80h
        mov     [bp+F_AH], al
        leave_service

; Waits until register DX has all bits of BH: ZF set, AL = register. At most BL seconds by the refresh bit (66,288
; changes a second). Uses AH, CX.
serial_wait:
        mov     cx, 65535
.next:
        in      al, dx
        mov     ah, al
        and     ah, bh
        cmp     ah, bh
        je      .done
        call    wait_refresh
        loop    .next
        dec     bl
        jnz     serial_wait
        cmp     ah, bh                  ; ZF clear
.done:
        ret

baud_divisors:  dw      1047, 768, 384, 192, 96, 48, 24, 12     ; 110 to 9600 baud of 115,200
