; smbios.asm: what System Management BIOS 2.3 tells of the machine. [SMBIOS 2, 3] 386 and later only.

        cpu     386

        align   16, db 0
smbios_entry:
        dd      0                       ; "_SM_"
        db      0, 1Fh                  ; checksum, length
        db      2, 3                    ; version
        dw      smbios_longest
        db      0
        times   5 db 0
.dmi:
        db      "_DMI_", 0              ; and its checksum
        dw      smbios_end - smbios_table
        dd      0F0000h + smbios_table
        dw      SMBIOS_COUNT
        db      23h

; A structure: its type and the bytes up to `smbios_strings`; then strings, and a zero more.
%assign smbios_number 0
%macro smbios 1
%%start:
        db      %1, %%end - %%start
        dw      smbios_number           ; handle
%assign smbios_number smbios_number + 1
%define smbios_body_end %%end
%endmacro
%macro smbios_strings 0-*
smbios_body_end:
%if %0 = 0
        db      0
%endif
%rep %0
        db      %1, 0
%rotate 1
%endrep
        db      0
%endmacro

        align   16, db 0
smbios_table:
smbios_0:
        smbios  0                       ; BIOS
        db      1, 2
        dw      0F000h
        db      3, 0                    ; date; one block of 64 KB
        dd      00018090h               ; PCI, APM, can be shadowed, boots from CD and what is selected
        dd      0
        db      01h, 00h                ; ACPI
        smbios_strings "Swift86", "1.0", "01/02/2026"
smbios_1:
        smbios  1                       ; system
        db      1, 2, 0, 0
        times   16 db 0                 ; no UUID
        db      6                       ; switched on by its button
        smbios_strings "Swift86", "PC"
smbios_3:
        smbios  3                       ; case
        db      1, 3, 0, 0, 0           ; a desktop
        db      3, 3, 3, 2              ; safe, safe, safe, security unknown
        smbios_strings "Swift86"
smbios_4:
        smbios  4                       ; processor
        db      1, 3, 2, 2              ; central, family unknown
.identity:
        dd      0, 0
        db      0, 0
        dw      0, 0, 0                 ; speeds unknown
        db      41h, 2                  ; on, in use
        dw      0FFFFh, 0FFFFh, 0FFFFh  ; caches not told
        smbios_strings "CPU", "Intel"
smbios_16:
        smbios  16                      ; memory
        db      3, 3, 3                 ; on the board, for the system, without correction
.kilobytes:
        dd      0
        dw      0FFFEh, 1
        smbios_strings
smbios_17:
        smbios  17                      ; its one module
        dw      4, 0FFFEh               ; the memory's handle
        dw      64, 64
.megabytes:
        dw      0
        db      9, 0, 1, 0, 0Fh         ; DIMM, no set, SDRAM
        dw      0
        smbios_strings "DIMM 0"
smbios_19:
        smbios  19                      ; where it is
        dd      0
.last:
        dd      0
        dw      4
        db      1
        smbios_strings
        smbios  32                      ; how it started: without errors
        times   6 db 0
        db      0
        smbios_strings
        smbios  127                     ; the end
        smbios_strings
smbios_end:
SMBIOS_COUNT    equ     smbios_number
smbios_longest  equ     smbios_1 - smbios_0         ; the first one, with its strings

; Fills in processor and memory. Uses EAX, EBX, CX, EDX, SI, DI.
smbios_init:
        push    es
        push    0F000h
        pop     es
        test    byte [BDA_APIC], 01h    ; and so CPUID
        jz      .memory
        mov     eax, [es:mp_table.cpu_signature]
        mov     [es:smbios_4.identity], eax
        mov     eax, [es:mp_table.cpu_features]
        mov     [es:smbios_4.identity+4], eax
.memory:
        call    extended_kb
        shl     edx, 16
        mov     dx, ax
        add     edx, 1024
        mov     [es:smbios_16.kilobytes], edx
        lea     eax, [edx-1]
        mov     [es:smbios_19.last], eax
        shr     edx, 10
        mov     [es:smbios_17.megabytes], dx
        mov     si, smbios_entry.dmi
        mov     cx, 15
        lea     di, [si+5]
        call    table_sum
        mov     dword [es:smbios_entry], "_SM_"
        mov     si, smbios_entry
        mov     cx, 1Fh
        lea     di, [si+4]
        call    table_sum
        pop     es
        ret

        cpu     8086
