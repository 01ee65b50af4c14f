; INT 10h/4F00h: the controller; 4F01h: a mode. And the table of modes.

; 4F00h. In: ES:DI = room for 256 bytes, or for 512 with "VBE2" at their start.
vbe_controller:
        push    di
        xor     bx, bx
        cmp     word [es:di], "VB"
        jne     .old
        cmp     word [es:di + 2], "E2"
        jne     .old
        inc     bx                      ; room for the strings as well
.old:
        push    di
        mov     cx, 128
        xor     ax, ax
        rep     stosw
        pop     di
        mov     word [es:di], "VE"
        mov     word [es:di + 2], "SA"
        mov     word [es:di + 0x04], 0x0300
        mov     byte [es:di + 0x0A], 1  ; the DAC can be switched to 8 bits
        lea     ax, [di + 0x22]
        mov     [es:di + 0x0E], ax
        mov     [es:di + 0x10], es
        mov     al, DISPI_MEMORY
        call    dispi_get
        mov     [es:di + 0x12], ax
        ; The strings, in this ROM, or in the second half of the caller's room.
        mov     ax, vbe_oem
        mov     dx, cs
        test    bx, bx
        jz      .strings
        push    di
        push    ds
        push    cs
        pop     ds
        add     di, 0x100
        mov     ax, di
        mov     dx, es
        mov     si, vbe_oem
        mov     cx, vbe_strings_end - vbe_oem
        rep     movsb
        pop     ds
        pop     di
        mov     word [es:di + 0x14], 0x0100
        mov     cx, ax
        add     cx, vbe_vendor - vbe_oem
        mov     [es:di + 0x16], cx
        mov     [es:di + 0x18], dx
        add     cx, vbe_product - vbe_vendor
        mov     [es:di + 0x1A], cx
        mov     [es:di + 0x1C], dx
        add     cx, vbe_revision - vbe_product
        mov     [es:di + 0x1E], cx
        mov     [es:di + 0x20], dx
.strings:
        mov     [es:di + 0x06], ax
        mov     [es:di + 0x08], dx
        ; Those modes for which memory suffices.
        add     di, 0x22
        mov     si, vbe_modes
.next:
        call    mode_fits
        jc      .too_large
        mov     ax, [cs:si]
        stosw
.too_large:
        add     si, MODE_SIZE
        cmp     si, vbe_modes_end
        jb      .next
        mov     ax, 0xFFFF
        stosw
        pop     di
        ret

vbe_oem:        db "Swift86 VGA", 0
vbe_vendor:     db "Swift86", 0
vbe_product:    db "Swift86 VGA with Bochs display interface", 0
vbe_revision:   db "1.0", 0
vbe_strings_end:

; 4F01h. In: CX = mode, ES:DI = room for 256 bytes.
vbe_mode_info:
        mov     ax, cx
        call    find_mode
        jc      .failed
        call    mode_fits
        jnc     .known
.failed:
        jmp     vbe_failed
.known:
        push    di
        mov     cx, 128
        xor     ax, ax
        rep     stosw
        pop     di
        mov     word [es:di], 0x001B    ; there, with all that follows, colour, graphics
        mov     byte [es:di + 0x02], 7  ; window A: there, to read, to write
        mov     word [es:di + 0x04], 64
        mov     word [es:di + 0x06], 64
        mov     word [es:di + 0x08], 0xA000
        mov     word [es:di + 0x0C], vbe_window_far
        mov     [es:di + 0x0E], cs
        call    mode_pitch
        mov     [es:di + 0x10], ax
        mov     [es:di + 0x32], ax
        mov     ax, [cs:si + MODE_X]
        mov     [es:di + 0x12], ax
        mov     ax, [cs:si + MODE_Y]
        mov     [es:di + 0x14], ax
        mov     word [es:di + 0x16], 0x1008
        mov     byte [es:di + 0x18], 1
        mov     al, [cs:si + MODE_BITS]
        mov     [es:di + 0x19], al
        mov     byte [es:di + 0x1A], 1
        mov     byte [es:di + 0x1E], 1
        call    mode_images
        mov     [es:di + 0x1D], al
        mov     [es:di + 0x34], al
        mov     word [es:di + 0x3E], 170000000 & 0xFFFF
        mov     word [es:di + 0x40], 170000000 >> 16
        mov     al, [cs:si + MODE_BITS]
        cmp     al, 8
        ja      .direct
        je      .palette
        mov     byte [es:di + 0x18], 4
        mov     byte [es:di + 0x1B], 3  ; planes
        ret
