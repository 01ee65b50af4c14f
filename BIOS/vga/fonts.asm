; INT 10h/11h: fonts, for text (plane 2) and for graphics (INT 43h and 1Fh).

; In: AL = service.
fonts:
        cmp     al, 0x30
        je      get_font
        mov     ah, al
        and     al, 0x0F
        cmp     ah, 0x20
        jae     graphics_font
        cmp     al, 4
        ja      .done
        cmp     al, 3
        je      .set_block
        push    ax
        test    al, al
        jz      .user
        ; 01h, 02h, 04h: the ROM's fonts
        mov     bh, 14
        cmp     al, 1
        je      .rom
        mov     bh, 8
        cmp     al, 2
        je      .rom
        mov     bh, 16
.rom:
        call    rom_font
        mov     si, ax
        push    cs
        pop     es
        mov     cx, 256
        xor     dx, dx
        jmp     .load
.user:
        mov     si, [bp + R_BP]
.load:
        push    bx
        call    load_font
        pop     bx
        pop     ax
        cmp     ah, 0x10
        jb      .done
        call    get_model
        jnz     .done
        jmp     fit_rows
.done:
        ret
.set_block:
        mov     ah, bl                  ; 03h: BL = blocks for attribute bit 3 clear and set
        mov     dx, SEQUENCER
        mov     al, 3
        out     dx, ax
        ret

; In: BH = lines. Out: CS:AX = the ROM's font of that height (16 if there is none).
rom_font:
        mov     ax, font8
        cmp     bh, 8
        je      .done
        mov     ax, font14
        cmp     bh, 14
        je      .done
        mov     ax, font16
.done:
        ret

; In: ES:SI = glyphs, CX = how many, DX = the first one's code, BL = block, BH = lines. Keeps DS, BP.
load_font:
        test    cx, cx
        jnz     .some
        ret
.some:
        push    bp
        push    ds
        ; DI = block * 16384, blocks 4-7 between them; plus 32 bytes a character
        mov     al, bl
        and     al, 3
        ror     al, 1
        ror     al, 1
        test    bl, 4
        jz      .low
        or      al, 0x20
.low:
        mov     ah, al
        xor     al, al
        mov     di, ax
        mov     ax, cx
        mov     cl, 5
        shl     dx, cl
        add     di, dx
        mov     cx, ax

        mov     bp, [BDA_CRTC]
        mov     ax, es
        mov     ds, ax
        mov     dx, SEQUENCER
        mov     ax, 0x0100
        out     dx, ax
        mov     ax, 0x0402              ; plane 2
        out     dx, ax
        mov     ax, 0x0704              ; addresses in a row, not odd and even
        out     dx, ax
        mov     ax, 0x0300
        out     dx, ax
        mov     dx, GRAPHICS
        mov     ax, 0x0204
        out     dx, ax
        mov     ax, 0x0005
        out     dx, ax
        mov     ax, 0x0406              ; at A0000h
        out     dx, ax

        mov     ax, 0xA000
        mov     es, ax
        mov     al, bh
        xor     ah, ah
        mov     bx, 32
        sub     bx, ax
        jnc     .next
        xor     bx, bx
        mov     ax, 32
.next:
        push    cx
        mov     cx, ax
        rep     movsb
        add     di, bx
        pop     cx
        loop    .next

        mov     dx, SEQUENCER
        mov     ax, 0x0100
        out     dx, ax
        mov     ax, 0x0302
        out     dx, ax
        mov     ax, 0x0204
        out     dx, ax
        mov     ax, 0x0300
        out     dx, ax
        mov     dx, GRAPHICS
        mov     ax, 0x0004
        out     dx, ax
        mov     ax, 0x1005
        out     dx, ax
        mov     ax, 0x0E06              ; at B8000h
        cmp     bp, 0x3D4
        je      .color
        mov     ah, 0x0A                ; at B0000h
.color:
        out     dx, ax
        pop     ds
        pop     bp
        ret

; As many rows as fit for characters of BH lines, in text modes.
fit_rows:
        mov     bl, bh
        xor     bh, bh
        test    bl, bl
        jz      .done
        mov     [BDA_POINTS], bx
        mov     dx, [BDA_CRTC]
        mov     al, 0x09                ; maximum scan line; double scanning stays
        out     dx, al
        inc     dx
        in      al, dx
        and     al, 0xE0
        dec     bl
        or      al, bl
        out     dx, al
        inc     bl
        dec     dx
        cmp     byte [BDA_MODE], 7
        jne     .no_underline
        mov     al, 0x14
        mov     ah, bl
        dec     ah
        out     dx, ax
.no_underline:
        call    text_lines
        xor     dx, dx
        div     bx
        cmp     ax, 255
        jbe     .rows
        mov     ax, 255
.rows:
        mov     cl, al                  ; rows
        dec     al
        mov     [BDA_ROWS], al
        ; Vertical display end: bits 8 and 9 are in the overflow register
        mov     al, cl
        mul     bl
        test    byte [BDA_FLAGS], FLAG_200_LINES
        jz      .single
        cmp     byte [BDA_MODE], 7
        je      .single
        add     ax, ax
.single:
        dec     ax
        mov     dx, [BDA_CRTC]
        push    ax
        mov     ah, al
        mov     al, 0x12
        out     dx, ax
        pop     bx
        mov     al, 0x07
        out     dx, al
        inc     dx
        in      al, dx
        and     al, 0xBD
        test    bh, 1
        jz      .bit9
        or      al, 0x02
