; mptable.asm: the tables of the MultiProcessor Specification 1.4, for one processor and one I/O APIC. [MP 4]
; The interrupts of PCI devices are added for those that are there. 386 and later only.

        cpu     386

IO_APIC_BASE    equ     0FEC00000h
IO_APIC_ID      equ     1               ; the processor is 0 on the same bus
MP_PCI          equ     0               ; buses
MP_ISA          equ     1
MP_LEVEL_HIGH   equ     0Dh             ; interrupt flags: active high, level triggered
MP_PCI_MOST     equ     64

        align   16, db 0
mp_pointer:
        dd      0                       ; "_MP_"
        dd      0F0000h + mp_table
        db      1, 4, 0                 ; paragraphs, revision 1.4, checksum
        db      0, 0                    ; there is a table; virtual wire mode
        times   3 db 0

; An interrupt of the ISA bus, edge triggered and active high as is usual there, at this input.
%macro mp_isa 2 ; IRQ, input
        db      3, 0
        dw      0
        db      MP_ISA, %1, IO_APIC_ID, %2
%endmacro

        align   16, db 0
mp_table:
        db      "PCMP"
.length:        dw 0
        db      4                       ; revision 1.4
.checksum:      db 0
        db      "SWIFT86 PC          "
        dd      0                       ; no table of ours
        dw      0
.count:         dw 0
        dd      APIC_BASE
        dd      0
.entries:
        db      0, 0                    ; a processor, number 0
.cpu_apic:      db 11h
        db      03h                     ; usable, the one that starts
.cpu_signature: dd 0
.cpu_features:  dd 0
        dd      0, 0
        db      1, MP_PCI, "PCI   "
        db      1, MP_ISA, "ISA   "
        db      2, IO_APIC_ID
.io_version:    db 11h
        db      01h
        dd      IO_APIC_BASE
        mp_isa  0, 2
        mp_isa  1, 1
        mp_isa  3, 3
        mp_isa  4, 4
        mp_isa  5, 5
        mp_isa  6, 6
        mp_isa  7, 7
        mp_isa  8, 8
        mp_isa  9, 9
        mp_isa  12, 12
        mp_isa  13, 13
        mp_isa  14, 14
        mp_isa  15, 15
        db      4, 3                    ; the 8259A at LINT0
        dw      0
        db      MP_ISA, 0, 0, 0
        db      4, 1                    ; NMI at LINT1 of all
        dw      0
        db      MP_ISA, 0, 0FFh, 1
MP_FIXED_COUNT  equ     1 + 2 + 1 + 13 + 2
.pci:
        times   8 * MP_PCI_MOST db 0

; Fills in the processor, numbers the I/O APIC, adds the PCI interrupts. Nothing without a local APIC.
; Uses EAX, EBX, ECX, EDX, SI, DI.
mp_table_init:
        test    byte [BDA_APIC], 01h
        jz      .done
        push    es
        push    0F000h
        pop     es
        mov     ebx, APIC_BASE
        mov     eax, [fs:ebx+30h]
        mov     [es:mp_table.cpu_apic], al
        mov     eax, 1
        cpu     586
        cpuid
        cpu     386
        mov     [es:mp_table.cpu_signature], eax
        mov     [es:mp_table.cpu_features], edx
        mov     ebx, IO_APIC_BASE
        mov     dword [fs:ebx], 0
        mov     dword [fs:ebx+10h], IO_APIC_ID << 24
        mov     dword [fs:ebx], 1
        mov     eax, [fs:ebx+10h]
        mov     [es:mp_table.io_version], al
        mov     bp, mp_table.pci        ; pci_each leaves it alone
        mov     si, mp_pci_entry
        call    pci_each
        mov     cx, bp
        mov     ax, bp
        sub     ax, mp_table.pci
        shr     ax, 3
        add     ax, MP_FIXED_COUNT
        mov     [es:mp_table.count], ax
        mov     si, mp_table
        sub     cx, si
        mov     [es:mp_table.length], cx
        mov     di, mp_table.checksum
        call    table_sum
        mov     dword [es:mp_pointer], "_MP_"
        mov     si, mp_pointer
        mov     cx, 16
        mov     di, mp_pointer + 10
        call    table_sum
        pop     es
.done:
        ret

; The interrupt pin of function BX, if it has one and its line leads somewhere, at the input of the line's number.
; ES:BP is the next entry.
mp_pci_entry:
        cmp     bp, mp_table.pci + 8 * MP_PCI_MOST
        jae     .done
        mov     di, 3Ch
        call    pci_read
        test    ah, ah
        jz      .done
        cmp     al, 9                   ; ACPI's own is on the ISA bus's list
        jbe     .done
        cmp     al, 15
        ja      .done
        mov     ecx, eax
        mov     word [es:bp], 0003h
        mov     word [es:bp+2], MP_LEVEL_HIGH
        mov     byte [es:bp+4], MP_PCI
        mov     dl, bl
        shr     dl, 1
        and     dl, 7Ch                 ; device, times 4
        dec     ch
        and     ch, 03h
        or      dl, ch                  ; and pin
        mov     [es:bp+5], dl
        mov     byte [es:bp+6], IO_APIC_ID
        mov     [es:bp+7], cl
        add     bp, 8
.done:
        ret

        cpu     8086
