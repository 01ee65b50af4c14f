; INT 10h/1Bh: what the BIOS can do and does; 1Ch: save and restore the video state.

; 1Bh. In: BX = 0, ES:DI = room for 64 bytes. Out: AL = 1Bh.
get_state:
        test    bx, bx
        jnz     .done
        mov     byte [bp + R_AL], 0x1B
        push    di
        mov     ax, abilities
        stosw
        mov     ax, cs
        stosw
        mov     si, BDA_MODE            ; 04h: mode to 3D9h's value
        mov     cx, BDA_CGA_COLOR + 1 - BDA_MODE
        rep     movsb
        mov     al, [BDA_ROWS]          ; 22h
        inc     al
        stosb
        mov     ax, [BDA_POINTS]
        stosw
        push    es
        call    combination_table       ; 25h: displays
        mov     ax, 0xFFFF
        cmp     [BDA_DCC], dl
        jae     .no_displays
        mov     bl, [BDA_DCC]
        call    combination
.no_displays:
        pop     es
        stosw
        mov     bl, [BDA_MODE]
        xor     bh, bh
        cmp     bl, 0x13
        jbe     .known
        xor     bl, bl
.known:
        mov     al, [cs:bx + mode_colors] ; 27h: colours
        xor     ah, ah
        cmp     bl, 0x13
        jne     .few
        inc     ah                      ; 256
.few:
        stosw
        mov     al, [cs:bx + mode_pages] ; 29h: pages
        stosb
        mov     al, [cs:bx + mode_lines] ; 2Ah: lines 200, 350, 400, 480
        cmp     al, 0xFF
        jne     .lines
        mov     al, 2
        test    byte [BDA_FLAGS], FLAG_400_LINES
        jnz     .lines
        dec     ax
        cmp     bl, 7
        je      .lines
        test    byte [BDA_FLAGS], FLAG_200_LINES
        jz      .lines
        dec     ax
.lines:
        stosb
        ; 2Bh: character blocks of the sequencer's register 3: bits 5, 3-2 and 4, 1-0
        mov     dx, SEQUENCER
        mov     al, 3
        out     dx, al
        inc     dx
        in      al, dx
        mov     ah, al
        mov     bl, al
        and     al, 3
        test    bl, 0x10
        jz      .primary
        or      al, 4
.primary:
        shr     ah, 1
        shr     ah, 1
        and     ah, 3
        test    bl, 0x20
        jz      .secondary
        or      ah, 4
.secondary:
        stosw
        push    ax
        ; 2Dh: flags
        mov     bl, 0x10
        call    read_attribute
        mov     al, bh
        and     al, 0x08
        add     al, al
        add     al, al                  ; 5 blinking
        mov     ah, [BDA_FLAGS]
        and     ah, FLAG_NO_PALETTE | FLAG_MONO | FLAG_GRAY
        test    ah, FLAG_GRAY
        jz      .colors
        xor     ah, FLAG_GRAY
        or      al, 0x02
.colors:
        or      al, ah                  ; 3, 2
        or      al, 0x01                ; all modes on all displays
        test    byte [BDA_INFO], 1
        jnz     .exact
        or      al, 0x10                ; cursor emulation
.exact:
        stosb
        xor     ax, ax
        stosw
        stosb
        mov     al, 3                   ; 31h: 256 KB
        stosb
        ; 32h: what the save pointer table has: 0 two fonts, 1 save area, 2 text font, 3 graphics font, 5 DCC
        pop     ax
        cmp     al, ah
        mov     al, 0x20
        je      .one_font
        inc     ax
.one_font:
        push    es
        les     si, [BDA_SAVE_TABLE]
        mov     ah, 2
.pointer:
        add     si, 4
        mov     dx, [es:si]
        or      dx, [es:si + 2]
        jz      .null
        or      al, ah
.null:
        add     ah, ah
        cmp     ah, 16
        jb      .pointer
        pop     es
        stosb
        xor     ax, ax
        mov     cx, 13
        rep     stosb
        pop     di
.done:
        ret

; 1Bh's table of what there is
abilities:
        db      0xFF, 0xE0, 0x0F        ; modes 0-7, 0Dh-0Fh, 10h-13h
        dd      0
        db      0x07                    ; 200, 350 and 400 lines for text
        db      8, 2                    ; blocks of characters, at a time
        dw      0x0EFF                  ; all but the light pen: services of 10h, 11h, 12h, 1Ah, 1Ch
        dw      0
        db      0x2E                    ; the save pointer table's parts that count: 1, 2, 3, 5 as in 32h above
        db      0

