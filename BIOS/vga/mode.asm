; INT 10h/00h: set the mode; 0Fh: tell it.

; In: AL = mode, bit 7 leaves the memory as it is. Unknown modes change nothing.
set_mode:
        mov     ah, al
        and     al, 0x7F
        cmp     al, 0x13
        ja      .unknown
        mov     bl, al
        xor     bh, bh
        call    parameter_index
        inc     bl
        jnz     .known
.unknown:
        ret
.known:
        dec     bl
        call    dispi_off
        and     ah, 0x80
        and     byte [BDA_INFO], 0x7F
        or      [BDA_INFO], ah
        mov     [BDA_MODE], al

        ; ES:SI = the mode's 64 bytes. Programs may replace the table through 0040:00A8.
        mov     cl, 6
        shl     bx, cl
        les     si, [BDA_SAVE_TABLE]
        les     si, [es:si]
        add     si, bx

        push    es
        push    si
        call    set_data_area
        call    set_registers
        pop     si
        pop     es
        call    set_colors
        test    byte [BDA_INFO], 0x80
        jnz     .kept
        push    es
        call    clear_memory
        pop     es
.kept:
        call    set_font
        ; The picture on: the sequencer's clocking mode as the table has it.
        mov     dx, SEQUENCER
        mov     al, 1
        out     dx, al
        inc     dx
        in      al, dx
        and     al, 0xDF
        out     dx, al
        ret

; In: BX = mode. Out: BL = its place in the parameter table, or FFh.
parameter_index:
        push    ax
        mov     bl, [cs:bx + mode_parameters]
        cmp     bl, 3
        jbe     .text
        cmp     bl, 7
        jne     .done
        test    byte [BDA_FLAGS], FLAG_400_LINES
        jz      .done
        mov     bl, 0x19
        jmp     .done
.text:
        mov     al, [BDA_FLAGS]
        test    al, FLAG_200_LINES
        jnz     .done
        test    al, FLAG_400_LINES
        jnz     .lines400
        add     bl, 0x13
        jmp     .done
.lines400:
        shr     bl, 1                   ; one entry for 40 columns, one for 80
        add     bl, 0x17
.done:
        pop     ax
        ret

mode_parameters:
        db      0, 1, 2, 3, 4, 5, 6, 7, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF
        db      0x0D, 0x0E, 0x11, 0x12, 0x1A, 0x1B, 0x1C
models: db      TEXT, TEXT, TEXT, TEXT, CGA4, CGA4, CGA2, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT
        db      PLANAR, PLANAR, PLANAR, PLANAR, PLANAR, PLANAR, LINEAR
cga_modes:                              ; what 3D8h would hold
        db      0x2C, 0x28, 0x2D, 0x29, 0x2A, 0x2E, 0x1E, 0x29

; Out: AH = memory model of the mode, ZF set for TEXT. All else kept.
get_model:
        push    bx
        mov     bl, [BDA_MODE]
        xor     bh, bh
        mov     ah, TEXT
        cmp     bl, 0x13
        ja      .text
        mov     ah, [cs:bx + models]
.text:
        test    ah, ah
        pop     bx
        ret

; The data area after a mode set. In: ES:SI = parameters.
set_data_area:
        mov     al, [es:si]
        xor     ah, ah
        mov     [BDA_COLUMNS], ax
        mov     al, [es:si + 1]
        mov     [BDA_ROWS], al
        mov     al, [es:si + 2]
        mov     [BDA_POINTS], ax
        mov     ax, [es:si + 3]
        mov     [BDA_PAGE_SIZE], ax
        xor     ax, ax
        mov     [BDA_PAGE_START], ax
        mov     [BDA_PAGE], al
        push    es
        push    ds
        pop     es
        mov     di, BDA_CURSOR
        mov     cx, 8
        rep     stosw
        pop     es

        mov     word [BDA_CRTC], 0x3D4
        and     byte [BDA_EQUIPMENT], 0xCF
        or      byte [BDA_EQUIPMENT], 0x20
        and     byte [BDA_INFO], 0xFD
        test    byte [es:si + 9], 1     ; miscellaneous output: colour addresses
        jnz     .color
        mov     byte [BDA_CRTC], 0xB4
        or      byte [BDA_EQUIPMENT], 0x30
        or      byte [BDA_INFO], 0x02
.color:
        call    get_model
        mov     ax, 0
        jnz     .graphics
        mov     ax, 0x0607              ; an underline, emulated where characters are higher than 8 lines
