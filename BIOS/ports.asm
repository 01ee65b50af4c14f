; ports.asm: short waits, and the search for serial and parallel ports.

; Waits for one toggle of the refresh bit of port 61h, 15.09 us on an AT. Bounded for boards where it stands still.
; Uses no register.
wait_refresh:
        push    ax
        push    cx
        in      al, PORT_B
        and     al, 10h
        mov     ah, al
        mov     cx, 1000
.next:
        in      al, PORT_B
        and     al, 10h
        cmp     al, ah
        loope   .next
        pop     cx
        pop     ax
        ret

; Finds COM1-COM4 and LPT1-LPT3, fills the BIOS data area and the equipment word. DS = 0040h. Uses AX, BX, CX, DX, SI.
find_ports:
        xor     bx, bx                  ; offset in the table of COM bases
        mov     si, com_bases
        mov     cx, 4
.next_com:
        mov     dx, [cs:si]
        add     si, 2
        call    probe_uart
        jnz     .no_com
        mov     [bx+BDA_COM], dx
        add     bx, 2
.no_com:
        loop    .next_com
        mov     ax, bx                  ; twice the count, for bits 9-11
        mov     cl, 8
        shl     ax, cl
        and     word [BDA_EQUIP], 0F1FFh
        or      [BDA_EQUIP], ax

        xor     bx, bx
        mov     si, lpt_bases
        mov     cx, 3
.next_lpt:
        mov     dx, [cs:si]
        add     si, 2
        call    probe_lpt
        jne     .no_lpt
        mov     [bx+BDA_LPT], dx
        add     bx, 2
.no_lpt:
        loop    .next_lpt
        mov     ax, bx                  ; twice the count, for bits 14-15
        mov     cl, 13
        shl     ax, cl
        and     word [BDA_EQUIP], 3FFFh
        or      [BDA_EQUIP], ax
        mov     ax, 1414h
        mov     [BDA_LPT_TIMEOUT], ax
        mov     [BDA_LPT_TIMEOUT+2], ax
        mov     ax, 0101h
        mov     [BDA_COM_TIMEOUT], ax
        mov     [BDA_COM_TIMEOUT+2], ax
        ret

com_bases:      dw      3F8h, 2F8h, 3E8h, 2E8h
lpt_bases:      dw      3BCh, 378h, 278h

; ZF set if a UART answers at DX: the upper five bits of its interrupt-identification register are 0 but for the FIFO
; bits, and its interrupt-enable register keeps what is written [16550A 8.4, 8.5]. Uses AX.
probe_uart:
        push    dx
        inc     dx
        mov     al, 02h
        out     dx, al
        jmp     short $+2
        in      al, dx
        cmp     al, 02h
        jne     .done
        xor     al, al
        out     dx, al
        jmp     short $+2
        in      al, dx
        test    al, al
        jnz     .done
        inc     dx
        in      al, dx
        test    al, 30h
.done:
        pop     dx
        ret

; ZF set if a printer port answers at DX: its data latch reads back. Uses AX.
probe_lpt:
        mov     al, 0AAh
        out     dx, al
        jmp     short $+2
        in      al, dx
        cmp     al, 0AAh
        jne     .done
        mov     al, 55h
        out     dx, al
        jmp     short $+2
        in      al, dx
        cmp     al, 55h
.done:
        ret
