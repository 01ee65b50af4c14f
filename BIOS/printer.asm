; printer.asm: INT 17h, parallel ports. Keys: [PC/AT TR, "Printer adapter"], [RBIL 1700-1702].

int17_handler:
        enter_service
        sti
        mov     si, dx
        cmp     si, 3
        jae     .absent
        mov     bl, [si+BDA_LPT_TIMEOUT]
        shl     si, 1
        mov     dx, [si+BDA_LPT]
        test    dx, dx
        jz      .absent
        cmp     ah, 1
        jb      printer_print
        je      printer_init
        cmp     ah, 2
        je      printer_status
        leave_service
.absent:
        cmp     ah, 2
        ja      .done
        mov     byte [bp+F_AH], 01h     ; time-out
.done:
        leave_service

; 00h: AL to the printer, when it is not busy.
printer_print:
        out     dx, al
        inc     dx
        mov     cx, 65535
.wait:
        in      al, dx
        test    al, 80h                 ; not busy
        jnz     .ready
        call    wait_refresh
        loop    .wait
        dec     bl
        jnz     .wait
        call    printer_bits
        or      ah, 01h
        mov     [bp+F_AH], ah
        leave_service
.ready:
        inc     dx
        mov     al, 0Dh                 ; strobe for at least 0.5 us
        out     dx, al
        jmp     short $+2
        mov     al, 0Ch
        out     dx, al
        dec     dx
        dec     dx
        ; fall through

; 02h: AH = status.
printer_status:
        inc     dx
        call    printer_bits
        mov     [bp+F_AH], ah
        leave_service

; 01h: the initialise line for a while, then the status.
printer_init:
        add     dx, 2
        mov     al, 08h
        out     dx, al
        mov     cx, 100
.hold:
        call    wait_refresh
        loop    .hold
        mov     al, 0Ch
        out     dx, al
        sub     dx, 2
        jmp     printer_status

; AH = the status register at DX as INT 17h shows it: acknowledge and error turned round, unused bits 0.
printer_bits:
        in      al, dx
        and     al, 0F8h
        xor     al, 48h
        mov     ah, al
        ret
