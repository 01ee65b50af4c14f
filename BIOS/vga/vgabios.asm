; Swift86's VGA BIOS: an option ROM for C000:0000, and INT 10h.
;
; It drives a standard VGA (IBM PS/2's registers, 256 KB) and nothing else, on an 8086 or better. The modes are
; 00h-07h and 0Dh-13h. It also runs on QEMU, see README.md.
; Assemble by the Makefile: it adds the size and the checksum.
;
; INT 10h keeps all registers but those that carry results, and uses about 80 bytes of the caller's stack.

        cpu     8086
        bits    16
        org     0

%include "defs.inc"

        db      0x55, 0xAA
        db      0                       ; length in 512-byte blocks, by finish.py
        jmp     post
        times   0x18 - ($ - $$) db 0
        dw      pci_data                ; where PCI BIOSes look for it
        dw      0
        db      0, 0
        db      "IBM VGA compatible"    ; 1Eh: programs look for "IBM" here to know a VGA
        db      0
        db      "Swift86 VGA BIOS", 0

        align   4, db 0
pci_data:
        db      "PCIR"
        dw      0x1234, 0x1111          ; QEMU's VGA, so that its PCI flavour takes this ROM too
        dw      0                       ; no product data
        dw      0x18                    ; length of this structure
        db      0                       ; its revision
        db      0, 0, 3                 ; class: VGA compatible controller
pci_length:
        dw      0                       ; length in 512-byte blocks, by finish.py
        dw      1                       ; revision of the ROM
        db      0                       ; x86 code
        db      0x80                    ; the last image
        dw      0

; INT 10h. AH chooses the service; what it finds:
;   DS = BDA, all other registers as the caller left them but BP, which points to the caller's registers (R_).
; A service may change every register but SP (and BP if it wants to return something after that).
int10:
        sti
        cld
        cmp     ah, (services_end - services) / 2
        jb      .known
        cmp     ah, 0x4F
        jne     .unknown
.known:
        push    es
        push    ds
        push    bp
        push    di
        push    si
        push    dx
        push    cx
        push    bx
        push    ax
        mov     bp, sp
        mov     bx, BDA
        mov     ds, bx
        cmp     byte [BDA_MODE], VBE_MODE
        je      .in_vbe_mode
.service:
        cmp     ah, 0x4F
        je      .vbe
        mov     bl, ah
        xor     bh, bh
        add     bx, bx
        call    .dispatch
.done:
        pop     ax
        pop     bx
        pop     cx
        pop     dx
        pop     si
        pop     di
        pop     bp
        pop     ds
        pop     es
.unknown:
        iret

.vbe:
        call    vbe
        jmp     .done
.in_vbe_mode:
        call    vbe_leaves_out
        jne     .service
        jmp     .done

.dispatch:
        push    word [cs:bx + services]
        mov     bx, [bp + R_BX]
nothing:
        ret

services:
        dw      set_mode                ; 00h
        dw      set_shape               ; 01h
        dw      set_cursor              ; 02h
        dw      get_cursor              ; 03h
        dw      get_light_pen           ; 04h
        dw      set_page                ; 05h
        dw      scroll_up               ; 06h
        dw      scroll_down             ; 07h
        dw      read_character          ; 08h
        dw      write_character         ; 09h
        dw      write_bare_character    ; 0Ah
        dw      set_cga_color           ; 0Bh
        dw      write_dot               ; 0Ch
        dw      read_dot                ; 0Dh
        dw      teletype                ; 0Eh
        dw      get_mode                ; 0Fh
        dw      palette                 ; 10h
        dw      fonts                   ; 11h
        dw      configuration           ; 12h
        dw      write_string            ; 13h
        times 6 dw nothing              ; 14h-19h
        dw      display_combination     ; 1Ah
        dw      get_state               ; 1Bh
        dw      save_state              ; 1Ch
services_end:

%include "post.asm"
%include "mode.asm"
%include "cursor.asm"
%include "scroll.asm"
%include "text.asm"
%include "graphics.asm"
%include "dot.asm"
%include "teletype.asm"
%include "palette.asm"
%include "colors.asm"
%include "fonts.asm"
%include "configuration.asm"
%include "state.asm"
%include "printscreen.asm"
%include "vbe.asm"
%include "vbeinfo.asm"
%include "vbemode.asm"
%include "vbewindow.asm"
%include "vbepm.asm"
%include "parameters.asm"

font16: incbin  "font8x16.bin"
font14: incbin  "font8x14.bin"
font8:  incbin  "font8x8.bin"
