; pci.asm: the least that a board with an i440FX needs (QEMU's pc machine): the local APIC lets the 8259A's line
; through, devices get addresses, interrupts are routed, and the display's ROM is copied to C0000h. Our own board has
; the same chips from the 486 on; on an older one this leaves at once. [i440FX] 82441FX data sheet, [PIIX3] 82371SB data sheet, [PCI 2.1], [SDM3 11].
; 386 and later only; POST calls it with interrupts off, A20 open and ES = 0.

        cpu     386

PCI_INDEX       equ     0CF8h
PCI_DATA        equ     0CFCh
PCI_IO_START    equ     0C000h
PCI_MEM_START   equ     0E0000000h
PCI_ROM_AT      equ     0FE000000h      ; where the display's ROM is seen while it is copied
ELCR            equ     4D0h
POWER_BASE      equ     600h
SMBUS_BASE      equ     700h
APIC_BASE       equ     0FEE00000h

; BDA scratch while pci_init runs: the keyboard buffer, which POST has not set up yet.
PCI_NEXT_MEM    equ     BDA_KBD_BUF
PCI_NEXT_IO     equ     BDA_KBD_BUF+4

pci_init:
        cmp     byte [BDA_CPU], CPU_80386
        jb      .done
        pushad
        push    fs
        call    pci_flat_fs
        call    apic_let_through
        call    pci_present
        jne     .leave
        call    shadow_bios
        mov     dword [PCI_NEXT_MEM], PCI_MEM_START
        mov     dword [PCI_NEXT_IO], PCI_IO_START
        mov     word [BDA_VGA_BDF], 0
        mov     si, pci_find_display    ; first, so that its frame buffer stands at the start
        call    pci_each
        cmp     word [BDA_VGA_BDF], 0
        je      .others
        mov     bx, [BDA_VGA_BDF]
        call    pci_set_up
        call    pci_copy_rom
.others:
        mov     si, pci_set_up_other
        call    pci_each
        call    pci_clear_scratch
        call    mp_table_init
        call    acpi_init
        call    smbios_init
        call    shadow_lock
.leave:
        pop     fs
        popad
.done:
        ret

pci_clear_scratch:
        xor     eax, eax
        mov     [PCI_NEXT_MEM], eax
        mov     [PCI_NEXT_IO], eax
        ret

; FS = a segment from 0 to 4 GB: a descriptor loaded in protected mode keeps its limit in real mode. Uses EAX.
pci_flat_fs:
        push    ds
        push    cs
        pop     ds
        o32 lgdt [.gdt_register]
        pop     ds
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        jmp     short .protected
.protected:
        mov     dx, 8
        mov     fs, dx
        and     al, ~1 & 0FFh
        mov     cr0, eax
        jmp     short .real
.real:
        xor     dx, dx
        mov     fs, dx
        ret
        align   4, db 0
.gdt:   dq      0
        dq      00CF93000000FFFFh
.gdt_register:
        dw      15
        dd      0F0000h + .gdt

; A processor with a local APIC takes the 8259A's interrupts through its input LINT0, masked after reset
; [SDM3 11.5.1]. Uses EAX, EBX, ECX, EDX.
apic_let_through:
        pushfd
        pop     eax
        mov     ecx, eax
        xor     eax, 00200000h          ; ID: the processor has CPUID
        push    eax
        popfd
        pushfd
        pop     eax
        push    ecx
        popfd
        xor     eax, ecx
        test    eax, 00200000h
        jz      apic_done
        xor     eax, eax
        cpu     586
        cpuid
        test    eax, eax
        jz      apic_done
        mov     eax, 1
        cpuid
        cpu     386
        test    dh, 02h                 ; bit 9: APIC
        jz      apic_done
        or      byte [BDA_APIC], 01h
; The same where it is known that there is one, after a reset of the processor alone. Uses EAX, EBX.
apic_virtual_wire:
        mov     ebx, APIC_BASE
        mov     eax, [fs:ebx+0F0h]
        or      ah, 01h                 ; SVR: enabled
        mov     al, 0FFh
        mov     [fs:ebx+0F0h], eax
        mov     dword [fs:ebx+350h], 700h       ; LINT0: ExtINT
        mov     dword [fs:ebx+360h], 400h       ; LINT1: NMI
apic_done:
        ret

; ZF set where configuration mechanism 1 answers, with an i440FX as the host. Uses EAX, DX.
pci_present:
        mov     dx, PCI_INDEX
        in      eax, dx
        mov     ecx, eax
        mov     eax, 80000000h
        out     dx, eax
        in      eax, dx
        cmp     eax, 80000000h
        jne     .done
        xor     bx, bx
        xor     di, di
        call    pci_read
        cmp     eax, 12378086h
.done:
        ret

; EAX = register DI of function BX (bus, device and function). Uses DX.
pci_read:
        call    pci_select
        in      eax, dx
        ret

; Register DI of function BX = EAX. Uses DX.
pci_write:
        push    eax
        call    pci_select
        pop     eax
        out     dx, eax
        ret

pci_select:
        movzx   eax, bx
        shl     eax, 8
        or      eax, 80000000h
        mov     dx, di
        and     dl, 0FCh
        mov     al, dl
        mov     dx, PCI_INDEX
        out     dx, eax
        mov     dx, PCI_DATA
        ret

; Calls SI for each function BX of bus 0, with its IDs in EAX.
pci_each:
        xor     bx, bx
.next:
        xor     di, di
        call    pci_read
        cmp     ax, 0FFFFh
        je      .none
        push    bx
        push    si
        call    si
        pop     si
        pop     bx
        test    bl, 07h
        jnz     .none
        mov     di, 0Ch
        call    pci_read
        test    eax, 00800000h          ; more functions?
        jnz     .one
        add     bl, 7
        jmp     .one
.none:
        test    bl, 07h
        jnz     .one
        add     bl, 7                   ; no function 0: no device
.one:
        inc     bl
        jnz     .next
        ret

; Notes the first display.
pci_find_display:
        mov     di, 08h
        call    pci_read
        shr     eax, 16
        cmp     ax, 0300h
        jne     .done
        cmp     word [BDA_VGA_BDF], 0
        jne     .done
        mov     [BDA_VGA_BDF], bx
.done:
        ret

; Sets up whatever is not the display; the ISA bridge and the IDE function have registers of their own.
pci_set_up_other:
        cmp     bx, [BDA_VGA_BDF]
        je      pci_find_display.done
        cmp     eax, 70008086h
        je      pci_set_up_piix
        cmp     eax, 71138086h
        je      pci_set_up_power
        cmp     eax, 70108086h
        jne     pci_set_up
        mov     di, 40h                 ; both channels answer at their old ports [PIIX3 2.4]
        mov     eax, 80008000h
        call    pci_write
        mov     di, 04h                 ; drivers expect to find its bus masters switched on
        call    pci_read
        movzx   eax, ax
        or      al, 04h
        call    pci_write
        call    pci_set_up
        mov     di, 20h
        call    pci_read
        and     ax, 0FFF0h
        jz      pci_find_display.done
        add     ax, 2                   ; both status registers: every drive of these boards can do DMA
        xchg    ax, dx
        mov     al, 60h
        out     dx, al
        add     dx, 8
        out     dx, al
        ret

; Addresses, interrupt line and command register of function BX. Uses EAX, CX, DX, DI, and more.
pci_set_up:
        mov     di, 0Ch
        call    pci_read
        test    eax, 007F0000h          ; header type 0 only: no bridges
        jnz     .done
        xor     bp, bp                  ; what the command register will allow
        mov     di, 10h
.next:
        call    pci_set_bar
        add     di, 4
        cmp     di, 28h
        jb      .next
        mov     di, 04h
        call    pci_read
        movzx   eax, ax
        or      ax, bp
        call    pci_write
        mov     di, 3Ch
        call    pci_read
        test    ah, ah                  ; the pin
        jz      .done
        ; i440FX board: device D's pin P goes to PIRQ (D + P - 2) mod 4
        mov     dl, bl
        shr     dl, 3
        add     dl, ah
        sub     dl, 2
        and     dl, 03h
        shr     dl, 1
        add     dl, 10                  ; PIRQA and B: IRQ10, C and D: IRQ11
        mov     al, dl
        call    pci_write
.done:
        ret

; Gives base address register DI of function BX an address, if there is one. DI goes on to the upper half where it
; has 64 bits; BP collects the command bits. Uses EAX, ECX, EDX.
pci_set_bar:
        mov     eax, 0FFFFFFFFh
        call    pci_write
        call    pci_read
        test    eax, eax
        jz      .done
        test    al, 01h
        jnz     .io
        mov     esi, eax
        and     al, 0F0h
        neg     eax                     ; size
        mov     ecx, [PCI_NEXT_MEM]
        call    .align
        mov     [PCI_NEXT_MEM], eax
        mov     eax, ecx
        call    pci_write
        or      bp, 02h
        and     si, 06h
        cmp     si, 04h
        jne     .done
        add     di, 4
        xor     eax, eax
        jmp     pci_write
.io:
        or      eax, 0FFFF0000h         ; some decode 16 bits only
        and     al, 0FCh
        neg     eax
        mov     ecx, [PCI_NEXT_IO]
        call    .align
        mov     [PCI_NEXT_IO], eax
        mov     eax, ecx
        call    pci_write
        or      bp, 01h
.done:
        ret
; ECX = ECX rounded up to the size EAX; EAX = what is free after it.
.align:
        lea     ecx, [ecx+eax-1]
        neg     eax
        and     ecx, eax
        neg     eax
        add     eax, ecx
        ret

; The ISA bridge: PIRQA-D go to IRQ10, 10, 11, 11, level triggered [PIIX3 2.2.10, 2.5.5].
pci_set_up_piix:
        mov     di, 60h
        mov     eax, 0B0B0A0Ah
        call    pci_write
        mov     dx, ELCR
        mov     al, 0
        out     dx, al
        inc     dx
        mov     al, 0Ch
        out     dx, al
        ret

; The power management function: its registers, and those of the SMBus, get their ports; its interrupt is IRQ9
; [PIIX4 7.1].
pci_set_up_power:
        mov     di, 40h
        mov     eax, POWER_BASE | 1
        call    pci_write
        mov     di, 80h
        call    pci_read
        or      al, 01h
        call    pci_write
        mov     di, 90h
        mov     eax, SMBUS_BASE | 1
        call    pci_write
        mov     di, 0D0h
        call    pci_read
        or      eax, 00090000h          ; SMBHSTCFG: on, by IRQ9
        call    pci_write
        mov     di, 04h
        call    pci_read
        movzx   eax, ax
        or      al, 01h
        call    pci_write
        mov     di, 3Ch
        call    pci_read
        mov     al, 9
        jmp     pci_write

; Copies the ROM of the display BX to C0000h, where RAM takes the place of the bus. It stays writable, for such ROMs
; keep data in their own image.
pci_copy_rom:
        mov     di, 30h
        mov     eax, 0FFFFF800h
        call    pci_write
        call    pci_read
        and     eax, 0FFFFF800h
        jz      .done
        mov     eax, PCI_ROM_AT | 1
        call    pci_write
        mov     edi, PCI_ROM_AT
        cmp     word [fs:edi], 0AA55h
        jne     .close
        push    bx
        xor     bx, bx
        mov     di, 58h                 ; PAM: registers 58h-5Fh of the host; 5Ah and 5Bh are C0000-CFFFF
        call    pci_read
        or      eax, 33330000h
        call    pci_write
        pop     bx
        mov     edi, PCI_ROM_AT
        movzx   ecx, byte [fs:edi+2]
        shl     ecx, 7                  ; dwords
        cmp     ecx, 4000h
        ja      .close
        jecxz   .close
        mov     esi, 0C0000h
.copy:
        mov     eax, [fs:edi]
        mov     [fs:esi], eax
        add     edi, 4
        add     esi, 4
        a32 loop .copy
.close:
        mov     di, 30h
        xor     eax, eax
        call    pci_write
.done:
        ret

        cpu     8086
