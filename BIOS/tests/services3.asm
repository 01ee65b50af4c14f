; services3.asm: services.asm, continued.

; push_key WORD: into the keyboard's buffer.
%macro push_key 1
        mov     ah, 05h
        mov     cx, %1
        int     16h
%endmacro

; expect_key FUNCTION, WORD: what the function gives next.
%macro expect_key 2
        mov     ah, %1
        int     16h
        cmp     ax, %2
%endmacro

test_keys:
        mov     ah, 01h
        int     16h
        check   "16/01 empty", z
        push_key 1E61h
        cmp     al, 0
        check   "16/05", e
        mov     ah, 01h
        int     16h
        check   "16/01 key", nz
        cmp     ax, 1E61h
        check   "16/01 ax", e
        expect_key 00h, 1E61h
        check   "16/00", e
        push_key 48E0h
        expect_key 00h, 4800h
        check   "16/00 grey key", e
        push_key 48E0h
        expect_key 10h, 48E0h
        check   "16/10 grey key", e
        push_key 0E00Dh
        expect_key 00h, 1C0Dh
        check   "16/00 keypad Enter", e
        push_key 0E02Fh
        expect_key 00h, 352Fh
        check   "16/00 keypad /", e
        push_key 0E00Dh
        expect_key 10h, 0E00Dh
        check   "16/10 keypad Enter", e
        push_key 8500h                  ; F11
        push_key 01F0h                  ; Alt-Esc
        mov     ah, 01h
        int     16h
        check   "16/01 skips new keys", z
        push_key 8500h
        expect_key 10h, 8500h
        check   "16/10 F11", e
        push_key 01F0h
        expect_key 10h, 0100h
        check   "16/10 Alt-Esc", e
        push_key 00E0h                  ; a character by the keypad
        expect_key 00h, 00E0h
        check   "16/00 character E0h", e
        mov     si, 16
.fill:
        push_key 3920h
        test    al, al
        jnz     .full
        dec     si
        jnz     .fill
.full:
        cmp     si, 1                   ; fifteen fit
        check   "16/05 full", e
.drain:
        mov     ah, 00h
        int     16h
        mov     ah, 01h
        int     16h
        jnz     .drain
        mov     ah, 12h
        int     16h
        cmp     ax, 0
        check   "16/12", e
        mov     ah, 02h
        int     16h
        cmp     al, 0
        check   "16/02", e
        mov     ax, 0305h
        mov     bx, 0000h
        int     16h
        test    byte [0400h+BDA_KBD_LEDS], KL_BUSY
        check   "16/03 acknowledged", z
        ; an idle loop must come to HLT once every sixteen polls
        call    ticks
        mov     bx, dx
.sync:
        call    ticks
        cmp     bx, dx
        je      .sync
        mov     bx, dx
        mov     cx, 0
.poll:
        mov     ah, 01h
        int     16h
        inc     cx
        call    ticks
        sub     dx, bx
        cmp     dx, 3
        jb      .poll
        cmp     cx, 100
        check   "16/01 halts", b
        in      al, 21h                 ; and must not while the timer is masked
        push    ax
        or      al, 01h
        out     21h, al
        mov     cx, 100
.masked:
        mov     ah, 01h
        int     16h
        loop    .masked
        pop     ax
        out     21h, al
        cmp     cx, 0
        check   "16/01 with the timer masked", e
        ret

test_ports:
        int     11h
        mov     bx, ax
        test    bl, 01h
        check   "equipment: floppy", nz
        mov     ax, bx
        shr     ax, 9
        and     ax, 7
        mov     cx, ax                  ; as many COM ports as bases
        xor     dx, dx
        mov     si, 0400h
.count:
        lodsw
        test    ax, ax
        jz      .next
        inc     dx
.next:
        cmp     si, 0408h
        jb      .count
        cmp     cx, dx
        check   "equipment: COM", e
        mov     ah, 02h
        mov     dx, 2                   ; LPT3
        int     17h
        cmp     ah, 01h
        check   "17/02 absent", e
        mov     ah, 03h
        mov     dx, 3                   ; COM4
        int     14h
        test    ah, 80h
        check   "14/03 absent", nz
        cmp     word [0400h+BDA_COM], 0
        je      .no_com
        mov     dx, 0
        mov     ax, 00E3h               ; 9600 8N1
        int     14h
        test    ah, 60h
        check   "14/00 transmitter empty", nz
        mov     byte [0400h+BDA_COM_TIMEOUT], 1
        call    ticks
        mov     si, dx
        mov     dx, 0
        mov     ah, 02h
        int     14h
        test    ah, 80h
        check   "14/02 time-out", nz
        call    ticks
        sub     dx, si
        cmp     dx, 40
        check   "14/02 in good time", b
        mov     dx, 0
        mov     ax, 0155h
        int     14h
        test    ah, 80h
        check   "14/01", z
.no_com:
        ret

test_apm:
        mov     ax, 5300h
        mov     bx, 0
        int     15h
        check   "15/5300", nc
        cmp     bx, 504Dh
        check   "15/5300 PM", e
        mov     ax, 5304h
        mov     bx, 0
        int     15h
        check   "15/5304 not connected", c
        mov     ax, 5301h
        mov     bx, 0
        int     15h
        check   "15/5301", nc
        mov     ax, 5301h
        mov     bx, 0
        int     15h
        check   "15/5301 twice", c
        mov     ax, 530Eh
        mov     bx, 0
        mov     cx, 0101h
        int     15h
        cmp     ax, 0101h
        check   "15/530E", e
        mov     ax, 5305h
        int     15h
        check   "15/5305", nc
        mov     ax, 530Fh + 1
        int     15h
        check   "15/5310", c
        ret