mode_colors:
        db      16, 16, 16, 16, 4, 4, 2, 0, 0, 0, 0, 0, 0, 16, 16, 0, 16, 2, 16, 0
mode_pages:
        db      8, 8, 8, 8, 1, 1, 1, 8, 0, 0, 0, 0, 0, 8, 4, 2, 2, 1, 1, 1
mode_lines:
        db      0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 1, 3, 3, 0

; 1Ch. In: CX = bit 0 registers, bit 1 data area, bit 2 DAC; AL = 0 size, 1 save, 2 restore; ES:BX = buffer.
; Out: AL = 1Ch; for 0 BX = blocks of 64 bytes. The parts follow each other in this order.
REGISTERS_SIZE  equ 128
DATA_SIZE       equ 64
DAC_SIZE        equ 832

save_state:
        cmp     al, 2
        ja      .done
        and     cx, 7
        jz      .done
        mov     byte [bp + R_AL], 0x1C
        test    al, al
        jz      .size
        mov     dl, al
        test    cl, 1
        jz      .data
        push    bx
        push    cx
        push    dx
        dec     dl
        jz      .save_registers
        call    restore_registers
        jmp     .registers_done
.save_registers:
        call    save_registers
.registers_done:
        pop     dx
        pop     cx
        pop     bx
        add     bx, REGISTERS_SIZE
.data:
        test    cl, 2
        jz      .dac
        push    bx
        push    cx
        push    dx
        dec     dl
        jz      .save_data
        call    restore_data_area
        jmp     .data_done
.save_data:
        call    save_data_area
.data_done:
        pop     dx
        pop     cx
        pop     bx
        add     bx, DATA_SIZE
.dac:
        test    cl, 4
        jz      .done
        dec     dl
        jz      save_dac
        jmp     restore_dac
.size:
        xor     bx, bx
        test    cl, 1
        jz      .size2
        add     bx, REGISTERS_SIZE / 64
.size2:
        test    cl, 2
        jz      .size4
        add     bx, DATA_SIZE / 64
.size4:
        test    cl, 4
        jz      .sized
        add     bx, DAC_SIZE / 64
.sized:
        mov     [bp + R_BX], bx
.done:
        ret

; The registers' part, at ES:BX: CRTC port (word), the three indexes, sequencer 0-4, miscellaneous, feature control,
; CRTC 0-18h, attribute 0-14h, graphics 0-8. Both change all registers but BP and DS.
save_registers:
        mov     di, bx
        mov     dx, MISC_READ
        in      al, dx
        mov     bl, al
        mov     ax, 0x3D4               ; as the chip has it: the data area may not fit
        test    bl, 1
        jnz     .color
        mov     al, 0xB4
.color:
        stosw
        push    word [BDA_CRTC]
        mov     [BDA_CRTC], ax
        mov     dx, ax
        in      al, dx
        stosb
        mov     dx, SEQUENCER
        in      al, dx
        stosb
        mov     dx, GRAPHICS
        in      al, dx
        stosb
        mov     dx, SEQUENCER
        mov     cx, 5
        call    .indexed
        mov     al, bl
        stosb
        mov     dx, 0x3CA               ; feature control
        in      al, dx
        stosb
        mov     dx, [BDA_CRTC]
        mov     cx, 25
        call    .indexed
        xor     bl, bl
.attribute:
        call    read_attribute
        mov     al, bh
        stosb
        inc     bl
        cmp     bl, 0x15
        jb      .attribute
        mov     dx, GRAPHICS
        mov     cx, 9
        call    .indexed
        pop     word [BDA_CRTC]
        mov     al, [es:di - 9 - 21 - 25 - 2 - 5 - 2] ; the sequencer's index again
        jmp     restore_indexes
.indexed:
        xor     ah, ah
.next:
        mov     al, ah
        out     dx, al
        inc     dx
        in      al, dx
        dec     dx
        stosb
        inc     ah
        loop    .next
        ret

; In: ES:DI = after the registers' part: the three indexes are set as saved.
restore_indexes:
        sub     di, 9 + 21 + 25 + 2 + 5 + 3
        mov     dx, [es:di - 2]
        mov     al, [es:di]
        out     dx, al
        mov     dx, SEQUENCER
        mov     al, [es:di + 1]
        out     dx, al
        mov     dx, GRAPHICS
        mov     al, [es:di + 2]
        out     dx, al
        ret

