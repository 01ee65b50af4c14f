; INT 10h/4F05h-4F09h: what of video memory is seen by the processor and on the screen, and in which colours.

; 4F05h. In: BH = 0 set, 1 tell; BL = 0, window A; DX = bank of 64 KB. Out: DX.
vbe_window:
        call    in_vbe_mode
        jne     .failed
        test    byte [BDA_VBE_MODE + 1], 0x40
        jz      .banked
        jmp     vbe_wrong_mode          ; there is no window beside the linear frame buffer
.banked:
        test    bl, bl
        jnz     .failed
        cmp     bh, 1
        ja      .failed
        je      .tell
        call    set_bank
        jne     .failed
        ret
.tell:
        mov     al, DISPI_BANK
        call    dispi_get
        mov     [bp + R_DX], ax
        ret
.failed:
        jmp     vbe_failed

; In: DX = bank. Out: ZF set if it is there. Changes AX, BX.
set_bank:
        mov     bx, dx
        mov     al, DISPI_BANK
        call    dispi_set
        mov     al, DISPI_BANK
        call    dispi_get
        cmp     ax, dx
        ret

; The same by a far call, as the mode's information has it. Says nothing about success; AX and DX may change.
vbe_window_far:
        test    bl, bl
        jnz     .done
        cmp     bh, 1
        ja      .done
        je      .tell
        push    bx
        call    set_bank
        pop     bx
        mov     ax, 0x004F
        retf
.tell:
        mov     al, DISPI_BANK
        call    dispi_get
        mov     dx, ax
.done:
        mov     ax, 0x004F
        retf

; 4F06h. In: BL = 0 set in pixels, 1 tell, 2 set in bytes, 3 the most; CX = length. Out: BX = bytes, CX = pixels,
; DX = lines.
vbe_line_length:
        call    in_vbe_mode
        jne     .failed
        cmp     bl, 3
        ja      .failed
        je      .most
        cmp     bl, 1
        je      .tell
        mov     di, cx
        jb      .set
        call    bytes_to_pixels
.set:
        mov     bx, di
        mov     al, DISPI_WIDTH
        call    dispi_set
        mov     al, DISPI_WIDTH
        call    dispi_get
        cmp     ax, di
        jae     .tell
        mov     word [bp + R_AX], 0x024F ; the picture would not fit
.tell:
        mov     al, DISPI_WIDTH
        call    dispi_get
        mov     [bp + R_CX], ax
        call    pixels_to_bytes
        mov     [bp + R_BX], ax
        mov     al, DISPI_HEIGHT
        call    dispi_get
        mov     [bp + R_DX], ax
        ret
.most:
        mov     al, DISPI_YRES
        call    dispi_get
        mov     bx, ax
        mov     [bp + R_DX], ax
        mov     al, DISPI_MEMORY
        call    dispi_get
        mov     dx, ax
        call    dispi_pixel
        jcxz    .planes
        jmp     .divide
.planes:
        shr     dx, 1                   ; a plane has a quarter
        shr     dx, 1
.divide:
        xor     ax, ax
        cmp     dx, bx
        jae     .large
        div     bx
        jmp     .limited
.large:
        mov     ax, 0xFFF0
.limited:
        mov     di, ax
        call    bytes_down_to_pixels
        mov     [bp + R_CX], di
        mov     ax, di
        call    pixels_to_bytes
        mov     [bp + R_BX], ax
        ret
.failed:
        jmp     vbe_failed

; In: DI = bytes. Out: DI = as many pixels as have room in them or, with the first, one more that has not. Change AX, CX, DX.
bytes_to_pixels:
        call    dispi_pixel
        jcxz    bytes_down_to_pixels.planes
        add     di, cx
        jc      bytes_down_to_pixels
        dec     di
bytes_down_to_pixels:
        call    dispi_pixel
        jcxz    .planes
        mov     ax, di
        xor     dx, dx
        div     cx
        mov     di, ax
        ret
.planes:
        mov     ax, 0xFFF8
        cmp     di, 0x2000
        jae     .wide
        mov     ax, di
        mov     cl, 3
        shl     ax, cl
.wide:
        mov     di, ax
        ret

; In: AX = pixels. Out: AX = bytes of a line, of one plane where there are four. Changes CX, DX.
pixels_to_bytes:
        push    ax
        call    dispi_pixel
        pop     ax
        jcxz    .planes
        mul     cx
        ret
