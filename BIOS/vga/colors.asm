; The DAC's colours after a mode set. They are computed: 64 for modes of 16 colours, 248 for mode 13h.

; Out: ZF set if the mode has the CGA's 16 colours, in 200 lines. Keeps all registers.
has_cga_colors:
        push    ax
        mov     al, [BDA_MODE]
        cmp     al, 4
        jb      .text
        cmp     al, 7
        jb      .yes
        cmp     al, 0x0D
        je      .done
        cmp     al, 0x0E
.done:
        pop     ax
        ret
.text:
        mov     al, [BDA_FLAGS]
        not     al
        test    al, FLAG_200_LINES
        pop     ax
        ret
.yes:
        cmp     al, al
        pop     ax
        ret

; Loads the DAC for the mode, unless the program wants none.
set_colors:
        test    byte [BDA_FLAGS], FLAG_NO_PALETTE
        jnz     .done
        push    si
        xor     al, al
        call    dac_write_index
        xor     bl, bl
        mov     al, [BDA_MODE]
        cmp     al, 0x13
        je      .mode13
        mov     si, ega_color
        call    has_cga_colors
        jne     .not_cga
        mov     si, cga_color
.not_cga:
        cmp     al, 7
        je      .mono
        cmp     al, 0x0F
        jne     .next
.mono:
        mov     si, mono_color
.next:
        call    si
        call    dac_write
        inc     bl
        cmp     bl, 64
        jb      .next
        pop     si
.done:
        ret

.mode13:
        mov     cx, 16                  ; the CGA's colours: 0-7 and, with intensity in bit 4, 10h-17h
.cga:
        push    cx
        push    bx
        test    bl, 8
        jz      .dark
        add     bl, 8
.dark:
        call    cga_color
        call    dac_write
        pop     bx
        inc     bl
        pop     cx
        loop    .cga

        mov     si, grays
        mov     cx, 16
.gray:
        push    cx
        mov     dh, [cs:si]
        mov     ch, dh
        mov     cl, dh
        inc     si
        call    dac_write
        pop     cx
        loop    .gray

        mov     si, levels              ; nine circles of 24 hues each
        mov     cx, 9
.circle:
        push    cx
        mov     bx, ramp
.hue:
        mov     al, [cs:bx]
        call    .level
        mov     dh, al
        mov     al, [cs:bx + 16]
        call    .level
        mov     ch, al
        mov     al, [cs:bx + 8]
        call    .level
        mov     cl, al
        call    dac_write
        inc     bx
        cmp     bx, ramp + 24
        jb      .hue
        add     si, 5
        pop     cx
        loop    .circle

        mov     cx, 8                   ; the last eight are black
.black:
        push    cx
        xor     cx, cx
        xor     dx, dx
        call    dac_write
        pop     cx
        loop    .black
        pop     si
        ret

.level: ; AL = the circle's level number AL
        push    bx
        mov     bx, si
        cs xlatb
        pop     bx
        ret

grays:  db      0x00, 0x05, 0x08, 0x0B, 0x0E, 0x11, 0x14, 0x18, 0x1C, 0x20, 0x24, 0x28, 0x2D, 0x32, 0x38, 0x3F
levels: db      0x00, 0x10, 0x1F, 0x2F, 0x3F            ; bright: full, middle and low saturation
        db      0x1F, 0x27, 0x2F, 0x37, 0x3F
        db      0x2D, 0x31, 0x36, 0x3A, 0x3F
        db      0x00, 0x07, 0x0E, 0x15, 0x1C            ; middle
        db      0x0E, 0x11, 0x15, 0x18, 0x1C
        db      0x14, 0x16, 0x18, 0x1A, 0x1C
        db      0x00, 0x04, 0x08, 0x0C, 0x10            ; dark
        db      0x08, 0x0A, 0x0C, 0x0E, 0x10
        db      0x0B, 0x0C, 0x0D, 0x0F, 0x10
; How red goes round the circle, which starts at blue; blue is eight steps ahead, green sixteen.
ramp:   db      0, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0
        db      0, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 3, 2, 1

; The colour makers. In: BL = number. Out: DH, CH, CL = red, green, blue. Keep BX and SI.

; An EGA's: bits rgbRGB, capitals two thirds, small letters one third
ega_color:
        push    bx
        call    .part
        mov     cl, al
        call    .part
        mov     ch, al
        call    .part
        mov     dh, al
        pop     bx
        ret
.part:
        xor     al, al
        test    bl, 0x01
        jz      .low
        mov     al, 0x2A
.low:
        test    bl, 0x08
        jz      .high
        add     al, 0x15
.high:
        shr     bl, 1
        ret

; A CGA's: bits I.RGB, bit 3 unused, and 6 is brown
cga_color:
        push    bx
        mov     bh, bl
        and     bl, 0x07
        test    bh, 0x10
        jz      .dark
        or      bl, 0x38
.dark:
        cmp     bl, 6
        jne     .color
        mov     bl, 0x14
.color:
        call    ega_color
        pop     bx
        ret

; An MDA's: bits 3 and 4 each are two thirds, both together intensity
mono_color:
        xor     al, al
        test    bl, 0x18
        jz      .done
        mov     al, 0x2A
        jpo     .done                   ; one of them
        mov     al, 0x3F
.done:
        mov     dh, al
        mov     ch, al
        mov     cl, al
        ret
