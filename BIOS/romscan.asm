; romscan.asm: option ROMs: 55h AAh, length in blocks of 512 bytes, entry at offset 3; all bytes add up to 0
; [PC/AT TR, BIOS listing, "ROM scan"]. The display's comes first, so that what follows can be seen.

; Between INT 10h's first call and the display's ROM: no display, calls are ignored.
int10_handler:
        iret

; Starts the display's ROM. Some leave setting a mode to whoever called them.
scan_video_rom:
        mov     bx, 0C000h
        mov     dx, 0C800h
        call    scan_roms
        call    post_segments
        cmp     word [BDA_COLUMNS], 0
        jne     .done
        mov     ax, 0003h
        int     10h
.done:
        ret

scan_option_roms:
        mov     bx, 0C800h
        mov     dx, 0F000h
        ; fall through

; Looks for ROMs in segments BX up to DX, in steps of 2 KB, and starts what it finds. A ROM below BX that reaches over
; it has been seen by then; one found is skipped by its length. Uses everything but SS:SP.
scan_roms:
        mov     es, bx
        cmp     word [es:0], 0AA55h
        jne     .next
        call    rom_checksum
        jnz     .next
        mov     al, [es:2]
        xor     ah, ah
        test    al, al
        jz      .next
        push    bx
        push    dx
        push    ax
        call    start_rom
        pop     ax
        pop     dx
        pop     bx
        add     ax, 3                   ; length in 2 KB steps, rounded up
        shr     ax, 1
        shr     ax, 1
        mov     cl, 7
        shl     ax, cl
        add     bx, ax
        jc      .done
        jmp     .check
.next:
        add     bx, 0080h
.check:
        cmp     bx, dx
        jb      scan_roms
.done:
        ret

; ZF set if the ROM in segment BX adds up to 0. Uses AX, CX, SI.
rom_checksum:
        push    ds
        push    dx
        mov     ds, bx
        xor     ah, ah                  ; the sum
        mov     dl, [2]
        mov     dh, 0
.block:
        test    dx, dx
        jz      .done
        xor     si, si
        mov     cx, 512
.byte:
        lodsb
        add     ah, al
        loop    .byte
        mov     cx, ds
        add     cx, 512 / 16
        mov     ds, cx
        dec     dx
        jmp     .block
.done:
        pop     dx
        pop     ds
        test    ah, ah
        ret

; Calls the ROM in segment BX at offset 3. A PCI ROM is told its device in AX [PCI Firmware 5.2]. From the 386 on segments
; are as large as all memory meanwhile: ROMs of the PCI age reach their registers so (SeaBIOS's VGA BIOS, OtherFirmwareTests).
start_rom:
        push    ds
        push    es
        push    bp
        mov     cx, BIG_SEGMENTS
        call    set_segment_limits
        mov     ax, [BDA_VGA_BDF]
        push    cs
        mov     dx, .back
        push    dx
        push    bx
        mov     dx, 3
        push    dx
        mov     bx, 0FFFFh              ; no ISA Plug and Play
        mov     dx, 0FFFFh
        xor     di, di
        mov     es, di
        retf                            ; to the ROM, which returns to .back
.back:
        pop     bp
        pop     es
        pop     ds
        cld
        mov     cx, REAL_SEGMENTS
        ; fall through

; Gives DS, ES, FS and GS the limit of descriptor CX from the 386 on; their values stay, FS and GS are 0. DS = 0040h.
; A descriptor that is loaded in protected mode keeps its limit in real mode. Uses AX, DX.
set_segment_limits:
        cmp     byte [BDA_CPU], CPU_80386
        jb      .done
        push    ds
        push    es
        pushf
        cli
        cpu     386
        push    eax
        o32 lgdt [cs:segment_gdt_register]
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        jmp     short .protected
.protected:
        mov     ds, cx
        mov     es, cx
        mov     fs, cx
        mov     gs, cx
        and     al, ~1 & 0FFh
        mov     cr0, eax
        jmp     short .real
.real:
        xor     dx, dx
        mov     fs, dx
        mov     gs, dx
        pop     eax
        cpu     8086
        popf
        pop     es
        pop     ds
.done:
        ret

BIG_SEGMENTS    equ     8
REAL_SEGMENTS   equ     16
        align   4, db 0
segment_gdt:
        dq      0
        dq      00CF93000000FFFFh       ; 0 to 4 GB
        dq      000093000000FFFFh       ; 0 to 64 KB
segment_gdt_register:
        dw      23
        dd      0F0000h + segment_gdt
