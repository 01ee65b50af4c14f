; graphics.asm: an animation that changes every pixel of the screen, 60 times a second by the timer. Three sectors.
;   1F0h: 0 = mode 13h, 1 = mode X (320 x 240, two pages), 2 = VESA 800 x 600 x 32 by the linear frame buffer
; A picture is copied from a prepared one that is larger, each time from another place. Every 60 pictures a dot goes to port
; E9h, and `!` where the mode is not there.
        cpu     386
        bits    16
        org     0x7C00

TIMER_60HZ      equ     19886           ; 1,193,182 Hz / 60
SOURCE          equ     0x2000          ; segment of the pictures of 8 bits, 128 KB
SOURCE32        equ     0x200000        ; and where those of 32 bits are
INFORMATION     equ     0x600

        jmp     0:start
start:  cli
        xor     ax, ax
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     sp, 0x7C00
        cld
        sti
        mov     ax, 0x0202
        mov     bx, 0x7E00
        mov     cx, 2
        xor     dh, dh
        int     0x13
        jc      fail
        movzx   bx, [kind]
        add     bx, bx
        call    [set_up + bx]
        cli
        mov     word [8 * 4], tick      ; IRQ 0
        mov     word [8 * 4 + 2], 0
        mov     al, 0x34                ; counter 0, both bytes, rate generator
        out     0x43, al
        mov     ax, TIMER_60HZ
        out     0x40, al
        mov     al, ah
        out     0x40, al
        sti

frame:  hlt
        cmp     byte [ticks], 0
        je      frame
        mov     byte [ticks], 0
        movzx   bx, [kind]
        add     bx, bx
        call    [draw + bx]
        inc     word [number]
        dec     byte [until_dot]
        jnz     frame
        mov     byte [until_dot], 60
        mov     al, '.'
        out     0xE9, al
        jmp     frame

fail:   mov     al, '!'
        out     0xE9, al
        cli
        hlt

tick:   push    ax
        mov     byte [cs:ticks], 1
        mov     al, 0x20
        out     0x20, al
        pop     ax
        iret

set_up: dw      set_13, set_x, set_vesa
draw:   dw      draw_13, draw_x, draw_vesa
number: dw      0
ticks:  db      0
until_dot:
        db      60

        times   0x1F0 - ($ - $$) db 0
kind:   db      0
        times   510 - ($ - $$) db 0
        dw      0xAA55

; 128 KB of pixels of 8 bits, no two neighbours alike.
fill_source:
        mov     dx, SOURCE
        xor     bx, bx
.half:  mov     es, dx
        xor     di, di
        mov     cx, 0x8000
.next:  lea     ax, [bx + di]
        imul    ax, ax, 25173
        xor     al, ah
        stosw
        loop    .next
        add     dh, 0x10
        inc     bx
        cmp     bx, 2
        jb      .half
        ret

set_13: mov     ax, 0x0013
        int     0x10
        jmp     fill_source

draw_13:
        mov     ax, [number]
        and     ax, 0xFF
        imul    ax, ax, 21
        shr     ax, 2
        add     ax, SOURCE              ; from another paragraph
        mov     ds, ax
        mov     ax, 0xA000
        mov     es, ax
        xor     si, si
        xor     di, di
        mov     cx, 320 * 200 / 4
        rep movsd
        xor     ax, ax
        mov     ds, ax
        ret

set_x:  mov     ax, 0x0013
        int     0x10
        mov     dx, 0x3C4
        mov     ax, 0x0604              ; no chain
        out     dx, ax
        mov     ax, 0x0100
        out     dx, ax
        mov     dl, 0xC2
        mov     al, 0xE3                ; 480 lines
        out     dx, al
        mov     dl, 0xC4
        mov     ax, 0x0300
        out     dx, ax
        mov     dl, 0xD4
        mov     al, 0x11
        out     dx, al
        inc     dx
        in      al, dx
        and     al, 0x7F
        out     dx, al
        dec     dx
        mov     si, .crtc
        mov     cx, (.end - .crtc) / 2
.next:  lodsw
        out     dx, ax
        loop    .next
        jmp     fill_source
.crtc:  dw      0x0D06, 0x3E07, 0x4109, 0xEA10, 0xAC11, 0xDF12, 0x0014, 0xE715, 0x0616, 0xE317
.end:

draw_x: mov     bp, 0x0102              ; map mask, plane by plane
        mov     bx, [number]
.plane:
        mov     dx, 0x3C4
        mov     ax, bp
        out     dx, ax
        mov     ax, bx
        and     ax, 0xFF
        imul    ax, ax, 21
        shr     ax, 2
        add     ax, SOURCE
        add     ax, bp
        mov     ds, ax
        mov     ax, 0xA000
        mov     es, ax
        xor     si, si
        xor     di, di
        test    bl, 1
        jz      .first
        mov     di, 80 * 240
.first: mov     cx, 80 * 240 / 4
        rep movsd
        mov     ax, bp
        add     ah, ah
        mov     bp, ax
        cmp     ah, 0x10
        jb      .plane
        xor     ax, ax
        mov     ds, ax
        mov     dx, 0x3D4
        mov     ax, 0x000C
        test    bl, 1
        jz      .show
        mov     ah, (80 * 240) >> 8
.show:  out     dx, ax                  ; both pages start at a multiple of 256
        mov     ax, 0x000D
        out     dx, ax
        ret

set_vesa:
        mov     ax, 0x4F01
        mov     cx, 0x0143
        xor     bx, bx
        mov     es, bx
        mov     di, INFORMATION
        int     0x10
        cmp     ax, 0x004F
        jne     fail
        mov     ax, 0x4F02
        mov     bx, 0x4143
        int     0x10
        cmp     ax, 0x004F
        jne     fail
        in      al, 0x92
        or      al, 2
        out     0x92, al
        ; Data segments of 4 GB, which real mode leaves as they are.
        cli
        lgdt    [.gdt]
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        mov     bx, 8
        mov     ds, bx
        mov     es, bx
        and     al, 0xFE
        mov     cr0, eax
        xor     bx, bx
        mov     ds, bx
        mov     es, bx
        sti
        mov     edi, SOURCE32
        mov     ecx, 800 * 600 + 0x4000
        xor     eax, eax
.next:  add     eax, 0x00030509
        a32 stosd
        dec     ecx
        jnz     .next
        ret
        align   8, db 0
.table: dq      0, 0x00CF92000000FFFF
.gdt:   dw      15
        dd      .table

draw_vesa:
        movzx   esi, byte [number]
        imul    esi, esi, 37 * 4
        add     esi, SOURCE32
        mov     edi, [INFORMATION + 0x28]
        mov     ecx, 800 * 600
        a32 rep movsd
        ret

        times   1536 - ($ - $$) db 0
