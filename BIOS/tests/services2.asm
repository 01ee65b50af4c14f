; services2.asm: services.asm, continued.

; Block move: out to 2 MB and back, and what must be refused.
test_move:
        mov     ah, 88h
        int     15h
        cmp     ax, 1088                ; KB above 1 MB that reach the target
        jae     .enough
        ret
.enough:
        mov     cx, 256
        mov     di, 6000h
        mov     ax, 1234h
.fill:
        stosw
        add     ax, 7
        loop    .fill
        mov     byte [.source+4], 0
        mov     word [.source+2], 6000h
        mov     byte [.target+4], 20h
        mov     word [.target+2], 0
        mov     cx, 256
        mov     si, .gdt
        mov     ax, 8700h
        int     15h
        check   "15/87 out", nc
        test    ah, ah
        check   "15/87 ah", z
        mov     byte [.source+4], 20h
        mov     word [.source+2], 0
        mov     byte [.target+4], 0
        mov     word [.target+2], 6400h
        mov     cx, 256
        mov     si, .gdt
        mov     ah, 87h
        int     15h
        check   "15/87 back", nc
        mov     si, 6000h
        mov     di, 6400h
        mov     cx, 256
        repe    cmpsw
        check   "15/87 data", e
        mov     cx, 8001h
        mov     si, .gdt
        mov     ah, 87h
        int     15h
        check   "15/87 too long", c
        mov     word [.source], 0FFh
        mov     cx, 256
        mov     si, .gdt
        mov     ah, 87h
        int     15h
        check   "15/87 short segment", c
        mov     word [.source], 0FFFFh
        ret
.gdt:   times 16 db 0
.source: dw 0FFFFh, 0, 9300h, 0
.target: dw 0FFFFh, 0, 9300h, 0
        times 16 db 0

test_a20:
        mov     ax, 2402h
        int     15h
        cmp     al, 0
        check   "A20 closed at boot", e
        mov     ax, 2401h
        int     15h
        check   "15/2401", nc
        mov     ax, 2402h
        int     15h
        cmp     al, 1
        check   "A20 open", e
        mov     ax, 2400h
        int     15h
        mov     ax, 2402h
        int     15h
        cmp     al, 0
        check   "A20 closed", e
        mov     ax, 2403h
        int     15h
        cmp     bx, 3
        check   "15/2403", e
        ret

; The clock, against the ticks; setting and alarm.
test_clock:
        mov     ah, 02h
        int     1Ah
        check   "1A/02 carry", nc
        mov     al, ch                  ; hours from BCD
        shr     al, 4
        mov     ah, 10
        mul     ah
        and     ch, 0Fh
        add     al, ch
        mov     bl, al
        mov     ah, 00h
        int     1Ah                     ; an hour is 65543 ticks: CX is nearly the hour
        mov     al, cl
        sub     al, bl
        inc     al
        cmp     al, 2
        check   "ticks follow the clock", be
        mov     ah, 04h
        int     1Ah
        check   "1A/04 carry", nc
        cmp     ch, 20h
        check   "century", e
        mov     ah, 03h
        mov     cx, 1234h
        mov     dx, 5600h
        int     1Ah
        mov     ah, 02h
        int     1Ah
        cmp     cx, 1234h
        check   "1A/03 time", e
        mov     ah, 05h
        mov     cx, 2031h
        mov     dx, 0228h
        int     1Ah
        mov     ah, 04h
        int     1Ah
        cmp     cx, 2031h
        check   "1A/05 year", e
        cmp     dx, 0228h
        check   "1A/05 day", e
        mov     word [4Ah*4], .alarm
        mov     word [4Ah*4+2], 0
        mov     ah, 06h
        mov     cx, 1234h
        mov     dx, 5800h
        int     1Ah
        check   "1A/06 carry", nc
        mov     ah, 06h
        int     1Ah
        check   "1A/06 twice", c
        mov     cx, 60                  ; ticks
.wait:
        hlt
        cmp     byte [.rang], 0
        loope   .wait
        cmp     byte [.rang], 1
        check   "alarm", e
        mov     ah, 07h
        int     1Ah
        check   "1A/07", nc
        mov     ah, 01h
        mov     cx, 0018h
        mov     dx, 00ADh               ; three ticks to midnight
        int     1Ah
        mov     cx, 5
.midnight:
        hlt
        loop    .midnight
        mov     ah, 00h
        int     1Ah
        cmp     al, 1
        check   "midnight", e
        cmp     cx, 0
        check   "ticks begin again", e
        mov     ah, 00h
        int     1Ah
        cmp     al, 0
        check   "midnight told once", e
        mov     ah, 0AAh
        int     1Ah
        check   "1A/AA", c
        ret
.alarm:
        inc     byte [cs:.rang]
        iret
.rang:  db 0

; 86h takes its time, 83h sets its flag, both refuse a second one.
test_waits:
        call    ticks
        mov     si, dx
        mov     cx, 0007h               ; 0.5 s: nine ticks
        mov     dx, 0A120h
        mov     ah, 86h
        int     15h
        check   "15/86 carry", nc
        call    ticks
        sub     dx, si
        cmp     dx, 8
        check   "15/86 not early", ae
        cmp     dx, 11
        check   "15/86 not late", be
        mov     byte [.flag], 0
        mov     bx, .flag
        mov     cx, 0001h
        mov     dx, 86A0h               ; 0.1 s
        mov     ax, 8300h
        int     15h
        check   "15/83 carry", nc
        mov     cx, 1
        mov     dx, 0
        mov     ah, 86h
        int     15h
        check   "15/86 while a wait runs", c
        mov     cx, 5
.wait:
        hlt
        cmp     byte [.flag], 80h
        je      .set
        call    ticks
        loop    .wait
        mov     cx, 200
.more:
        hlt
        cmp     byte [.flag], 80h
        loopne  .more
.set:
        cmp     byte [.flag], 80h
        check   "15/83 flag", e
        mov     ax, 8300h
        mov     cx, 10
        int     15h
        mov     ax, 8301h
        int     15h
        check   "15/8301", nc
        mov     cx, 0
        mov     dx, 2000
        mov     ah, 86h
        int     15h
        check   "15/86 after it was called off", nc
        ret
.flag:  db 0

ticks:
        push    cx
        mov     ah, 00h
        int     1Ah
        pop     cx
        ret

        %include "tests/services3.asm"