.graphics:
        mov     [BDA_SHAPE], ax

        mov     bl, [BDA_MODE]
        cmp     bl, 7
        ja      .done
        xor     bh, bh
        mov     al, [cs:bx + cga_modes]
        mov     [BDA_CGA_MODE], al
        mov     al, 0x30
        cmp     bl, 6
        jne     .not6
        mov     al, 0x3F
.not6:
        mov     [BDA_CGA_COLOR], al
.done:
        ret

; Loads the VGA's registers, the picture switched off. In: ES:SI = parameters. Out: SI at the graphics registers' end.
set_registers:
        ; The attribute controller is blanked first: the next steps may change its address.
        mov     dx, 0x3BA
        in      al, dx
        mov     dl, 0xDA
        in      al, dx
        mov     dx, ATTRIBUTE
        xor     al, al
        out     dx, al

        add     si, 5
        mov     dx, SEQUENCER
        mov     ax, 0x0100              ; synchronous reset while the clock changes
        out     dx, ax
        mov     al, 1
        mov     ah, [es:si]
        or      ah, 0x20
        out     dx, ax
        mov     cx, 3
.sequencer:
        inc     si
        inc     ax                      ; AL = 2, 3, 4
        mov     ah, [es:si]
        out     dx, ax
        loop    .sequencer
        inc     si
        mov     dx, MISC_WRITE
        mov     al, [es:si]
        out     dx, al
        inc     si
        mov     dx, SEQUENCER
        mov     ax, 0x0300
        out     dx, ax

        mov     dx, [BDA_CRTC]
        mov     ax, 0x0011              ; registers 0-7 unlocked
        out     dx, ax
        xor     al, al
        mov     cx, 25
.crtc:
        mov     ah, [es:si]
        inc     si
        out     dx, ax
        inc     al
        loop    .crtc

        add     dl, 6
        mov     al, 0                   ; feature control
        out     dx, al
        in      al, dx                  ; the attribute controller takes an index next
        mov     dx, ATTRIBUTE
        xor     ah, ah
        mov     cx, 20
        test    byte [BDA_FLAGS], FLAG_NO_PALETTE
        jz      .attribute
        add     si, 16                  ; the palette stays
        mov     ah, 16
        mov     cx, 4
.attribute:
        mov     al, ah
        out     dx, al
        mov     al, [es:si]
        out     dx, al
        inc     si
        inc     ah
        loop    .attribute
        mov     al, 0x14                ; color select
        out     dx, al
        xor     al, al
        out     dx, al

        mov     dx, GRAPHICS
        xor     al, al
        mov     cx, 9
.graphics:
        mov     ah, [es:si]
        inc     si
        out     dx, ax
        inc     al
        loop    .graphics

        mov     dx, PEL_MASK
        mov     al, 0xFF
        out     dx, al
        mov     dx, ATTRIBUTE
        mov     al, 0x20                ; the palette to the picture
        out     dx, al
        ret

; Blank screen memory.
clear_memory:
        call    get_model
        mov     cx, 0x4000
        mov     bx, 0xB800
        mov     al, ah
        mov     ah, 0
        cmp     al, PLANAR
        jb      .low
        mov     bh, 0xA0
        add     cx, cx
        xor     al, al
        jmp     .fill
.low:
        test    al, al
        mov     al, 0
        jnz     .fill
        mov     ax, 0x0720
        cmp     byte [BDA_CRTC], 0xB4
        jne     .fill
        mov     bh, 0xB0
.fill:
        mov     es, bx
        xor     di, di
        rep     stosw
        ret

; The mode's font: into plane 2 for text, INT 43h for graphics. INT 1Fh stays as it is: GRAFTABL relies on it. In: ES:SI = parameters.
set_font:
        mov     bh, [BDA_POINTS]
        call    rom_font                ; CS:AX
        mov     cx, ax
        call    get_model
        jnz     .graphics

        mov     si, cx
        push    cs
        pop     es
        xor     bl, bl
        mov     cx, 256
        xor     dx, dx
        call    load_font
        outw    SEQUENCER, 3, 0         ; block 0 for both sets
        call    program_shape
        jmp     text_font_override
.graphics:
        mov     ax, cx
        push    cs
        pop     es
        call    set_graphics_font
        jmp     graphics_font_override

; INT 10h/0Fh. Out: AL = mode (bit 7: memory was kept), AH = columns, BH = page.
get_mode:
        mov     al, [BDA_INFO]
        and     al, 0x80
        or      al, [BDA_MODE]
        mov     ah, [BDA_COLUMNS]
        mov     [bp + R_AX], ax
        mov     al, [BDA_PAGE]
        mov     [bp + R_BH], al
        ret
