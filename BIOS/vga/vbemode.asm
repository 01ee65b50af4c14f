; INT 10h/4F02h, 4F03h: set and tell the mode; 4F04h: save and restore the state.

; 4F02h. In: BX = mode; bit 14 asks for the linear frame buffer, bit 15 keeps the memory. Bit 11, timings of the caller at
; ES:DI, changes nothing: our monitor takes what comes.
vbe_set_mode:
        mov     cx, bx
        mov     ax, bx
        and     ah, 1
        jnz     .vesa
        ; One of the VGA's own.
        cmp     al, 0x13
        ja      .failed
        mov     bl, al
        xor     bh, bh
        call    parameter_index
        inc     bl
        jz      .failed
        and     ch, 0x80
        or      al, ch
        jmp     set_mode
.failed:
        jmp     vbe_failed
.vesa:
        call    find_mode
        jc      .failed
        call    mode_fits
        jc      .failed
        mov     al, 0x93                ; whose palette it starts with; memory as it is
        cmp     byte [cs:si + MODE_BITS], 4
        jne     .packed
        dec     ax                      ; mode 12h: planes
        test    ch, DISPI_LFB
        jnz     .failed
.packed:
        test    ch, DISPI_LFB
        jz      .window
        call    below_386
        jc      .failed
.window:
        push    cx
        push    si
        call    set_mode
        pop     si
        pop     cx
        mov     bl, [cs:si + MODE_BITS]
        xor     bh, bh
        mov     al, DISPI_BPP
        call    dispi_set
        mov     bx, [cs:si + MODE_X]
        mov     al, DISPI_XRES
        call    dispi_set
        mov     bx, [cs:si + MODE_Y]
        mov     al, DISPI_YRES
        call    dispi_set
        ; Bits 14 and 15 stand in the upper byte as the interface has them.
        mov     bl, ch
        and     bx, DISPI_LFB | DISPI_NO_CLEAR
        or      bl, DISPI_ENABLED
        mov     al, DISPI_ENABLE
        call    dispi_set

        mov     byte [BDA_MODE], VBE_MODE
        and     ch, 0xC1
        mov     [BDA_VBE_MODE], cx
        and     ch, 0x80
        and     byte [BDA_INFO], 0x7F
        or      [BDA_INFO], ch
        mov     cl, 3
        mov     ax, [cs:si + MODE_X]
        shr     ax, cl
        mov     [BDA_COLUMNS], ax
        inc     cx
        mov     ax, [cs:si + MODE_Y]
        shr     ax, cl
        dec     ax
        mov     [BDA_ROWS], al
        mov     word [BDA_POINTS], 16
        ret

; 4F03h. Out: BX = mode, with bits 14 and 15.
vbe_get_mode:
        mov     ax, [BDA_VBE_MODE]
        call    in_vbe_mode
        je      .told
        mov     al, [BDA_MODE]
        mov     ah, [BDA_INFO]
        and     ah, 0x80
.told:
        mov     [bp + R_BX], ax
        ret

; 4F04h. In: CX = what, as for 1Ch, and bit 3 the display interface; DL = 0 size, 1 save, 2 restore; ES:BX = room.
; Out: for 0 BX = blocks of 64 bytes. The interface's block comes last.
DISPI_BLOCKS    equ 1

vbe_state:
        and     cx, 0x0F
        cmp     dl, 1
        jb      .size
        je      .save
        cmp     dl, 2
        je      .restore
        jmp     vbe_failed
.size:
        call    state_blocks
        mov     [bp + R_BX], bx
        ret

.save:
        push    bx
        push    cx
        mov     al, 1
        call    save_legacy
        pop     cx
        pop     di
        test    cl, 8
        jz      .done
        call    dispi_block
        mov     ax, [BDA_VBE_MODE]
        stosw
        mov     si, dispi_saved
        push    cs
        pop     ds
.next_saved:
        lodsb
        call    dispi_get
        stosw
        cmp     si, dispi_saved_end
        jb      .next_saved
        mov     ax, BDA
        mov     ds, ax
.done:
        ret

; The VGA's registers while the interface is off, then the interface, then the DAC in the width that it had.
.restore:
        test    cl, 8
        jz      .registers
        call    dispi_off
.registers:
        push    bx
        push    cx
        and     cl, 3
        mov     al, 2
        call    save_legacy
        pop     cx
        pop     bx
        test    cl, 8
        jz      .colors
        push    bx
        push    cx
        mov     di, bx
        call    dispi_block
        mov     si, di
        es lodsw
        mov     [BDA_VBE_MODE], ax
        mov     di, dispi_saved
.next_restored:
        mov     al, [cs:di]
        inc     di
        mov     bx, [es:si]
        inc     si
        inc     si
        cmp     al, DISPI_ENABLE
        jne     .set
        or      bl, DISPI_NO_CLEAR
        test    bl, DISPI_ENABLED
        jz      .off                    ; the rest says nothing
.set:
        call    dispi_set
        cmp     di, dispi_saved_end
        jb      .next_restored
.off:
        pop     cx
        pop     bx
.colors:
        test    cl, 4
        jz      .done
        push    cx
        push    bx
        and     cl, 3
        call    state_blocks            ; what stands before them
        mov     cl, 6
        shl     bx, cl
        pop     ax
        add     bx, ax
        pop     cx
        jmp     restore_dac

; The order in which they are written: geometry while it is off, the rest while it is on.
dispi_saved:
        db      DISPI_XRES, DISPI_YRES, DISPI_BPP, DISPI_ENABLE, DISPI_BANK, DISPI_WIDTH, DISPI_X, DISPI_Y
dispi_saved_end:

; In: CX = parts. Out: BX = blocks.
state_blocks:
        push    cx
        push    bp
        mov     ax, cx
        sub     sp, 4                   ; 1Ch answers in the caller's AX and BX
        mov     bp, sp
        mov     word [bp + R_BX], 0
        xor     al, al
        and     cx, 7
        call    save_state
        mov     bx, [bp + R_BX]
        add     sp, 4
        pop     bp
        pop     cx
        test    cl, 8
        jz      .done
        add     bx, DISPI_BLOCKS
.done:
        ret

; 1Ch without its answer. In: AL = 1 save, 2 restore, CX = parts, ES:BX = room. Changes all registers but DS and BP.
save_legacy:
        push    bp
        sub     sp, 4
        mov     bp, sp
        call    save_state
        add     sp, 4
        pop     bp
        ret

; In: CX = parts, DI = room. Out: DI = the interface's block in it. Keeps all else but AX.
dispi_block:
        push    bx
        push    cx
        and     cl, 7
        call    state_blocks
        mov     cl, 6
        shl     bx, cl
        add     di, bx
        pop     cx
        pop     bx
        ret
