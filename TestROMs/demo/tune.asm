; A tune on the PC speaker: Beethoven's Ode to Joy (Symphony 9, 1824), arranged for one voice that hints at two: each
; note begins with a tick of the bass. PIT counter 2 makes the tone, port 61h lets it out, INT 08h's ticks give the time.

TICKS           equ 7                   ; of a quarter note, 55 ms each

tune:
        call    clear_screen
        mov     si, .title
        mov     di, .keys
        call    draw_bars
        show    COLOR 0x1E, AT 4, 24, "Ode to Joy", COLOR BODY, "   Ludwig van Beethoven"
        call    draw_piano
        mov     bx, melody
        mov     word [notes_done], 0
.next:
        cmp     byte [bx], 0xFF
        je      .end
        ; Bass, melody, a little silence
        mov     al, [bx + 1]
        cmp     al, NO_BASS
        je      .no_bass
        call    tone
        mov     al, [bx + 1]
        mov     ah, BASS
        call    light_key
.no_bass:
        mov     al, [bx]
        mov     ah, MELODY
        call    light_key
        mov     cl, [bx + 2]
        xor     ch, ch
        cmp     byte [bx + 1], NO_BASS
        je      .melody
        call    wait_tick
        jnz     .stop
        dec     cx
.melody:
        mov     al, [bx]
        call    tone
        dec     cx
.hold:
        call    wait_tick
        jnz     .stop
        loop    .hold
        call    silence
        call    wait_tick
        jnz     .stop
        mov     al, [bx]
        mov     ah, 0
        call    light_key
        mov     al, [bx + 1]
        cmp     al, NO_BASS
        je      .bass_done
        mov     ah, 0
        call    light_key
.bass_done:
        add     bx, 3
        inc     word [notes_done]
        mov     word [place], 18 * 256 + 10
        mov     byte [color], 0x1A
        push    bx
        mov     ax, [notes_done]        ; 60 columns for all notes
        mov     bx, 60
        mul     bx
        mov     bx, NOTES
        div     bx
        mov     cx, ax
        pop     bx
        jcxz    .next
        mov     al, 0xDB
        call    put_times
        jmp     .next
.end:
        call    silence
        jmp     wait_key
.stop:
        call    silence
        jmp     take_key

.title: db      "Tune", END
.keys:  db      COLOR BAR_KEY, "Any key", COLOR BAR, " Stop", END

; Till the next tick. Out: ZF clear if a key waits. Keeps all but AX.
wait_tick:
        push    dx
        call    ticks
        mov     dx, ax
.wait:
        hlt
        call    ticks
        cmp     ax, dx
        je      .wait
        call    poll_key
        pop     dx
        ret

; Sounds the note AL: octave in the high half (0 from C3 on), semitone in the low half. Changes AX.
tone:
        push    bx
        push    cx
        mov     cl, 4
        mov     bl, al
        and     bx, 0x0F
        shr     al, cl
        mov     cl, al
        add     bx, bx
        mov     bx, [bx + .divisors]
        shr     bx, cl
        mov     al, 0xB6                ; counter 2, both bytes, square wave
        out     0x43, al
        mov     al, bl
        out     0x42, al
        mov     al, bh
        out     0x42, al
        in      al, 0x61
        or      al, 3
        out     0x61, al
        pop     cx
        pop     bx
        ret
; 1193182 Hz by the frequencies of C3 to B3, tempered
.divisors:
        dw      9121, 8609, 8126, 7670, 7239, 6833, 6449, 6087, 5746, 5423, 5119, 4831

silence:
        in      al, 0x61
        and     al, 0xFC
        out     0x61, al
        ret

; Three octaves of keys: 21 white ones, three columns each with the line after them; the black ones, two columns wide,
; stand over the lines.
PIANO_LEFT      equ 8
PIANO_ROW       equ 7
BLACK_ROWS      equ 5
WHITE_ROWS      equ 8
WHITE           equ 0x78
BLACK           equ 0x0F
MELODY          equ 0x4E
BASS            equ 0x2E

draw_piano:
        mov     byte [color], WHITE
        mov     dx, PIANO_ROW * 256 + PIANO_LEFT
.row:
        mov     [place], dx
        mov     bl, 21
