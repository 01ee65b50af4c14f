; rtc.asm: the MC146818: date, time and alarm (INT 1Ah/02h-07h), its interrupt (INT 70h), the waits that it counts.
; Keys: [MC146818 p.11-16], [RBIL 1A02-1A07, 70, 1583, 1586].

RTC_RUN         equ     26h             ; register A: 32.768 kHz, periodic rate 1024 Hz
RTC_SET         equ     80h             ; register B
RTC_PERIODIC    equ     40h
RTC_ALARM       equ     20h
RTC_24H         equ     02h
RTC_DST         equ     01h
PERIOD_US       equ     976             ; a period of 1024 Hz

; POST: the clock runs, its interrupts are off, and the ticks since midnight follow from the time. DS = 0040h.
init_clock:
        mov     ax, RTC_RUN << 8 | CMOS_A
        call    cmos_write
        mov     al, CMOS_B
        call    cmos_read
        and     al, 07h                 ; its format stays: the time is kept in it
        mov     ah, al
        mov     al, CMOS_B
        call    cmos_write
        mov     al, CMOS_C              ; what was pending goes
        call    cmos_read
        call    cmos_wait_update
        jc      .done
        ; ticks = seconds * 1193182 / 65536, in whole minutes and seconds: 1092 + 25552/65536 and 18 + 13533/65536
        mov     al, CMOS_HOURS
        call    .binary
        mov     ah, 60
        mul     ah
        mov     bx, ax
        mov     al, CMOS_MINUTES
        call    .binary
        xor     ah, ah
        add     bx, ax                  ; minutes of the day
        mov     ax, 25552
        mul     bx
        mov     si, dx
        mov     ax, 1092
        mul     bx
        add     ax, si
        adc     dx, 0
        mov     bx, ax
        mov     si, dx                  ; SI:BX
        mov     al, CMOS_SECONDS
        call    .binary
        xor     ah, ah
        mov     cx, ax
        mov     ax, 13533
        mul     cx
        add     bx, dx
        adc     si, 0
        mov     ax, 18
        mul     cx
        add     bx, ax
        adc     si, dx
        cli
        mov     [BDA_TICKS], bx
        mov     [BDA_TICKS+2], si
        sti
.done:
        ret
; AL = CMOS register AL as a number; a register that is not BCD is taken as it is. Uses AX, CX.
.binary:
        call    cmos_read
        mov     ch, al
        mov     al, CMOS_B
        call    cmos_read
        test    al, 04h
        mov     al, ch
        jnz     .is_binary
        mov     cl, 4
        shr     al, cl
        mov     ah, 10
        mul     ah
        and     ch, 0Fh
        add     al, ch
.is_binary:
        ret

rtc_service:
        enter_service
        sti
        cmp     ah, 07h
        ja      .unknown
        mov     bl, ah
        sub     bl, 2
        xor     bh, bh
        shl     bx, 1
        and     word [bp+F_FLAGS], ~FLAG_CARRY & 0FFFFh
        call    [cs:bx+.table]
        leave_service
.unknown:
        or      word [bp+F_FLAGS], FLAG_CARRY
        leave_service
.table: dw      rtc_get_time, rtc_set_time, rtc_get_date, rtc_set_date, rtc_set_alarm, rtc_reset_alarm

; 02h: CH, CL, DH = hours, minutes, seconds; DL = daylight saving. CF set if the clock stands.
rtc_get_time:
        call    cmos_wait_update
        jc      rtc_stands
        mov     al, CMOS_HOURS
        call    cmos_read
        mov     [bp+F_CH], al
        mov     al, CMOS_MINUTES
        call    cmos_read
        mov     [bp+F_CL], al
        mov     al, CMOS_SECONDS
        call    cmos_read
        mov     [bp+F_DH], al
        mov     al, CMOS_B
        call    cmos_read
        and     al, RTC_DST
        mov     [bp+F_DL], al
        mov     byte [bp+F_AH], 0
        ret
rtc_stands:
        or      word [bp+F_FLAGS], FLAG_CARRY
        ret

; 03h: sets them.
rtc_set_time:
        call    rtc_hold
        mov     al, CMOS_SECONDS
        mov     ah, [bp+F_DH]
        call    cmos_write
        mov     al, CMOS_MINUTES
        mov     ah, [bp+F_CL]
        call    cmos_write
        mov     al, CMOS_HOURS
        mov     ah, [bp+F_CH]
        call    cmos_write
        mov     al, CMOS_B
        call    cmos_read
        and     al, 7Eh                 ; SET off: the clock goes on
        mov     ah, [bp+F_DL]
        and     ah, RTC_DST
        or      ah, al
        or      ah, RTC_24H
        mov     al, CMOS_B
        jmp     cmos_write

