; INT 10h/4Fh, the VESA BIOS extensions 3.0 over the Bochs display interface: who answers, and what all of it uses.
;
; An adapter without the interface has none of this: AX comes back as it was. In a VESA mode the data area's mode is FFh,
; and the number of the mode stands at 0040:00BA, where the VGABIOS of Bochs has it.

BDA_VBE_MODE    equ 0xBA                ; word: with bits 14 and 15 of 4F02h
VBE_MODE        equ 0xFF                ; in BDA_MODE

DISPI_INDEX     equ 0x1CE               ; data at +1, both of 16 bits
DISPI_ID        equ 0
DISPI_XRES      equ 1
DISPI_YRES      equ 2
DISPI_BPP       equ 3
DISPI_ENABLE    equ 4
DISPI_BANK      equ 5
DISPI_WIDTH     equ 6                   ; of the virtual screen
DISPI_HEIGHT    equ 7
DISPI_X         equ 8
DISPI_Y         equ 9
DISPI_MEMORY    equ 10                  ; in 64 KB
DISPI_ENABLED   equ 0x01
DISPI_DAC8      equ 0x20
DISPI_LFB       equ 0x40
DISPI_NO_CLEAR  equ 0x80

; In: AL = what is asked for; DS = BDA, BP to the caller's registers.
vbe:
        call    dispi_present
        jne     vbe_absent
        mov     bl, [bp + R_AL]
        cmp     bl, 0x15
        je      .ddc
        cmp     bl, (vbe_services_end - vbe_services) / 2
        jae     vbe_failed
        mov     word [bp + R_AX], 0x004F ; where nothing goes wrong
        xor     bh, bh
        add     bx, bx
        push    word [cs:bx + vbe_services]
        mov     bx, [bp + R_BX]
        ret
.ddc:
        mov     word [bp + R_AX], 0x004F
        mov     bx, [bp + R_BX]
        jmp     vbe_ddc
vbe_failed:
        mov     word [bp + R_AX], 0x014F
vbe_absent:
        ret
vbe_wrong_mode:
        mov     word [bp + R_AX], 0x034F
        ret

vbe_services:
        dw      vbe_controller          ; 00h
        dw      vbe_mode_info           ; 01h
        dw      vbe_set_mode            ; 02h
        dw      vbe_get_mode            ; 03h
        dw      vbe_state               ; 04h
        dw      vbe_window              ; 05h
        dw      vbe_line_length         ; 06h
        dw      vbe_display_start       ; 07h
        dw      vbe_dac_width           ; 08h
        dw      vbe_palette             ; 09h
        dw      vbe_protected           ; 0Ah
vbe_services_end:

; In a VESA mode the services that would draw, or change the VGA's planes, do nothing. In: AH = service. Out: ZF set
; where it is to be left out. Keeps all else.
vbe_leaves_out:
        push    di
        push    es
        push    cx
        push    ax
        cmp     ah, 0x4F
        je      .keep
        push    cs
        pop     es
        mov     di, .kept
        mov     cx, .kept_end - .kept
        mov     al, ah
        repne   scasb
        je      .keep
        xor     al, al
        jmp     .told
.keep:
        or      al, 1
.told:
        pop     ax
        pop     cx
        pop     es
        pop     di
        ret
.kept:  db      0x00, 0x0F, 0x10, 0x12, 0x1A, 0x1B, 0x1C
.kept_end:

; --- the interface; both keep all registers but AX ---

; In: AL = register. Out: AX.
dispi_get:
        push    dx
        xor     ah, ah
        mov     dx, DISPI_INDEX
        out     dx, ax
        inc     dx
        in      ax, dx
        pop     dx
        ret

; In: AL = register, BX = value.
dispi_set:
        push    dx
        xor     ah, ah
        mov     dx, DISPI_INDEX
        out     dx, ax
        inc     dx
        mov     ax, bx
        out     dx, ax
        pop     dx
        ret

; Out: ZF set if the adapter has the interface. Keeps all registers.
dispi_present:
        push    ax
        mov     al, DISPI_ID
        call    dispi_get
        and     al, 0xF0
        cmp     ax, 0xB0C0
        pop     ax
        ret

; A mode of the VGA is to be shown. Keeps all registers.
dispi_off:
        push    ax
        push    bx
        mov     al, DISPI_ENABLE
        xor     bx, bx
        call    dispi_set
        pop     bx
        pop     ax
        ret

; Out: CX = 0 where pixels are in planes, else the bytes of a pixel, in the mode that is shown. Keeps all else but AX.
dispi_pixel:
        mov     al, DISPI_BPP
        call    dispi_get
        ; fall through

; In: AL = bits of a pixel. Out: CX = its bytes, 0 for planes. Changes AL.
pixel_bytes:
        xor     ch, ch
        mov     cl, 0
        cmp     al, 4
        je      .done
        add     al, 7
        mov     cl, 3
        shr     al, cl
        mov     cl, al
.done:
        ret

; Out: ZF set in a VESA mode.
in_vbe_mode:
        cmp     byte [BDA_MODE], VBE_MODE
        ret

; Out: CF set on a processor before the 386. Such a one keeps bits 12-15 of the flags as they are: set on an 8086, clear
; on a 286. Keeps all registers.
below_386:
        push    ax
        push    bx
        pushf
        pop     bx
        mov     ax, bx
        and     ah, 0x0F
        push    ax
        popf
        pushf
        pop     ax
        and     ah, 0xF0
        cmp     ah, 0xF0
        je      .old
        mov     ax, bx
        or      ah, 0x40                ; NT, which a program in virtual 8086 mode can set as well
        push    ax
        popf
        pushf
        pop     ax
        test    ah, 0x40
        jz      .old
        push    bx
        popf
        pop     bx
        pop     ax
        clc
        ret
.old:
        push    bx
        popf
        pop     bx
        pop     ax
        stc
        ret
