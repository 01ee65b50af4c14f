; INT 10h/4F0Ah: 4F05h, 4F07h and 4F09h for programs in protected mode, who copy the code to where they like; and 4F15h: what
; the monitor says about itself.

; 4F0Ah. In: BL = 0. Out: ES:DI = the table, CX = length of table and code.
vbe_protected:
        test    bl, bl
        jz      .known
        jmp     vbe_failed
.known:
        mov     [bp + R_ES], cs
        mov     word [bp + R_DI], protected_table
        mov     word [bp + R_CX], protected_end - protected_table
        ret

protected_table:
        dw      protected_window - protected_table
        dw      protected_start - protected_table
        dw      protected_palette - protected_table
        dw      protected_ports - protected_table

; Ports, then memory: each list ends with FFFFh.
protected_ports:
        dw      DISPI_INDEX, DISPI_INDEX + 1, DAC_WRITE, DAC_DATA, 0x3DA, 0xFFFF, 0xFFFF

        cpu     386
        bits    32

; In: BX = 0, DX = bank. AX changes.
protected_window:
        test    bx, bx
        jnz     .failed
        push    edx
        push    ecx
        mov     ecx, edx
        mov     al, DISPI_BANK
        call    .write
        pop     ecx
        pop     edx
        mov     ax, 0x004F
        ret
.failed:
        mov     ax, 0x014F
        ret
; In: AL = register, CX = value. Changes AX, DX.
.write:
        movzx   eax, al
        mov     dx, DISPI_INDEX
        out     dx, ax
        inc     edx
        mov     eax, ecx
        out     dx, ax
        ret
; In: AL = register. Out: EAX. Changes DX.
.read:
        movzx   eax, al
        mov     dx, DISPI_INDEX
        out     dx, ax
        inc     edx
        xor     eax, eax
        in      ax, dx
        ret

; In: BL = 0, or 80h: while nothing is drawn; DX:CX = where the picture starts, in units of 4 bytes, in planes of one. AX
; changes.
protected_start:
        pushad
        test    bl, 0x7F
        jnz     .failed
        test    bl, bl
        jns     .go
        push    edx
        call    protected_retrace
        pop     edx
.go:
        shl     edx, 16
        mov     dx, cx
        mov     esi, edx
        mov     al, DISPI_BPP
        call    protected_window.read
        mov     ebx, eax
        mov     al, DISPI_WIDTH
        call    protected_window.read
        cmp     bl, 4
        je      .planes
        add     ebx, 7
        shr     ebx, 3                  ; bytes of a pixel
        imul    eax, ebx
        shl     esi, 2
        jmp     .divide
.planes:
        shr     eax, 3
.divide:
        mov     edi, eax                ; bytes of a line
        test    edi, edi
        jz      .failed
        mov     eax, esi
        xor     edx, edx
        div     edi                     ; EAX = line, EDX = bytes in it
        mov     ecx, eax
        mov     eax, edx
        xor     edx, edx
        cmp     bl, 4
        je      .eighth
        div     ebx
        jmp     .set
.eighth:
        shl     eax, 3
.set:
        push    ecx
        mov     ecx, eax
        mov     al, DISPI_X
        call    protected_window.write
        pop     ecx
        mov     al, DISPI_Y
        call    protected_window.write
        popad
        mov     ax, 0x004F
        ret
.failed:
        popad
        mov     ax, 0x014F
        ret

; In: BL = 0 or 80h, CX = how many, DX = the first, ES:EDI = four bytes for each: blue, green, red, nothing. AX changes.
protected_palette:
        pushad
        test    bl, 0x7F
        jnz     .failed
        movzx   ecx, cx
        movzx   esi, dx
        lea     eax, [esi + ecx]
        cmp     eax, 256
        ja      .failed
        test    bl, bl
        jns     .go
        push    ecx
        call    protected_retrace
        pop     ecx
.go:
        jecxz   .done
        mov     eax, esi
        mov     dx, DAC_WRITE
        out     dx, al
        inc     edx
.next:
        mov     al, [es:edi + 2]
        out     dx, al
        mov     al, [es:edi + 1]
        out     dx, al
        mov     al, [es:edi]
        out     dx, al
        add     edi, 4
        loop    .next
.done:
        popad
        mov     ax, 0x004F
        ret
.failed:
        popad
        mov     ax, 0x014F
        ret

; Until vertical retrace begins, or a while has passed. Changes EAX, ECX, EDX.
protected_retrace:
        push    ecx
        mov     dx, 0x3DA
        mov     ecx, 0x10000
.over:
        in      al, dx
        test    al, 8
        loopnz  .over
        mov     ecx, 0x10000
.next:
        in      al, dx
        test    al, 8
        loopz   .next
        pop     ecx
        ret

protected_end:
        bits    16
        cpu     8086

; 4F15h. In: BL = 0: what there is. Out: BH = seconds for a block, BL = kinds of DDC. BL = 1, DX = 0: 128 bytes to ES:DI.
vbe_ddc:
        cmp     bl, 1
        ja      .failed
        je      .read
        mov     word [bp + R_BX], 0x0102 ; DDC2
        ret
.read:
        test    dx, dx
        jnz     .failed
        push    ds
        push    cs
        pop     ds
        mov     si, edid
        mov     cx, 64
        rep     movsw
        pop     ds
        ret
.failed:
        jmp     vbe_failed

; The monitor that Sources/PCCore/Video/EDID.swift describes.
edid:
        db      0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00
        db      0x4E, 0xF4, 0x86, 0x00, 0x00, 0x00, 0x00, 0x00, 1, 36, 1, 3
        db      0x08, 32, 24, 120, 0x0A
        db      0xEE, 0x91, 0xA3, 0x54, 0x4C, 0x99, 0x26, 0x0F, 0x50, 0x54
        db      0xA1, 0x08, 0x00
        db      0x71, 0x40, 0x81, 0x40, 0x81, 0x80, 0x90, 0x40, 0xA9, 0x40, 1, 1, 1, 1, 1, 1
        db      0x64, 0x19, 0x00, 0x40, 0x41, 0x00, 0x26, 0x30, 0x18, 0x88, 0x36, 0x00, 0x40, 0xF0, 0x10, 0x00, 0x00, 0x18
        db      0, 0, 0, 0xFD, 0, 50, 75, 30, 80, 17, 0, 0x0A, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20
        db      0, 0, 0, 0xFC, 0, "Swift86 VGA", 0x0A, 0x20
        db      0, 0, 0, 0x10, 0
        times 13 db 0
        db      0, 0x50
