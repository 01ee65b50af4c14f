; timer.asm: IRQ0 (INT 08h) and the time of day in ticks (INT 1Ah/00h, 01h). Keys: [PC/AT TR, BIOS listing], [RBIL 08, 1A].

TICKS_PER_DAY   equ     001800B0h

int08_handler:
        push    ds
        push    ax
        push    dx
        mov     ax, BDA_SEG
        mov     ds, ax
        inc     word [BDA_TICKS]
        jnz     .no_carry
        inc     word [BDA_TICKS+2]
.no_carry:
        cmp     word [BDA_TICKS+2], TICKS_PER_DAY >> 16
        jb      .today
        ja      .midnight
        cmp     word [BDA_TICKS], TICKS_PER_DAY & 0FFFFh
        jb      .today
.midnight:
        xor     ax, ax
        mov     [BDA_TICKS], ax
        mov     [BDA_TICKS+2], ax
        mov     byte [BDA_MIDNIGHT], 1
.today:
        cmp     byte [BDA_MOTOR_COUNT], 0
        je      .motors_off
        dec     byte [BDA_MOTOR_COUNT]
        jnz     .motors_off
        and     byte [BDA_MOTOR], 0F0h
        mov     al, 0Ch                 ; motors off, controller and its DMA on
        mov     dx, FDC_DOR
        out     dx, al
.motors_off:
        int     1Ch
        cli
        mov     al, EOI
        out     PIC1, al
        pop     dx
        pop     ax
        pop     ds
        iret

int1a_handler:
        cmp     ah, 0B1h
        jne     .clock
        jmp     int1a_pci               ; interrupts stay off: an address and its data belong together
.clock:
        sti
        cmp     ah, 00h
        je      ticks_get
        cmp     ah, 01h
        je      ticks_set
        jmp     rtc_service

; 00h: CX:DX = ticks, AL = whether midnight has passed since the last call.
ticks_get:
        push    ds
        mov     ax, BDA_SEG
        mov     ds, ax
        cli
        mov     cx, [BDA_TICKS+2]
        mov     dx, [BDA_TICKS]
        xor     ax, ax
        xchg    al, [BDA_MIDNIGHT]
        pop     ds
        iret

; 01h: ticks = CX:DX.
ticks_set:
        push    ds
        push    ax
        mov     ax, BDA_SEG
        mov     ds, ax
        cli
        mov     [BDA_TICKS+2], cx
        mov     [BDA_TICKS], dx
        mov     byte [BDA_MIDNIGHT], 0
        pop     ax
        pop     ds
        iret