restore_registers:
        mov     si, bx
        push    ds
        push    es
        pop     ds
        lodsw
        mov     bx, ax                  ; CRTC
        add     si, 3
        mov     dx, SEQUENCER
        mov     ax, 0x0100              ; reset while the clock changes
        out     dx, ax
        inc     si
        mov     cx, 4
        mov     al, 1
        call    .indexed
        lodsb
        mov     dx, MISC_WRITE
        out     dx, al
        mov     dx, SEQUENCER
        mov     ax, 0x0300
        out     dx, ax
        mov     dx, bx
        add     dl, 6
        lodsb
        out     dx, al
        mov     dx, bx
        mov     al, 0x11                ; registers 0-7 unlocked
        mov     ah, [si + 0x11]
        and     ah, 0x7F
        out     dx, ax
        mov     cx, 25
        xor     al, al
        call    .indexed
        pop     ds
        push    word [BDA_CRTC]
        mov     [BDA_CRTC], bx
        xor     bl, bl
.attribute:
        mov     bh, [es:si]
        inc     si
        call    write_attribute
        inc     bl
        cmp     bl, 0x15
        jb      .attribute
        pop     word [BDA_CRTC]
        push    ds
        push    es
        pop     ds
        mov     dx, GRAPHICS
        mov     cx, 9
        xor     al, al
        call    .indexed
        pop     ds
        mov     di, si
        jmp     restore_indexes
.indexed:
        mov     ah, [si]
        inc     si
        out     dx, ax
        inc     al
        loop    .indexed
        ret

; The data area's part, at ES:BX: 0049h-0066h, 0084h-008Ah, 00A8h-00ABh, equipment, INT 1Fh, 43h.
save_data_area:
        mov     di, bx
        mov     si, BDA_MODE
        mov     cx, BDA_CGA_COLOR + 1 - BDA_MODE
        rep     movsb
        mov     si, BDA_ROWS
        mov     cx, BDA_DCC + 1 - BDA_ROWS
        rep     movsb
        mov     si, BDA_SAVE_TABLE
        movsw
        movsw
        mov     al, [BDA_EQUIPMENT]
        and     al, 0x30
        stosb
        push    ds
        xor     ax, ax
        mov     ds, ax
        mov     si, 0x1F * 4
        movsw
        movsw
        mov     si, 0x43 * 4
        movsw
        movsw
        pop     ds
        ret

restore_data_area:
        push    ds
        push    es
        mov     ax, ds
        push    es
        pop     ds
        mov     es, ax
        mov     si, bx
        mov     di, BDA_MODE
        mov     cx, BDA_CGA_COLOR + 1 - BDA_MODE
        rep     movsb
        mov     di, BDA_ROWS
        mov     cx, BDA_DCC + 1 - BDA_ROWS
        rep     movsb
        mov     di, BDA_SAVE_TABLE
        movsw
        movsw
        lodsb
        and     byte [es:BDA_EQUIPMENT], 0xCF
        or      [es:BDA_EQUIPMENT], al
        xor     ax, ax
        mov     es, ax
        mov     di, 0x1F * 4
        movsw
        movsw
        mov     di, 0x43 * 4
        movsw
        movsw
        pop     es
        pop     ds
        ret

; The DAC's part, at ES:BX: state, index, mask, 256 colours.
save_dac:
        mov     di, bx
        mov     dx, DAC_READ
        in      al, dx                  ; 0: it was being written, 3: read
        stosb
        inc     dx
        in      al, dx
        stosb
        mov     dl, PEL_MASK & 0xFF
        in      al, dx
        stosb
        inc     dx
        xor     al, al
        out     dx, al
        mov     dl, DAC_DATA & 0xFF
        mov     cx, 768
.next:
        in      al, dx
        stosb
        loop    .next
        mov     si, bx
        jmp     restore_dac_index

restore_dac:
        lea     si, [bx + 3]
        mov     dx, DAC_WRITE
        xor     al, al
        out     dx, al
        inc     dx
        mov     cx, 768
.next:
        mov     al, [es:si]
        inc     si
        out     dx, al
        loop    .next
        mov     dl, PEL_MASK & 0xFF
        mov     al, [es:bx + 2]
        out     dx, al
        mov     si, bx

; In: ES:SI = the DAC's part. The index as it was; a read index is one ahead of what was given.
restore_dac_index:
        mov     al, [es:si + 1]
        mov     dx, DAC_WRITE
        test    byte [es:si], 3
        jz      .set
        dec     dx
        dec     al
.set:
        out     dx, al
        ret
