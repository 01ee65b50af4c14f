; interrupts.asm: the vector table, interrupts that nobody expects, NMI, coprocessor, print screen, INT 11h and 12h.

; Fills the 256 vectors: the table for 08h-1Fh and 70h-77h, IRET for most others, 0 for 60h-67h (for users) and from
; 78h on, as on the AT. ES = 0. Uses AX, CX, SI, DI.
init_vectors:
        xor     di, di
        mov     cx, 78h
.each:
        mov     ax, dummy_iret
        stosw
        mov     ax, cs
        stosw
        loop    .each
        xor     ax, ax
        mov     cx, (100h - 78h) * 2
        rep     stosw
        push    ds
        push    cs
        pop     ds
        mov     si, vector_table
        mov     di, 08h * 4
        mov     cx, 24
.low:
        movsw
        add     di, 2
        loop    .low
        mov     si, vector_table_slave
        mov     di, 70h * 4
        mov     cx, 8
.slave:
        movsw
        add     di, 2
        loop    .slave
        pop     ds
        mov     word [es:02h*4], entry_nmi
        mov     word [es:05h*4], entry_int05
        mov     word [es:40h*4], entry_int40
        xor     ax, ax
        mov     di, 1Fh * 4             ; upper half of the 8x8 font: the video BIOS has it
        stosw
        stosw
        mov     di, 60h * 4
        mov     cx, 8 * 2
        rep     stosw
        ret

; A hardware interrupt without a handler: the line is masked, so that it cannot come for ever. What was in service
; is left at 0040:006B, FFh if it was an INT instruction [PC/AT TR, BIOS listing, D11].
irq_unexpected:
        push    ds
        push    ax
        push    bx
        mov     ax, BDA_SEG
        mov     ds, ax
        mov     al, 0Bh                 ; OCW3: read the in-service register
        out     PIC1, al
        jmp     short $+2
        in      al, PIC1
        mov     bl, al
        mov     al, 0Ah
        out     PIC1, al
        mov     bh, 0FFh
        test    bl, bl
        jz      .software
        mov     bh, bl
        test    bl, 04h                 ; the cascade: ask the second controller
        jz      .master
        mov     al, 0Bh
        out     PIC2, al
        jmp     short $+2
        in      al, PIC2
        mov     bh, al
        mov     al, 0Ah
        out     PIC2, al
        in      al, PIC2_MASK
        or      al, bh
        out     PIC2_MASK, al
        mov     al, EOI
        out     PIC2, al
        jmp     .eoi
.master:
        in      al, PIC1_MASK
        or      al, bl
        out     PIC1_MASK, al
.eoi:
        mov     al, EOI
        out     PIC1, al
.software:
        mov     [BDA_LAST_INT], bh
        pop     bx
        pop     ax
        pop     ds
        iret

; IRQ9 is what IRQ2 was on the PC: it goes on to INT 0Ah.
int71_handler:
        push    ax
        mov     al, EOI
        out     PIC2, al
        pop     ax
        int     0Ah
        iret

; IRQ13: the coprocessor's error line. Its latch is cleared, then it is what it was on the PC, an NMI.
int75_handler:
        push    ax
        xor     al, al
        out     0F0h, al
        mov     al, EOI
        out     PIC2, al
        out     PIC1, al
        pop     ax
        int     02h
        iret

; NMI: a parity or channel-check error stops the machine with a message; anything else (the coprocessor) returns.
int02_handler:
        push    ax
        push    si
        in      al, PORT_B
        mov     si, text_parity
        test    al, 80h
        jnz     .stop
        mov     si, text_channel
        test    al, 40h
        jnz     .stop
        pop     si
        pop     ax
        iret
.stop:
        call    print_text
        cli
        hlt
        jmp     $-1

text_parity:    db      13, 10, "Memory parity error", 0
text_channel:   db      13, 10, "I/O channel error", 0

; INT 11h: AX = equipment.
int11_handler:
        push    ds
        mov     ax, BDA_SEG
        mov     ds, ax
        mov     ax, [BDA_EQUIP]
        pop     ds
        iret

; INT 12h: AX = KB of base memory.
int12_handler:
        push    ds
        mov     ax, BDA_SEG
        mov     ds, ax
        mov     ax, [BDA_BASE_KB]
        pop     ds
        iret

; INT 05h: the screen to the printer. 0050:0000 is 1 while it runs, FFh after an error [PC/AT TR, BIOS listing].
int05_handler:
        enter_service
        mov     ax, 0050h
        mov     ds, ax
        cmp     byte [0], 1
        je      .leave
        mov     byte [0], 1
        sti
        mov     ah, 0Fh
        int     10h
        mov     cl, ah                  ; columns; BH is the page
        mov     ax, BDA_SEG
        mov     es, ax
        mov     ch, [es:BDA_ROWS]
        inc     ch
        cmp     ch, 2
        jae     .rows
        mov     ch, 25                  ; a video BIOS that does not say
.rows:
        push    cx
        mov     ah, 03h
        int     10h
        pop     cx
        push    dx                      ; the cursor goes back there
        xor     dx, dx
        call    print_newline
        jc      .error
.cell:
        mov     ah, 02h
        int     10h
        mov     ah, 08h
        int     10h
        test    al, al
        jnz     .print
        mov     al, ' '
.print:
        call    print_on_lpt1
        jc      .error
        inc     dl
        cmp     dl, cl
        jb      .cell
        call    print_newline
        jc      .error
        mov     dl, 0
        inc     dh
        cmp     dh, ch
        jb      .cell
        mov     al, 0
        jmp     .end
.error:
        mov     al, 0FFh
.end:
        mov     [0], al
        pop     dx
        mov     ah, 02h
        int     10h
.leave:
        leave_service

print_newline:
        mov     al, 13
        call    print_on_lpt1
        jc      .done
        mov     al, 10
        call    print_on_lpt1
.done:
        ret

; CF set when LPT1 did not take the character in AL.
print_on_lpt1:
        push    dx
        xor     dx, dx
        mov     ah, 0
        int     17h
        pop     dx
        test    ah, 29h                 ; time-out, I/O error, no paper
        jz      .done
        stc
.done:
        ret