.white:
        mov     al, ' '
        mov     cx, 2
        call    put_times
        mov     al, 0xB3
        call    put
        dec     bl
        jnz     .white
        inc     dh
        cmp     dh, PIANO_ROW + WHITE_ROWS
        jb      .row
        mov     bl, 0                   ; octave * 16 + semitone
.next:
        mov     al, bl
        mov     ah, 0
        call    light_key
        inc     bl
        mov     al, bl
        and     al, 0x0F
        cmp     al, 12
        jb      .next
        add     bl, 4
        cmp     bl, 0x30
        jb      .next
        ret

; The key AL in the colour AH, or 0 for its own. Keeps BX, CX, DX.
light_key:
        push    bx
        push    cx
        push    dx
        mov     bl, al
        and     bx, 0x0F
        mov     cl, 4
        shr     al, cl
        mov     ch, ah
        mov     cl, 7
        mul     cl
        mov     cl, [bx + .keys]
        mov     bl, cl
        and     bl, 0x7F
        add     al, bl
        mov     ah, 3
        mul     ah
        add     al, PIANO_LEFT
        mov     dl, al
        mov     dh, PIANO_ROW
        mov     [color], ch
        test    cl, cl
        js      .black
        test    ch, ch
        jnz     .white
        mov     byte [color], WHITE
.white:
        ; Between the black keys one column, below them two
        mov     [place], dx
        mov     cx, 2
        cmp     dh, PIANO_ROW + BLACK_ROWS
        jae     .broad
        inc     byte [place]
        dec     cx
.broad:
        mov     al, ' '
        call    put_times
        inc     dh
        cmp     dh, PIANO_ROW + WHITE_ROWS
        jb      .white
        jmp     .done
.black:
        add     dl, 2
        test    ch, ch
        jnz     .line
        mov     byte [color], BLACK
.line:
        mov     [place], dx
        mov     al, ' '
        mov     cx, 2
        call    put_times
        inc     dh
        cmp     dh, PIANO_ROW + BLACK_ROWS
        jb      .line
.done:
        pop     dx
        pop     cx
        pop     bx
        ret
; White keys by number; the black ones by that of the white one before, plus 80h
.keys:  db      0, 0x80, 1, 0x81, 2, 3, 0x83, 4, 0x84, 5, 0x85, 6

; Notes: melody, bass, ticks
NO_BASS         equ 0xF0
%define Q       TICKS                   ; quarter
%define E       (TICKS + 1) / 2         ; eighth
%define D       TICKS + TICKS / 2       ; dotted quarter
%define H       TICKS * 2               ; half

C4              equ 0x10
D4              equ 0x12
E4              equ 0x14
F4              equ 0x15
G4              equ 0x17
G3              equ 0x07
C3              equ 0x00
D3              equ 0x02
E3              equ 0x04
F3              equ 0x05
A3              equ 0x09
B3              equ 0x0B
N               equ NO_BASS

melody:
        db      E4, C3, Q, E4, G3, Q, F4, D3, Q, G4, E3, Q,   G4, E3, Q, F4, D3, Q, E4, C3, Q, D4, G3, Q
        db      C4, A3, Q, C4, E3, Q, D4, F3, Q, E4, G3, Q,   E4, G3, D, D4, N, E, D4, G3, H
        db      E4, C3, Q, E4, G3, Q, F4, D3, Q, G4, E3, Q,   G4, E3, Q, F4, D3, Q, E4, C3, Q, D4, G3, Q
        db      C4, A3, Q, C4, F3, Q, D4, G3, Q, E4, C3, Q,   D4, G3, D, C4, N, E, C4, C3, H
        db      D4, G3, Q, D4, B3, Q, E4, C3, Q, C4, A3, Q,   D4, G3, Q, E4, N, E, F4, N, E, E4, C3, Q, C4, A3, Q
        db      D4, G3, Q, E4, N, E, F4, N, E, E4, C3, Q, D4, B3, Q,   C4, A3, Q, D4, F3, Q, G3, D3, Q
        db      E4, G3, H, E4, C3, Q, F4, D3, Q, G4, E3, Q,   G4, E3, Q, F4, D3, Q, E4, C3, Q, D4, G3, Q
        db      C4, A3, Q, C4, F3, Q, D4, G3, Q, E4, C3, Q,   D4, G3, D, C4, N, E, C4, C3, H
melody_end:
        db      0xFF
NOTES           equ (melody_end - melody) / 3
