; diskwait.asm: waiting for an interrupt with a limit of time. The processor halts; where the timer cannot wake it (masked,
; or INT 13h was called in the timer's own interrupt) it counts refresh periods instead, so that no wait is for ever.

POLL_PERIODS    equ     14      ; refresh periods of one poll: 211 us, and 256 polls are about a tick

; Starts a wait of AL ticks. Uses no register.
wait_start:
        push    ds
        push    ax
        mov     ax, BDA_SEG
        mov     ds, ax
        mov     al, [BDA_TICKS]
        mov     [BDA_DW_LAST], al
        pop     ax
        mov     [BDA_DW_TICKS], al
        mov     byte [BDA_DW_POLLS], 0
        pop     ds
        ret

; Waits for an interrupt. Call it with interrupts off, so that none comes between the look at what is waited for and
; the halt; they are on when it returns. CF set when the time is over. Uses AX.
wait_step:
        push    ds
        mov     ax, BDA_SEG
        mov     ds, ax
        mov     al, [BDA_TICKS]
        cmp     al, [BDA_DW_LAST]
        je      .same
        mov     [BDA_DW_LAST], al
        dec     byte [BDA_DW_TICKS]
        jz      .over
.same:
        in      al, PIC1_MASK
        test    al, 01h
        jnz     .poll
        mov     al, 0Bh                 ; OCW3: read the in-service register
        out     PIC1, al
        jmp     short $+2
        in      al, PIC1
        mov     ah, al
        mov     al, 0Ah
        out     PIC1, al
        test    ah, 01h
        jnz     .poll
        sti
        hlt
        pop     ds
        clc
        ret
.poll:
        sti
        push    cx
        mov     cx, POLL_PERIODS
.period:
        call    wait_refresh
        loop    .period
        pop     cx
        inc     byte [BDA_DW_POLLS]
        jnz     .go_on
        dec     byte [BDA_DW_TICKS]
        jz      .over
.go_on:
        pop     ds
        clc
        ret
.over:
        sti
        pop     ds
        stc
        ret

; Waits AL ticks. Uses AX.
wait_ticks:
        call    wait_start
.next:
        cli
        call    wait_step
        jnc     .next
        ret
