; The boot sector: keeps the registers it got from the BIOS, loads the program, starts it.

boot_start:
        jmp     short .begin
        nop
        db      "SWIFT86 "              ; what a DOS finds here: parameters of a 160 KB disk
        dw      512
        db      1
        dw      1
        db      2
        dw      64
        dw      IMAGE_SIZE / 512
        db      0xFE
        dw      1
        dw      SECTORS
        dw      1
        dw      0

        ; The registers go onto the BIOS's stack in this order; `registers.asm` shows them.
.begin:
        pushf
        push    ax
        push    bx
        push    cx
        push    dx
        push    si
        push    di
        push    bp
        push    ds
        push    es
        push    cs
        jmp     0:.here
.here:
        xor     ax, ax
        mov     es, ax
        mov     ax, ss
        mov     ds, ax
        mov     si, sp
        mov     di, boot_registers
        mov     cx, 11
        cld
        rep     movsw
        mov     ax, si                  ; SP as it was
        stosw
        mov     ax, ss
        stosw

        xor     ax, ax
        mov     ds, ax
        cli
        mov     ss, ax
        mov     sp, 0x7C00
        sti
        mov     [boot_drive], dl

        mov     ax, PROGRAM
        mov     es, ax
        mov     si, 1                   ; the sector, counted from 0
.next:
        mov     di, 4                   ; tries
.again:
        mov     ax, si
        mov     cl, SECTORS
        div     cl                      ; AL = track, AH = sector of it
        mov     ch, al
        mov     cl, ah
        inc     cl
        mov     al, SECTORS             ; to the end of the track
        sub     al, ah
        mov     ah, 2
        xor     bx, bx
        mov     dh, 0
        mov     dl, [boot_drive]
        push    ax
        int     0x13
        pop     ax
        jnc     .read
        xor     ax, ax
        mov     dl, [boot_drive]
        int     0x13
        dec     di
        jnz     .again
        mov     si, .error
.text:
        lodsb
        test    al, al
        jz      .wait
        mov     ah, 0x0E
        mov     bx, 7
        int     0x10
        jmp     .text
.wait:
        xor     ax, ax
        int     0x16
        int     0x19
.read:
        xor     ah, ah
        add     si, ax
        mov     cl, 5
        shl     ax, cl                  ; sectors to paragraphs
        mov     dx, es
        add     dx, ax
        mov     es, dx
        cmp     si, (main_end - main + 511) / 512
        jbe     .next
        jmp     PROGRAM:0

.error: db      "Cannot read the demo disk. Press a key to try again.", 13, 10, 0
boot_drive:
        db      0
boot_registers:                         ; CS ES DS BP DI SI DX CX BX AX FLAGS SP SS
        times   510 - ($ - $$) db 0
        dw      0xAA55
