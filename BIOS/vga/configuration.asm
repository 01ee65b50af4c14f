; INT 10h/12h: choices (by BL), and 1Ah: display combination.

configuration:
        cmp     bl, 0x10
        je      .information
        cmp     bl, 0x20
        je      .print_screen
        sub     bl, 0x30
        cmp     bl, 6
        ja      .done
        xor     bh, bh
        add     bx, bx
        jmp     [cs:bx + .table]
.table:
        dw      select_lines            ; 30h
        dw      default_palette         ; 31h
        dw      video_memory            ; 32h
        dw      gray_summing            ; 33h
        dw      cursor_emulation        ; 34h
        dw      switch_display          ; 35h
        dw      refresh                 ; 36h

; 10h. Out: BH = 0 colour, 1 monochrome, BL = 3 (256 KB), CH = feature bits, CL = switches.
.information:
        mov     al, [BDA_INFO]
        mov     ah, al
        shr     ah, 1
        and     ah, 1
        mov     cl, 5
        shr     al, cl
        and     al, 3
        mov     [bp + R_BX], ax
        mov     al, [BDA_SWITCHES]
        mov     ah, al
        and     al, 0x0F
        dec     cx
        shr     ah, cl
        mov     [bp + R_CX], ax
.done:
        ret

; 20h: INT 5 by our routine, which knows of more than 25 rows.
.print_screen:
        xor     ax, ax
        mov     ds, ax
        cli
        mov     word [5 * 4], print_screen
        mov     [5 * 4 + 2], cs
        sti
        ret

; All that follow answer AL = 12h, if they know AL.
accept:
        mov     byte [bp + R_AL], 0x12
        ret

; AL = 0, 1, 2: 200, 350, 400 lines for text, from the next mode set on.
select_lines:
        cmp     al, 2
        ja      configuration.done
        mov     ah, FLAG_200_LINES
        mov     bl, 8                   ; what EGA switches would say
        jb      .not400
        mov     ah, FLAG_400_LINES
.not400:
        test    al, al
        jz      .set
        inc     bl
        cmp     al, 2
        je      .set
        xor     ah, ah
.set:
        and     byte [BDA_FLAGS], ~(FLAG_200_LINES | FLAG_400_LINES) & 0xFF
        or      [BDA_FLAGS], ah
        and     byte [BDA_SWITCHES], 0xF0
        or      [BDA_SWITCHES], bl
        jmp     accept

; AL = 0: mode sets load the palette; 1: they do not.
default_palette:
        mov     ah, FLAG_NO_PALETTE
set_flag:
        cmp     al, 1
        ja      configuration.done
        je      .set
        not     ah
        and     [BDA_FLAGS], ah
        jmp     accept
.set:
        or      [BDA_FLAGS], ah
        jmp     accept

; AL = 0: the processor reaches screen memory; 1: it does not.
video_memory:
        cmp     al, 1
        ja      configuration.done
        mov     bl, al
        mov     dx, MISC_READ
        in      al, dx
        and     al, 0xFD
        xor     bl, 1
        add     bl, bl
        or      al, bl
        mov     dl, MISC_WRITE & 0xFF
        out     dx, al
        jmp     accept

; AL = 0: colours written by services and mode sets become greys; 1: they do not.
gray_summing:
        xor     al, 1
        mov     ah, FLAG_GRAY
        jmp     set_flag

; AL = 0: cursor shapes are stretched; 1: they are not.
cursor_emulation:
        cmp     al, 1
        ja      configuration.done
        and     byte [BDA_INFO], 0xFE
        or      [BDA_INFO], al
        jmp     accept

; AL = 0 or 2: this display off, its state to ES:DX (128 bytes); 1 or 3: on again from there.
switch_display:
        cmp     al, 3
        ja      configuration.done
        mov     bx, dx
        test    al, 1
        jnz     .on
        push    bx
        call    save_data_area
        pop     bx
        mov     al, 1
        jmp     .memory
.on:
        call    restore_data_area
        mov     al, 0
.memory:
        push    ax
        call    video_memory
        pop     ax

; AL = 0: the picture on; 1: off.
refresh:
        cmp     al, 1
        ja      configuration.done
        mov     ah, al
        mov     cl, 5
        shl     ah, cl
        mov     dx, SEQUENCER
        mov     al, 1
        out     dx, al
        inc     dx
        in      al, dx
        and     al, 0xDF
        or      al, ah
        out     dx, al
        jmp     accept

; INT 10h/1Ah. AL = 0. Out: BL = code of the active display, BH = of the other; AL = 1: sets them. AL = 1Ah.
display_combination:
        cmp     al, 1
        ja      .done
        mov     byte [bp + R_AL], 0x1A
        call    combination_table
        je      .set
        mov     ax, 0xFFFF
        cmp     [BDA_DCC], dl
        jae     .get
        mov     bl, [BDA_DCC]
        call    combination
.get:
        mov     [bp + R_BX], ax
.done:
        ret
.set:
        mov     cx, bx
        xor     bx, bx
.next:
        cmp     bl, dl
        jae     .unknown
        call    combination
        cmp     ax, cx
        je      .found
        inc     bl
        jmp     .next
.unknown:
        mov     bl, 0xFF
.found:
        mov     [BDA_DCC], bl
        ret

; Out: ES:SI = the display combination table, DL = its entries. Keeps AX, BX and flags.
combination_table:
        pushf
        les     si, [BDA_SAVE_TABLE]
        les     si, [es:si + 0x10]
        les     si, [es:si + 2]
        mov     dl, [es:si]
        popf
        ret

; In: BL = entry, ES:SI. Out: AL = active, AH = other.
combination:
        push    bx
        xor     bh, bh
        add     bx, bx
        mov     ax, [es:bx + si + 4]
        test    al, al
        jnz     .ordered
        xchg    al, ah
.ordered:
        pop     bx
        ret