.planes:
        mov     cl, 3
        shr     ax, cl
        ret

; 4F07h. In: BL = 0 set, 80h set while nothing is drawn, 1 tell; CX = first pixel, DX = first line. Out: the same, BH = 0.
vbe_display_start:
        call    in_vbe_mode
        jne     .failed
        cmp     bl, 1
        je      .tell
        test    bl, bl
        jz      .set
        cmp     bl, 0x80
        jne     .failed
        push    dx
        call    wait_retrace
        pop     dx
.set:
        mov     al, DISPI_X
        mov     bx, cx
        call    dispi_set
        mov     al, DISPI_Y
        mov     bx, dx
        call    dispi_set
        mov     al, DISPI_Y
        call    dispi_get
        cmp     ax, dx
        jne     .failed
        mov     al, DISPI_X
        call    dispi_get
        cmp     ax, cx
        jne     .failed
        ret
.tell:
        mov     byte [bp + R_BH], 0
        mov     al, DISPI_X
        call    dispi_get
        mov     [bp + R_CX], ax
        mov     al, DISPI_Y
        call    dispi_get
        mov     [bp + R_DX], ax
        ret
.failed:
        jmp     vbe_failed

; Until vertical retrace begins; a display that has none does not hold it up for ever. Changes AX, BX, DX.
wait_retrace:
        mov     dx, [BDA_CRTC]
        add     dl, 6
        xor     bx, bx
.over:
        dec     bx
        jz      .begin
        in      al, dx
        test    al, 8
        jnz     .over
.begin:
        xor     bx, bx
.next:
        dec     bx
        jz      .done
        in      al, dx
        test    al, 8
        jz      .next
.done:
        ret

; 4F08h. In: BL = 0 set, 1 tell; BH = bits of a component. Out: BH.
vbe_dac_width:
        cmp     bl, 1
        ja      .failed
        call    in_vbe_mode
        jne     .failed
        call    dispi_pixel
        cmp     cx, 1
        ja      .wrong_mode
        mov     al, DISPI_ENABLE
        call    dispi_get
        test    bl, bl
        jnz     .tell
        cmp     bh, 6
        jb      .failed
        and     al, ~DISPI_DAC8 & 0xFF
        cmp     bh, 8
        jb      .set
        or      al, DISPI_DAC8
.set:
        mov     bx, ax
        mov     al, DISPI_ENABLE
        call    dispi_set
        mov     al, DISPI_ENABLE
        call    dispi_get
.tell:
        mov     byte [bp + R_BH], 6
        test    al, DISPI_DAC8
        jz      .done
        mov     byte [bp + R_BH], 8
.done:
        ret
.failed:
        jmp     vbe_failed
.wrong_mode:
        jmp     vbe_wrong_mode

; 4F09h. In: BL = 0 set, 80h set while nothing is drawn, 1 tell; CX = how many, DX = the first, ES:DI = four bytes for each:
; blue, green, red, nothing.
vbe_palette:
        mov     si, cx
        add     si, dx
        jc      .failed
        cmp     si, 256
        ja      .failed
        mov     si, dx
        cmp     bl, 1
        je      .tell
        test    bl, bl
        jz      .set
        cmp     bl, 0x80
        jne     .second
        push    cx
        call    wait_retrace
        pop     cx
.set:
        jcxz    .done
        mov     ax, si
        mov     dx, DAC_WRITE
        out     dx, al
        inc     dx
.next_set:
        mov     al, [es:di + 2]
        out     dx, al
        mov     al, [es:di + 1]
        out     dx, al
        mov     al, [es:di]
        out     dx, al
        add     di, 4
        loop    .next_set
.done:
        ret
.tell:
        jcxz    .done
        mov     ax, si
        mov     dx, DAC_READ
        out     dx, al
        inc     dx
        inc     dx
.next_told:
        in      al, dx
        mov     [es:di + 2], al
        in      al, dx
        mov     [es:di + 1], al
        in      al, dx
        mov     [es:di], al
        mov     byte [es:di + 3], 0
        add     di, 4
        loop    .next_told
        ret
.second:
        cmp     bl, 3
        ja      .failed
        mov     word [bp + R_AX], 0x024F ; there is no second palette
        ret
.failed:
        jmp     vbe_failed