; 04h: CH, CL, DH, DL = century, year, month, day.
rtc_get_date:
        call    cmos_wait_update
        jc      rtc_stands
        mov     al, CMOS_CENTURY
        call    cmos_read
        mov     [bp+F_CH], al
        mov     al, CMOS_YEAR
        call    cmos_read
        mov     [bp+F_CL], al
        mov     al, CMOS_MONTH
        call    cmos_read
        mov     [bp+F_DH], al
        mov     al, CMOS_DAY
        call    cmos_read
        mov     [bp+F_DL], al
        mov     byte [bp+F_AH], 0
        ret

; 05h: sets them. The day of the week is not in the call and stays as it is.
rtc_set_date:
        call    rtc_hold
        mov     al, CMOS_DAY
        mov     ah, [bp+F_DL]
        call    cmos_write
        mov     al, CMOS_MONTH
        mov     ah, [bp+F_DH]
        call    cmos_write
        mov     al, CMOS_YEAR
        mov     ah, [bp+F_CL]
        call    cmos_write
        mov     al, CMOS_CENTURY
        mov     ah, [bp+F_CH]
        call    cmos_write
        mov     al, CMOS_B
        call    cmos_read
        and     al, 7Fh
        mov     ah, al
        mov     al, CMOS_B
        jmp     cmos_write

; Stops updates while registers are written; a clock that stands is started.
rtc_hold:
        call    cmos_wait_update
        jnc     .runs
        mov     ax, RTC_RUN << 8 | CMOS_A
        call    cmos_write
.runs:
        mov     al, CMOS_B
        call    cmos_read
        or      al, RTC_SET
        mov     ah, al
        mov     al, CMOS_B
        jmp     cmos_write

; 06h: alarm at CH:CL:DH, INT 4Ah. CF set if one is set already.
rtc_set_alarm:
        mov     al, CMOS_B
        call    cmos_read
        test    al, RTC_ALARM
        jnz     rtc_stands
        call    cmos_wait_update
        jc      rtc_stands
        mov     al, CMOS_ALARM_SEC
        mov     ah, [bp+F_DH]
        call    cmos_write
        mov     al, CMOS_ALARM_MIN
        mov     ah, [bp+F_CL]
        call    cmos_write
        mov     al, CMOS_ALARM_HOUR
        mov     ah, [bp+F_CH]
        call    cmos_write
        mov     bl, RTC_ALARM
        jmp     rtc_interrupt_on

; 07h: no alarm any more.
rtc_reset_alarm:
        mov     bl, ~RTC_ALARM & 0FFh
        jmp     rtc_interrupt_off

; Opens IRQ8 and sets bit BL of register B. Uses AX.
rtc_interrupt_on:
        pushf
        cli
        in      al, PIC2_MASK
        and     al, 0FEh
        out     PIC2_MASK, al
        in      al, PIC1_MASK
        and     al, 0FBh
        out     PIC1_MASK, al
        mov     al, CMOS_B
        call    cmos_read
        and     al, 7Fh
        or      al, bl
        mov     ah, al
        mov     al, CMOS_B
        call    cmos_write
        popf
        ret

; Keeps of register B what BL has. Uses AX.
rtc_interrupt_off:
        pushf
        cli
        mov     al, CMOS_B
        call    cmos_read
        and     al, bl
        mov     ah, al
        mov     al, CMOS_B
        call    cmos_write
        popf
        ret

; IRQ8. A periodic interrupt counts the wait down; at its end the flag's bit 7 is set. An alarm calls INT 4Ah.
int70_handler:
        push    ds
        push    es
        push    ax
        push    bx
        mov     ax, BDA_SEG
        mov     ds, ax
        mov     al, CMOS_C              ; reading it ends the request
        call    cmos_read
        mov     bh, al
        mov     al, CMOS_B
        call    cmos_read
        and     bh, al                  ; what came and was asked for
        test    bh, RTC_PERIODIC
        jz      .no_period
        sub     word [BDA_WAIT_COUNT], PERIOD_US
        sbb     word [BDA_WAIT_COUNT+2], 0
        jnc     .no_period
        push    bx
        mov     bl, ~RTC_PERIODIC & 0FFh
        call    rtc_interrupt_off
        mov     byte [BDA_WAIT_ACTIVE], 0
        les     bx, [BDA_WAIT_FLAG]
        or      byte [es:bx], 80h
        pop     bx
.no_period:
        test    bh, RTC_ALARM
        jz      .no_alarm
        int     4Ah
        cli
.no_alarm:
        mov     al, EOI
        out     PIC2, al
        out     PIC1, al
        pop     bx
        pop     ax
        pop     es
        pop     ds
        iret
