; acpi.asm: the tables of ACPI 1.0: pointers, FADT, MADT, FACS, and DSDT, whose code is dsdt.dsl's. [ACPI 5.2]
; 386 and later only.

        cpu     386

SCI_IRQ         equ     9
ACPI_ENABLE     equ     0F1h            ; commands at port B2h [QEMU, SeaBIOS]
ACPI_DISABLE    equ     0F0h

; The header of a table: signature, length, revision; the checksum is at offset 9.
%macro acpi_header 3
        db      %1
        dd      %2
        db      %3, 0
        db      "SWFT86", "SWIFT86 "
        dd      1
        db      "SW86"
        dd      1
%endmacro

        align   16, db 0
acpi_pointer:
        times   8 db 0                  ; "RSD PTR "
        db      0                       ; checksum
        db      "SWFT86"
        db      0                       ; ACPI 1.0
        dd      0F0000h + rsdt

        align   16, db 0
rsdt:
        acpi_header "RSDT", rsdt_end - rsdt, 1
        dd      0F0000h + fadt
        dd      0F0000h + madt
rsdt_end:

        align   16, db 0
fadt:
        acpi_header "FACP", fadt_end - fadt, 1
        dd      0F0000h + facs
        dd      0F0000h + dsdt
        db      1                       ; interrupt model: APIC; other systems do not look
        db      0
        dw      SCI_IRQ
        dd      0B2h
        db      ACPI_ENABLE, ACPI_DISABLE, 0, 0
        dd      POWER_BASE, 0           ; PM1 event block
        dd      POWER_BASE + 4, 0       ; PM1 control block
        dd      0                       ; no PM2
        dd      POWER_BASE + 8          ; timer
        dd      0, 0                    ; no general purpose events
        db      4, 2, 0, 4, 0, 0, 0, 0  ; the lengths of these
        dw      0FFFh, 0FFFh            ; no C2, no C3
        dw      0, 0
        db      0, 0                    ; no clock throttling
        db      0, 0                    ; no day and month of the alarm
        db      CMOS_CENTURY
        db      0, 0, 0
        dd      65h                     ; WBINVD, C1, no sleep button, no RTC event; a power button, a timer of 24 bits
fadt_end:

        align   16, db 0
madt:
        acpi_header "APIC", madt_end - madt, 1
        dd      APIC_BASE
        dd      1                       ; there are 8259As as well
        db      0, 8, 0, 0              ; a processor, and its local APIC
        dd      1
        db      1, 12, IO_APIC_ID, 0
        dd      IO_APIC_BASE, 0
        db      2, 10, 0, 0             ; the timer is at input 2
        dd      2
        dw      0
        db      2, 10, 0, SCI_IRQ       ; level triggered, active high, as what the ISA bridge steers is
        dd      SCI_IRQ
        dw      MP_LEVEL_HIGH
        db      2, 10, 0, 10
        dd      10
        dw      MP_LEVEL_HIGH
        db      2, 10, 0, 11
        dd      11
        dw      MP_LEVEL_HIGH
        db      4, 6, 0FFh              ; NMI at LINT1
        dw      0
        db      1
madt_end:

; Systems write the global lock here, which nobody contends for, so that it does no harm that this is not RAM then; the
; waking vector is for sleep states that are not there.
        align   64, db 0
facs:
        db      "FACS"
        dd      64
        times   56 db 0

        align   16, db 0
dsdt:
        acpi_header "DSDT", dsdt_end - dsdt, 1
        incbin  "dsdt.bin"
dsdt_end:

; Where there is the power management function, all of it; without a local APIC without MADT.
; Uses EAX, BX, CX, DX, SI, DI.
acpi_init:
        mov     bx, 1 << 3 | 3
        xor     di, di
        call    pci_read
        cmp     eax, 71138086h
        jne     .done
        push    es
        push    0F000h
        pop     es
        test    byte [BDA_APIC], 01h
        jnz     .sums
        mov     byte [es:rsdt+4], rsdt_end - rsdt - 4
        mov     byte [es:fadt+44], 0
.sums:
        mov     si, rsdt
        call    acpi_sum
        mov     si, fadt
        call    acpi_sum
        mov     si, madt
        call    acpi_sum
        mov     si, dsdt
        call    acpi_sum
        mov     dword [es:acpi_pointer], "RSD "
        mov     dword [es:acpi_pointer+4], "PTR "
        mov     si, acpi_pointer
        mov     cx, 20
        lea     di, [si+8]
        call    table_sum
        pop     es
.done:
        ret

acpi_sum:
        mov     cx, [es:si+4]
        lea     di, [si+9]
        jmp     table_sum

        cpu     8086
