; memservice.asm: INT 15h, memory: block move, sizes, memory map, and the switch to protected mode.
; Keys: [RBIL 1587-1589, 15E801, 15E820], [80286 PRM 10], [80386 PRM 10, 14].

; Offsets in the caller's descriptor table, and of fields in a descriptor.
MOVE_GDT        equ     08h
MOVE_SOURCE     equ     10h
MOVE_TARGET     equ     18h
MOVE_CS         equ     20h
MOVE_SS         equ     28h
DESC_BASE       equ     2
DESC_ACCESS     equ     5
DESC_HIGH       equ     6
ACCESS_DATA     equ     93h             ; present, writable data, accessed
ACCESS_CODE     equ     9Bh

; Writes a descriptor of 64 KB at ES:SI+BX for segment AX, access CL. Uses AX, DX.
make_descriptor:
        mov     word [es:bx+si], 0FFFFh
        mov     dx, 16
        mul     dx
        mov     [es:bx+si+DESC_BASE], ax
        mov     [es:bx+si+DESC_BASE+2], dl
        mov     [es:bx+si+DESC_ACCESS], cl
        mov     word [es:bx+si+DESC_HIGH], 0
        ret

; ZF set if the descriptor at ES:SI+BX reaches over the frame's CX words; one with a high half is trusted. Uses AX.
check_descriptor:
        cmp     word [es:bx+si+DESC_HIGH], 0
        jne     .trusted
        mov     ax, [bp+F_CX]
        shl     ax, 1
        dec     ax                      ; 8000h words: FFFFh
        cmp     [es:bx+si], ax
        jae     .trusted
        ret                             ; ZF clear
.trusted:
        cmp     ax, ax
        ret

; 87h: CX words from the source to the target descriptor of the table at ES:SI. AH = 0, 2 exception (here: a segment
; too short), 3 the processor is in protected mode (a V86 monitor has to do this).
service_block_move:
        cmp     byte [BDA_CPU], CPU_80286
        jb      service_unsupported
        cpu     286
        smsw    ax
        cpu     8086
        test    al, 01h
        mov     byte [bp+F_AH], 03h
        jnz     service_failed
        mov     byte [bp+F_AH], 02h
        cmp     word [bp+F_CX], 8000h
        ja      service_failed
        mov     byte [bp+F_AH], 0
        cmp     word [bp+F_CX], 0
        je      service_ok
        mov     byte [bp+F_AH], 02h
        mov     bx, MOVE_SOURCE
        call    check_descriptor
        jne     service_failed
        mov     bx, MOVE_TARGET
        call    check_descriptor
        jne     service_failed
        mov     byte [bp+F_AH], 0
        mov     byte [es:si+MOVE_SOURCE+DESC_ACCESS], ACCESS_DATA
        mov     byte [es:si+MOVE_TARGET+DESC_ACCESS], ACCESS_DATA
        mov     ax, cs
        mov     cl, ACCESS_CODE
        mov     bx, MOVE_CS
        call    make_descriptor
        mov     ax, ss
        mov     cl, ACCESS_DATA
        mov     bx, MOVE_SS
        call    make_descriptor
        mov     ax, es
        mov     bx, MOVE_GDT
        call    make_descriptor
        mov     word [es:si+MOVE_GDT], 2Fh
        add     [es:si+MOVE_GDT+DESC_BASE], si
        adc     byte [es:si+MOVE_GDT+DESC_BASE+2], 0
        call    a20_state
        push    ax                      ; as it was it will be
        call    enable_a20
        cli
        mov     byte [es:si+MOVE_GDT+DESC_ACCESS], 0    ; the base's high byte, as LGDT on a 386 may see it
        mov     cx, [bp+F_CX]
        cmp     byte [BDA_CPU], CPU_80386
        jb      block_move_286

        cpu     386
        push    eax
        lgdt    [es:si+MOVE_GDT]
        mov     eax, cr0
        or      al, 01h
        mov     cr0, eax
        jmp     MOVE_CS:.protected