.bit9:
        test    bh, 2
        jz      .overflow
        or      al, 0x40
.overflow:
        out     dx, al
        ; A page is a multiple of 2 KB
        mov     al, cl
        mul     byte [BDA_COLUMNS]
        add     ax, ax
        add     ax, 0x07FF
        and     ax, 0xF800
        mov     [BDA_PAGE_SIZE], ax
        mov     word [BDA_SHAPE], 0x0607
        call    program_shape
        mov     al, [BDA_PAGE]
        jmp     set_page
.done:
        ret

; Out: AX = lines of the text modes.
text_lines:
        mov     ax, 400
        test    byte [BDA_FLAGS], FLAG_400_LINES
        jnz     .done
        mov     ax, 350
        cmp     byte [BDA_MODE], 7
        je      .done
        test    byte [BDA_FLAGS], FLAG_200_LINES
        jz      .done
        mov     ax, 200
.done:
        ret

; 20h-24h: fonts for graphics. In: AL = low half, BL = rows (0: DL, 1: 14, 2: 25, 3: 43), CX = lines for 21h,
; BP as the caller has it = font for 20h and 21h.
graphics_font:
        cmp     ah, 0x24
        ja      fonts.done
        mov     di, [bp + R_BP]
        cmp     al, 1
        jb      .upper
        je      .user
        mov     bh, 14
        cmp     al, 2
        je      .rom
        mov     bh, 8
        cmp     al, 3
        je      .rom
        mov     bh, 16
.rom:
        call    rom_font
        push    cs
        pop     es
        mov     cl, bh
        xor     ch, ch
        jmp     .set
.upper:
        xor     ax, ax
        mov     ds, ax
        mov     [0x1F * 4], di
        mov     [0x1F * 4 + 2], es
        ret
.user:
        mov     ax, di
.set:
        mov     [BDA_POINTS], cx
        call    set_graphics_font
        cmp     bl, 3
        ja      .done
        mov     al, dl
        test    bl, bl
        jz      .rows
        mov     al, 14
        cmp     bl, 2
        jb      .rows
        mov     al, 25
        je      .rows
        mov     al, 43
.rows:
        dec     al
        mov     [BDA_ROWS], al
.done:
        ret

; INT 43h := ES:AX. Keeps all registers.
set_graphics_font:
        push    ds
        push    bx
        xor     bx, bx
        mov     ds, bx
        mov     [0x43 * 4], ax
        mov     [0x43 * 4 + 2], es
        pop     bx
        pop     ds
        ret

; 30h. In: BH = which. Out: ES:BP = the font, CX = lines of a character on the screen, DL = rows less one.
get_font:
        mov     ax, [BDA_POINTS]
        mov     [bp + R_CX], ax
        mov     al, [BDA_ROWS]
        mov     [bp + R_DL], al
        cmp     bh, 7
        ja      .done
        push    cs
        pop     es
        mov     bl, bh
        xor     bh, bh
        cmp     bl, 2
        jae     .rom
        mov     di, 0x1F * 4
        jb      .vector
.vector:
        test    bl, bl
        jz      .int1f
        mov     di, 0x43 * 4
.int1f:
        xor     ax, ax
        mov     es, ax
        les     ax, [es:di]
        jmp     .set
.rom:
        add     bx, bx
        mov     ax, [cs:bx + .table - 4]
.set:
        mov     [bp + R_BP], ax
        mov     [bp + R_ES], es
.done:
        ret
.table:
        dw      font14, font8, font8 + 128 * 8, wide14, font16, wide16

; Fonts that a program has put into the save pointer table, looked at by every mode set.

; For text: lines, block, how many (word), first (word), font (far), rows (FFh: as many as fit), modes, FFh
text_font_override:
        les     di, [BDA_SAVE_TABLE]
        les     di, [es:di + 8]
        lea     si, [di + 0x0B]
        call    override_wanted
        jne     .done
        push    word [es:di + 0x0A]
        mov     bh, [es:di]
        mov     bl, [es:di + 1]
        mov     cx, [es:di + 2]
        mov     dx, [es:di + 4]
        les     si, [es:di + 6]
        push    bx
        call    load_font
        pop     bx
        call    fit_rows
        pop     ax
        cmp     al, 0xFF
        je      .done
        test    al, al
        jz      .done
        dec     al
        mov     [BDA_ROWS], al
.done:
        ret

; For graphics: rows, lines of a character (word), font (far), modes, FFh
graphics_font_override:
        les     di, [BDA_SAVE_TABLE]
        les     di, [es:di + 0x0C]
        lea     si, [di + 0x07]
        call    override_wanted
        jne     .done
        mov     al, [es:di]
        dec     al
        mov     [BDA_ROWS], al
        mov     ax, [es:di + 1]
        mov     [BDA_POINTS], ax
        les     ax, [es:di + 3]
        jmp     set_graphics_font
.done:
        ret

; Out: ZF set if ES:DI is not null and the mode is in the list at ES:SI.
override_wanted:
        mov     ax, es
        or      ax, di
        jz      .no
        mov     cx, 20
.next:
        mov     al, [es:si]
        inc     si
        cmp     al, 0xFF
        je      .no
        cmp     al, [BDA_MODE]
        je      .done
        loop    .next
.no:
        or      al, 1                   ; clears ZF
.done:
        ret

; Glyphs for 9-dot cells that differ from the 8-dot ones: none, our fonts look well in both.
wide14: db      0
wide16: db      0
