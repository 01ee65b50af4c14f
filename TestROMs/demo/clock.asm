; The clock: the time in digits made of the BIOS's 8x8 font, a block for each dot; date and ticks.

clock:
        call    clear_screen
        mov     si, .title
        mov     di, back_keys
        call    draw_bars
        mov     cx, 5 * 256 + 4
        mov     dx, 16 * 256 + 75
        mov     bh, 0x0A
        call    box
        mov     byte [big_second], 0xFF ; the second drawn last
.next:
        call    get_time
        cmp     dh, [big_second]
        je      .same
        mov     [big_second], dh
        mov     di, line_buffer
        mov     al, ch
        call    .digits
        mov     al, ':'
        stosb
        mov     al, cl
        call    .digits
        mov     al, ':'
        stosb
        mov     al, dh
        call    .digits
        call    .big
        call    .date
.same:
        mov     byte [color], BODY
        mov     word [place], 20 * 256 + 27
        show    "Ticks since midnight  ", COLOR STRONG
        mov     ah, 0
        int     0x1A
        mov     ax, dx
        mov     dx, cx
        call    put_long
        mov     al, 60
        call    pad
        call    poll_key
        jnz     .key
        hlt
        jmp     .next
.key:
        jmp     take_key

.title: db      "Clock", END

; AL (BCD) as two characters to ES:DI
.digits:
        push    ax
        shr     al, 1
        shr     al, 1
        shr     al, 1
        shr     al, 1
        add     al, '0'
        stosb
        pop     ax
        and     al, 0x0F
        add     al, '0'
        stosb
        ret

; The eight characters of line_buffer, eight rows high
.big:
        push    es
        mov     ax, 0x1130              ; the font 8x8 to ES:BP
        mov     bh, 3
        int     0x10
        mov     dx, 0                   ; DL = row of the font
.row:
        mov     di, disk_buffer
        mov     si, line_buffer
        mov     cx, 8
.character:
        lodsb
        xor     ah, ah
        shl     ax, 1
        shl     ax, 1
        shl     ax, 1
        mov     bx, ax
        add     bx, dx
        add     bx, bp
        mov     ah, [es:bx]
        mov     bl, 8
.dot:
        mov     al, ' '
        add     ah, ah
        jnc     .dark
        mov     al, 0xDB
.dark:
        mov     [di], al
        inc     di
        dec     bl
        jnz     .dot
        loop    .character
        push    bp
        push    dx
        push    es
        push    ds
        pop     es
        mov     dh, dl
        add     dh, 7
        mov     dl, 8
        mov     [place], dx
        mov     byte [color], 0x0A
        mov     bp, disk_buffer
        mov     cx, 64
        call    put_run
        pop     es
        pop     dx
        pop     bp
        inc     dx
        cmp     dx, 8
        jb      .row
        pop     es
        ret

.date:
        mov     ah, 4
        int     0x1A
        jc      .no_date
        push    dx
        show    COLOR STRONG, AT 18, 27
        pop     dx
        push    cx
        push    dx
        call    .weekday
        pop     dx
        mov     al, dl
        call    put_byte
        mov     al, ' '
        call    put
        mov     al, dh                  ; BCD month to 0-11
        cmp     al, 0x10
        jb      .one
        sub     al, 6
.one:
        dec     al
        cmp     al, 11
        ja      .no_month
        mov     ah, 3
        mul     ah
        mov     si, ax
        mov     cx, 3
.month:
        mov     al, [si + .months]
        inc     si
        call    put
        loop    .month
.no_month:
        mov     al, ' '
        call    put
        pop     ax
        call    put_word
        ret
.no_date:
        show    COLOR BODY, AT 18, 27, "There is no real-time clock: by the ticks."
        ret

; The day of the week of CX-DX (BCD), Sakamoto's way: (y + y/4 - y/100 + y/400 + t[m] + d) mod 7, January and February
; counting to the year before
.weekday:
        mov     al, ch
        call    .binary
        mov     ah, 100
        mul     ah
        mov     bx, ax
        mov     al, cl
        call    .binary
        xor     ah, ah
        add     bx, ax
        mov     al, dl
        call    .binary
        xor     ah, ah
        mov     si, ax                  ; SI = day
        mov     al, dh
        call    .binary
        xor     ah, ah
        cmp     al, 3
        jae     .march
        dec     bx
.march:
        dec     ax
        cmp     al, 11
        ja      .no_weekday
        mov     di, ax
        mov     al, [di + .shifts]
        xor     ah, ah
        add     si, ax
        add     si, bx
        mov     cl, 2
        mov     ax, bx
        shr     ax, cl
        add     si, ax
        mov     ax, bx
        xor     dx, dx
        mov     cx, 100
        div     cx
        sub     si, ax
        shr     ax, 1
        shr     ax, 1
        add     ax, si
        xor     dx, dx
        mov     cx, 7
        div     cx
        mov     bx, dx
        add     bx, bx
        mov     si, [bx + .days]
        jmp     draw
.no_weekday:
        ret
.binary: ; AL from BCD
        push    cx
        mov     ah, al
        and     al, 0x0F
        mov     cl, 4
        shr     ah, cl
        aad
        pop     cx
        ret
.shifts:        db 0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4
.months:        db "JanFebMarAprMayJunJulAugSepOctNovDec"
.days:  dw      .sunday, .monday, .tuesday, .wednesday, .thursday, .friday, .saturday
.sunday:        db "Sunday, ", END
.monday:        db "Monday, ", END
.tuesday:       db "Tuesday, ", END
.wednesday:     db "Wednesday, ", END
.thursday:      db "Thursday, ", END
.friday:        db "Friday, ", END
.saturday:      db "Saturday, ", END
