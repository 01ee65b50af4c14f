; memorymap.asm: INT 15h/E801h and E820h. Key: [RBIL 15E801, 15E820].

service_memory_map:
        cmp     al, 01h
        je      .e801
        cmp     al, 20h
        jne     service_unsupported
        cmp     byte [BDA_CPU], CPU_80386
        jae     memory_map
        jmp     service_unsupported
; E801h: AX = CX = KB from 1 MB to 16 MB; BX = DX = blocks of 64 KB above.
.e801:
        cmp     byte [BDA_CPU], CPU_80286
        jb      service_unsupported
        call    extended_kb
        xor     bx, bx
        test    dx, dx
        jnz     .above
        cmp     ax, 15 * 1024
        jbe     .sizes
.above:
        sub     ax, 15 * 1024
        sbb     dx, 0
        mov     bx, 64
        div     bx
        mov     bx, ax
        mov     ax, 15 * 1024
.sizes:
        mov     [bp+F_AX], ax
        mov     [bp+F_CX], ax
        mov     [bp+F_BX], bx
        mov     [bp+F_DX], bx
        jmp     service_ok

MAP_USABLE      equ     1
MAP_RESERVED    equ     2
MAP_ENTRY       equ     20

; E820h: EDX = "SMAP", ECX room at ES:DI, EBX = 0 or what the last call gave. EAX = "SMAP", ECX = 20, EBX = next or 0.
; The entries: base memory, the EBDA, the ROM, extended memory, I/O APIC and local APIC, the ROM's image below 4 GB,
; memory above 4 GB.
MAP_LAST        equ     7
memory_map:
        cpu     386
        cmp     edx, 534D4150h
        jne     service_unsupported
        cmp     ecx, MAP_ENTRY
        jb      service_unsupported
        cmp     ebx, MAP_LAST
        ja      service_unsupported
        push    esi
        push    ebp
        mov     ecx, ebx
        call    .entry
        mov     [es:di], eax
        mov     [es:di+4], ebx
        mov     [es:di+8], edx
        mov     [es:di+12], ebp
        mov     [es:di+16], esi
        inc     cx
        cmp     cx, MAP_LAST
        jb      .more
        ja      .last
        call    .above_4g               ; is there one more?
        test    edx, edx
        jnz     .more
        test    ebp, ebp
        jnz     .more
.last:
        xor     cx, cx
.more:
        pop     ebp
        pop     esi
        movzx   ebx, cx
        mov     [bp+F_BX], bx
        mov     ecx, MAP_ENTRY
        mov     [bp+F_CX], cx
        mov     edx, 534D4150h          ; kept
        mov     eax, edx
        mov     [bp+F_AX], ax
        jmp     service_ok

; Entry CX: base EBX:EAX, length EBP:EDX, type ESI. What is not there is passed over (CX changes).
.entry:
        xor     ebx, ebx
        xor     ebp, ebp
        mov     esi, MAP_RESERVED
        movzx   edx, word [BDA_BASE_KB]
        shl     edx, 10
        test    cx, cx
        jz      .base
        cmp     cx, 2
        jb      .ebda
        je      .rom
        cmp     cx, 4
        jb      .extended
        je      .io_apic
        cmp     cx, 6
        jb      .local_apic
        je      .high_rom
        call    .above_4g
        xor     eax, eax
        mov     ebx, 1
        mov     esi, MAP_USABLE
        ret
.base:
        xor     eax, eax
        mov     esi, MAP_USABLE
        ret
.ebda:
        mov     eax, edx
        mov     edx, 0A0000h
        sub     edx, eax
        ret
.rom:
        mov     eax, 0F0000h
        mov     edx, 10000h
        ret
.extended:
        push    cx
        call    extended_kb
        pop     cx
        shl     edx, 16
        mov     dx, ax
        shl     edx, 10
        jz      .no_extended
        mov     eax, 100000h
        mov     esi, MAP_USABLE
        ret
.no_extended:
        inc     cx
.io_apic:
        mov     eax, IO_APIC_BASE
        mov     edx, 1000h
        test    byte [BDA_APIC], 01h
        jnz     .apic
        inc     cx
.local_apic:
        mov     eax, APIC_BASE
        mov     edx, 1000h
        test    byte [BDA_APIC], 01h
        jnz     .apic
        inc     cx
.high_rom:
        mov     eax, 0FFFF0000h
        mov     edx, 10000h
.apic:
        ret

; EBP:EDX = bytes above 4 GB.
.above_4g:
        mov     al, CMOS_HIGH_64K + 2
        call    cmos_read
        movzx   ebp, al                 ; bits 16-23 of the count of 64 KB blocks are bits 32-39 of the size
        push    cx
        mov     al, CMOS_HIGH_64K
        call    cmos_read_word
        pop     cx
        movzx   edx, ax
        shl     edx, 16
        ret
        cpu     8086
