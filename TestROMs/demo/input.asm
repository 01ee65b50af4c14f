; Keys by INT 16h, and the time in the upper right corner meanwhile.

; Out: AX = key as INT 16h/00h has it. Keeps all other registers.
wait_key:
        call    show_time
        call    poll_key
        jnz     take_key
        hlt                             ; till the next tick at the latest
        jmp     wait_key

; Out: ZF clear if a key waits, AX = the key.
poll_key:
        mov     ah, 1
        int     0x16
        ret

take_key:
        mov     ah, 0
        int     0x16
        ret

; Out: AX = the tick counter's low word. Keeps all other registers.
ticks:
        push    ds
        mov     ax, BDA
        mov     ds, ax
        mov     ax, [0x6C]
        pop     ds
        ret

; The clock at the right of the title, when the second has changed (looked at twice a second).
show_time:
        push    ax
        push    bx
        push    cx
        push    dx
        call    ticks
        cmp     byte [shown_second], 0xFF
        je      .look
        mov     bx, ax
        sub     bx, [shown_tick]
        cmp     bx, 9
        jb      .done
.look:
        mov     [shown_tick], ax
        call    get_time
        cmp     dh, [shown_second]
        je      .done
        mov     [shown_second], dh
        push    word [place]
        mov     al, [color]
        push    ax
        mov     word [place], 70
        mov     byte [color], BAR_KEY
        call    put_time
        pop     ax
        mov     [color], al
        pop     word [place]
.done:
        pop     dx
        pop     cx
        pop     bx
        pop     ax
        ret

; Out: CH, CL, DH = hour, minute, second, BCD; from the RTC, or out of the ticks where there is none.
get_time:
        mov     ah, 2
        int     0x1A
        jc      .ticks
        ret
.ticks:
        mov     ah, 0
        int     0x1A                    ; CX:DX = ticks since midnight
        mov     ax, dx                  ; seconds = ticks * 5 / 91, near enough
        mov     dx, cx
        mov     bx, ax
        mov     cx, dx
        add     ax, ax
        adc     dx, dx
        add     ax, ax
        adc     dx, dx
        add     ax, bx
        adc     dx, cx
        mov     bx, 91
        call    divide_long
        mov     bx, 60
        push    ax
        call    divide_long             ; AX = minutes of the day
        mov     cx, ax
        mul     bx
        pop     dx
        sub     dx, ax                  ; DL = seconds
        mov     al, dl
        call    .bcd
        mov     dh, al
        mov     ax, cx
        mov     bl, 60
        div     bl                      ; AL = hours, AH = minutes
        mov     ch, ah
        call    .bcd
        xchg    al, ch
        call    .bcd
        mov     cl, al
        ret
.bcd:
        aam
        push    cx
        mov     cl, 4
        shl     ah, cl
        pop     cx
        or      al, ah
        ret

; CH, CL, DH (BCD) as hh:mm:ss
put_time:
        mov     al, ch
        call    put_byte
        mov     al, ':'
        call    put
        mov     al, cl
        call    put_byte
        mov     al, ':'
        call    put
        mov     al, dh
        jmp     put_byte

; Asks for a hexadecimal number of CL digits at the place. Out: AX = number, CF set if Esc was pressed.
; Enter takes what there is; with nothing typed AX stays as it was. Changes CX, DX.
ask_hex:
        mov     [asked], ax
        mov     [asked_width], cl
        xor     dx, dx                  ; the number
        xor     ch, ch                  ; digits typed
.draw:
        push    word [place]
        push    cx
        push    dx
        mov     ax, dx
        test    ch, ch
        jnz     .typed
        mov     ax, [asked]
.typed:
        cmp     byte [asked_width], 2
        je      .byte
        call    put_word
        jmp     .drawn
.byte:
        call    put_byte
.drawn:
        pop     dx
        pop     cx
        pop     word [place]
        call    wait_key
        cmp     al, 27
        je      .escape
        cmp     al, 13
        je      .enter
        cmp     al, 8
        je      .back
        cmp     al, ':'
        je      .enter
        cmp     al, '0'
        jb      .draw
        cmp     al, '9'
        jbe     .digit
        and     al, 0xDF
        cmp     al, 'A'
        jb      .draw
        cmp     al, 'F'
        ja      .draw
        sub     al, 7
.digit:
        and     al, 0x3F
        sub     al, 0x30
        mov     bl, al
        push    cx
        mov     cl, 4
        shl     dx, cl
        pop     cx
        or      dl, bl
        cmp     byte [asked_width], 2
        jne     .more
        xor     dh, dh
.more:
        cmp     ch, 4
        jae     .draw
        inc     ch
        jmp     .draw
.back:
        test    ch, ch
        jz      .draw
        dec     ch
        push    cx
        mov     cl, 4
        shr     dx, cl
        pop     cx
        jmp     .draw
.enter:
        mov     ax, dx
        test    ch, ch
        jnz     .taken
        mov     ax, [asked]
.taken:
        clc
        ret
.escape:
        mov     ax, [asked]
        stc
        ret