.palette:
        mov     byte [es:di + 0x1B], 4
        jmp     .linear
.direct:
        mov     byte [es:di + 0x1B], 6
        ; Sizes and places of red, green, blue and what is left.
        push    di
        push    si
        push    ds
        mov     si, masks15
        cmp     al, 15
        je      .masks
        mov     si, masks16
        cmp     al, 16
        je      .masks
        mov     si, masks24
        cmp     al, 24
        je      .masks
        mov     si, masks32
        mov     byte [es:di + 0x27], 2  ; the fourth byte is the program's
.masks:
        push    cs
        pop     ds
        push    si
        add     di, 0x1F
        mov     cx, 4
        rep     movsw
        pop     si
        add     di, 0x36 - 0x27
        mov     cl, 4
        rep     movsw
        pop     ds
        pop     si
        pop     di
.linear:
        call    below_386
        jc      .done
        call    frame_buffer            ; as 28h
        or      byte [es:di], 0x80
        mov     al, [es:di + 0x1D]
        mov     [es:di + 0x35], al
.done:
        ret

masks15:        db 5, 10, 5, 5, 5, 0, 1, 15
masks16:        db 5, 11, 6, 5, 5, 0, 0, 0
masks24:        db 8, 16, 8, 8, 8, 0, 0, 0
masks32:        db 8, 16, 8, 8, 8, 0, 8, 24

; Stores at ES:DI+28h where the linear frame buffer is: where the base address register of the display on PCI says, or, for
; an adapter in an ISA slot, E0000000h. On a 386 or better. Keeps all registers.
        cpu     386
frame_buffer:
        push    eax
        push    ecx
        push    edx
        mov     dx, 0x0CF8
        in      eax, dx
        push    eax
        mov     dword [es:di + 0x28], 0xE0000000
        mov     ecx, 0x80000000
        mov     eax, ecx
        out     dx, eax
        in      eax, dx
        cmp     eax, ecx
        jne     .done                   ; no PCI
.next:
        mov     eax, ecx
        mov     dl, 0xF8
        out     dx, eax
        mov     dl, 0xFC
        in      eax, dx
        cmp     eax, 0x11111234
        je      .found
        add     ecx, 0x0800             ; the next device of bus 0
        cmp     ecx, 0x80010000
        jb      .next
        jmp     .done
.found:
        lea     eax, [ecx + 0x10]
        mov     dl, 0xF8
        out     dx, eax
        mov     dl, 0xFC
        in      eax, dx
        and     al, 0xF0
        mov     [es:di + 0x28], eax
.done:
        pop     eax
        mov     dl, 0xF8
        out     dx, eax
        pop     edx
        pop     ecx
        pop     eax
        ret
        cpu     8086

; --- modes ---

; In: AX = number; bits 9-15 do not count. Out: CS:SI = its entry, or CF. Changes AX.
find_mode:
        and     ah, 1
        mov     si, vbe_modes
.next:
        cmp     ax, [cs:si]
        je      .found
        add     si, MODE_SIZE
        cmp     si, vbe_modes_end
        jb      .next
        stc
.found:
        ret                             ; CF is clear where both are equal

; In: CS:SI = mode. Out: AX = bytes of a line, of one plane where there are four. Keeps all else.
mode_pitch:
        push    cx
        push    dx
        mov     al, [cs:si + MODE_BITS]
        call    pixel_bytes
        mov     ax, [cs:si + MODE_X]
        jcxz    .planes
        mul     cx
        jmp     .done
.planes:
        mov     cl, 3
        shr     ax, cl
.done:
        pop     dx
        pop     cx
        ret