.protected:
        mov     ax, MOVE_SOURCE
        mov     ds, ax
        mov     ax, MOVE_TARGET
        mov     es, ax
        xor     si, si
        xor     di, di
        rep     movsw
        mov     ax, MOVE_SS             ; limits of 64 KB for real mode
        mov     ds, ax
        mov     es, ax
        mov     eax, cr0
        and     al, 0FEh
        mov     cr0, eax
        jmp     0F000h:.real
.real:
        pop     eax
        cpu     8086
        ; fall through

; Stack: the state of A20, then the frame.
block_move_end:
        mov     ax, BDA_SEG
        mov     ds, ax
        pop     ax
        test    al, al
        jnz     .open
        call    disable_a20
.open:
        mov     bp, sp
        jmp     service_ok

; A 286 leaves protected mode by a reset; POST sees code 9 and comes back below.
block_move_286:
        mov     [BDA_RETURN], sp
        mov     [BDA_RETURN+2], ss
        mov     ax, 0900h | CMOS_SHUTDOWN
        call    cmos_write
        cpu     286
        lgdt    [es:si+MOVE_GDT]
        mov     ax, 0001h
        lmsw    ax
        cpu     8086
        jmp     MOVE_CS:.protected
.protected:
        mov     ax, MOVE_SOURCE
        mov     ds, ax
        mov     ax, MOVE_TARGET
        mov     es, ax
        xor     si, si
        xor     di, di
        rep     movsw
.busy:
        in      al, KBD_STATUS
        test    al, 02h
        jnz     .busy
        mov     al, 0FEh
        out     KBD_COMMAND, al
.reset:
        hlt
        jmp     .reset

block_move_286_return:                  ; from POST, DS = 0040h
        mov     ss, [BDA_RETURN+2]
        mov     sp, [BDA_RETURN]
        jmp     block_move_end

; 88h: AX = KB above 1 MB, as far as 64 MB.
service_extended_kb:
        cmp     byte [BDA_CPU], CPU_80286
        jb      service_unsupported
        call    extended_kb
        test    dx, dx
        jnz     .cap
        cmp     ax, 63 * 1024
        jbe     .done
.cap:
        mov     ax, 63 * 1024
.done:
        mov     [bp+F_AX], ax
        jmp     service_ok

; 89h: to protected mode with the table at ES:SI (1 GDT, 2 IDT, 3 DS, 4 ES, 5 SS, 6 CS, 7 the BIOS's own); BH, BL: first
; vectors of the two 8259A, whose inputs are all masked. Returns in protected mode, interrupts off.
service_protected_mode:
        cmp     byte [BDA_CPU], CPU_80286
        jb      service_unsupported
        cpu     286
        smsw    ax
        cpu     8086
        test    al, 01h
        mov     byte [bp+F_AH], 03h
        jnz     service_failed
        cli
        call    enable_a20
        call    init_pic
        mov     al, 11h
        out     PIC1, al
        out     PIC2, al
        mov     al, [bp+F_BH]
        out     PIC1_MASK, al
        mov     al, [bp+F_BL]
        out     PIC2_MASK, al
        mov     al, 04h
        out     PIC1_MASK, al
        mov     al, 02h
        out     PIC2_MASK, al
        mov     al, 01h
        out     PIC1_MASK, al
        out     PIC2_MASK, al
        mov     al, 0FFh
        out     PIC1_MASK, al
        out     PIC2_MASK, al
        mov     ax, cs
        mov     bx, 38h
        mov     cl, ACCESS_CODE
        call    make_descriptor
        cpu     286
        lgdt    [es:si+08h]
        lidt    [es:si+10h]
        mov     ax, 0001h
        lmsw    ax
        cpu     8086
        jmp     38h:.protected
.protected:
        mov     ax, 18h
        mov     ds, ax
        mov     ax, 20h
        mov     es, ax
        mov     ax, 28h
        mov     ss, ax
        mov     word [bp+F_CS], 30h
        mov     byte [bp+F_AH], 0
        pop     ax
        pop     cx
        pop     dx
        pop     bx
        pop     bp
        pop     si
        pop     di
        add     sp, 4                   ; ES and DS are the table's
        retf    2                       ; to 30h:IP; the flags stay behind
