; services4.asm: services.asm, continued: the PCI BIOS on a board with an i440FX and a PIIX3.

test_pci:
        mov     ax, 0B101h
        int     1Ah
        check   "1A/B101", nc
        cmp     edx, 20494350h
        check   "1A/B101 edx", e
        cmp     ax, 0001h
        check   "1A/B101 ax", e
        cmp     bx, 0210h
        check   "1A/B101 bx", e
        mov     ax, 0B102h
        mov     cx, 7010h
        mov     dx, 8086h
        xor     si, si
        int     1Ah
        check   "1A/B102", nc
        cmp     bx, 0009h
        check   "1A/B102 bx", e
        mov     ax, 0B102h
        mov     si, 1
        int     1Ah
        check   "1A/B102 second", c
        cmp     ax, 8602h
        check   "1A/B102 second ax", e
        mov     ax, 0B103h
        mov     ecx, 060100h
        xor     si, si
        int     1Ah
        check   "1A/B103", nc
        cmp     bx, 0008h
        check   "1A/B103 bx", e
        mov     bx, 0009h
        mov     ax, 0B109h
        mov     di, 02h
        int     1Ah
        check   "1A/B109", nc
        cmp     cx, 7010h
        check   "1A/B109 cx", e
        mov     ax, 0B10Ah
        mov     di, 08h
        int     1Ah
        shr     ecx, 8
        cmp     ecx, 010180h
        check   "1A/B10A ecx", e
        mov     ax, 0B10Ah
        mov     di, 0Ah
        int     1Ah
        check   "1A/B10A unaligned", c
        cmp     ah, 87h
        check   "1A/B10A unaligned ah", e
        mov     ax, 0B10Bh
        mov     di, 3Ch
        mov     cl, 5Ah
        int     1Ah
        check   "1A/B10B", nc
        mov     ax, 0B108h
        mov     cl, 0
        int     1Ah
        cmp     cl, 5Ah
        check   "1A/B108 cl", e
        mov     ax, 0B10Ah
        mov     di, 04h
        int     1Ah
        and     cl, 05h
        cmp     cl, 05h
        check   "IDE: ports and bus master on", e
        mov     ax, 0B10Ah
        mov     di, 20h
        int     1Ah
        and     cl, 01h
        check   "IDE: BMIBA", nz
        mov     word [.routes], 8
        mov     ax, 0B10Eh
        mov     di, .routes
        int     1Ah
        check   "1A/B10E small", c
        cmp     ah, 89h
        check   "1A/B10E small ah", e
        mov     ax, 0B10Eh
        int     1Ah
        check   "1A/B10E", nc
        cmp     byte [.slots+1], 08h
        check   "1A/B10E first slot", e
        mov     ax, 0B106h
        int     1Ah
        check   "1A/B106", c
        cmp     ah, 81h
        check   "1A/B106 ah", e
        jmp     test_bios32
.routes:
        dw      8
        dw      .slots, 0
.slots: times   256 db 0

; The BIOS32 directory, and the PCI BIOS that it leads to, from protected mode.
test_bios32:
        mov     ax, 0F000h
.find:
        mov     es, ax
        cmp     dword [es:0], '_32_'
        je      .found
        inc     ax
        jnz     .find
        check   "BIOS32 directory", nz
        ret
.found:
        xor     al, al
        xor     bx, bx
        mov     cx, 16
.sum:
        add     al, [es:bx]
        inc     bx
        loop    .sum
        test    al, al
        check   "BIOS32 checksum", z
        mov     eax, [es:4]
        sub     eax, 0F0000h
        mov     [.entry], eax
        xor     ax, ax
        mov     es, ax
        cli
        lgdt    [.gdt_register]
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        jmp     08h:.protected
.protected:
        mov     ax, 10h
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     eax, '$PCI'
        xor     ebx, ebx
        o32 call far [.entry]
        mov     [.result], al
        mov     [.base], ebx
        mov     [.entry], edx
        mov     ax, 0B102h
        mov     cx, 1237h
        mov     dx, 8086h
        xor     esi, esi
        mov     bx, 0FFFFh
        o32 call far [.entry]
        mov     [.device], bx
        mov     [.status], ah
        mov     ax, 0B10Ah
        mov     edi, 0
        mov     bx, 0008h
        o32 call far [.entry]
        mov     [.id], ecx
        mov     eax, cr0
        and     al, ~1
        mov     cr0, eax
        jmp     0:.real
.real:
        xor     ax, ax
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        sti
        cmp     byte [.result], 0
        check   "BIOS32 $PCI", e
        cmp     dword [.base], 0F0000h
        check   "BIOS32 $PCI base", e
        cmp     byte [.status], 0
        check   "32-bit B102", e
        cmp     word [.device], 0
        check   "32-bit B102 bx", e
        cmp     dword [.id], 70008086h
        check   "32-bit B10A ecx", e
        ret
        align   4, db 0
.gdt:   dq      0
        dq      00009A000000FFFFh
        dq      000092000000FFFFh
        dq      00409A0F0000FFFFh
.gdt_register:
        dw      31
        dd      .gdt
.entry: dd      0
        dw      18h
.base:  dd      0
.id:    dd      0
.device: dw     0
.result: db     0FFh
.status: db     0FFh