; In: CS:SI = mode. Out: DX:AX = bytes of its picture. Keeps all else.
mode_bytes:
        call    mode_pitch
        mul     word [cs:si + MODE_Y]
        cmp     byte [cs:si + MODE_BITS], 4
        jne     .done
        shl     ax, 1
        rcl     dx, 1
        shl     ax, 1
        rcl     dx, 1
.done:
        ret

; In: CS:SI = mode. Out: CF set if its picture is larger than video memory. Keeps all registers.
mode_fits:
        push    ax
        push    bx
        push    dx
        mov     al, DISPI_MEMORY
        call    dispi_get
        mov     bx, ax
        call    mode_bytes
        sub     ax, 1                   ; the last byte's address
        sbb     dx, 0
        cmp     bx, dx
        jbe     .too_large
        clc
        jmp     .done
.too_large:
        stc
.done:
        pop     dx
        pop     bx
        pop     ax
        ret

; In: CS:SI = mode. Out: AL = how many pictures memory holds, less one, at most 255. Keeps all but AX.
mode_images:
        push    bx
        push    cx
        push    dx
        push    di
        call    mode_bytes
        mov     bx, ax
        mov     cx, dx
        mov     al, DISPI_MEMORY
        call    dispi_get
        mov     dx, ax
        xor     ax, ax
        mov     di, -1
.next:
        sub     ax, bx
        sbb     dx, cx
        jb      .done
        inc     di
        cmp     di, 255
        jb      .next
.done:
        mov     ax, di
        pop     di
        pop     dx
        pop     cx
        pop     bx
        ret

MODE_X          equ 2
MODE_Y          equ 4
MODE_BITS       equ 6
MODE_SIZE       equ 7

%macro mode 4
        dw      %1, %2, %3
        db      %4
%endmacro

; Numbers to 11Bh are VESA's; the others those of the VGABIOS of Bochs, and from 150h on ours. Some programs have no room
; for more than 46 numbers [Bochs#412].
vbe_modes:
        mode    0x100, 640, 400, 8
        mode    0x101, 640, 480, 8
        mode    0x102, 800, 600, 4
        mode    0x103, 800, 600, 8
        mode    0x104, 1024, 768, 4
        mode    0x105, 1024, 768, 8
        mode    0x106, 1280, 1024, 4
        mode    0x107, 1280, 1024, 8
        mode    0x10D, 320, 200, 15
        mode    0x10E, 320, 200, 16
        mode    0x10F, 320, 200, 24
        mode    0x110, 640, 480, 15
        mode    0x111, 640, 480, 16
        mode    0x112, 640, 480, 24
        mode    0x113, 800, 600, 15
        mode    0x114, 800, 600, 16
        mode    0x115, 800, 600, 24
        mode    0x116, 1024, 768, 15
        mode    0x117, 1024, 768, 16
        mode    0x118, 1024, 768, 24
        mode    0x119, 1280, 1024, 15
        mode    0x11A, 1280, 1024, 16
        mode    0x11B, 1280, 1024, 24
        mode    0x11C, 1600, 1200, 8
        mode    0x11E, 1600, 1200, 16
        mode    0x140, 320, 200, 32
        mode    0x141, 640, 400, 32
        mode    0x142, 640, 480, 32
        mode    0x143, 800, 600, 32
        mode    0x144, 1024, 768, 32
        mode    0x145, 1280, 1024, 32
        mode    0x146, 320, 200, 8
        mode    0x147, 1600, 1200, 32
        mode    0x148, 1152, 864, 8
        mode    0x14A, 1152, 864, 16
        mode    0x14C, 1152, 864, 32
        mode    0x150, 320, 240, 8
        mode    0x151, 320, 240, 16
        mode    0x152, 320, 240, 32
        mode    0x153, 400, 300, 8
        mode    0x154, 400, 300, 16
        mode    0x155, 400, 300, 32
        mode    0x156, 512, 384, 8
        mode    0x157, 512, 384, 16
        mode    0x158, 512, 384, 32
        mode    0x159, 640, 400, 16
vbe_modes_end:
%if (vbe_modes_end - vbe_modes) / MODE_SIZE > 46
        %error  "too many modes"
%endif
