; bios.asm: the system BIOS of Swift86, 64 KB at F000:0000, for an 8086 to a P6 on a PC/AT board.
; Build: make -C BIOS   (nasm -f bin; the image is a function of the sources alone)
;
; The code stands in the lower part; from E000h on stand the entry points at the addresses where every AT BIOS
; has them, for the programs that jump there instead of using the vectors [PC/AT TR, BIOS listing].

        %include "bios.inc"
        bits    16
        org     0

        db      "Swift86 BIOS", 0

        %include "post.asm"
        %include "cpu.asm"
        %include "cmos.asm"
        %include "memory.asm"
        %include "kbdinit.asm"
        %include "ports.asm"
        %include "romscan.asm"
        %include "print.asm"
        %include "interrupts.asm"
        %include "keyboard.asm"
        %include "keyboard2.asm"
        %include "keyservice.asm"
        %include "timer.asm"
        %include "rtc.asm"
        %include "system.asm"
        %include "memservice.asm"
        %include "memorymap.asm"
        %include "apm.asm"
        %include "mouse.asm"
        %include "serial.asm"
        %include "printer.asm"
        %include "boot.asm"
        %include "bootmenu.asm"

        %include "disk.inc"
        %include "int13.asm"
        %include "floppy.asm"
        %include "ata.asm"
        %include "harddisk.asm"
        %include "edd.asm"
        %include "atapi.asm"
        %include "cdrom.asm"
        %include "cdemulation.asm"
        %include "cdboot.asm"
        %include "pci.asm"
        %include "pcibios.asm"
        %include "shadow.asm"

; Tables for operating systems. POST makes them valid where the board can put RAM in the place of this ROM.
        place   0A000h
tables_start:
        %include "mptable.asm"
        %include "acpi.asm"
        %include "smbios.asm"

; ---------------------------------------------------------------------------------------------------------------
; The fixed entry points.
        place   0E05Bh
entry_post:
        jmp     post

        place   0E2C3h
entry_nmi:
        jmp     int02_handler

        place   0E3FEh
entry_int13:
        jmp     int13_handler

        place   0E401h
        %include "disktypes.asm"

        place   0E6F2h
entry_int19:
        jmp     int19_handler

        place   0E6F5h
; What INT 15h/C0h points to [RBIL 15C0].
config_table:
        dw      8               ; bytes that follow
        db      0FCh, 01h, 00h  ; model AT, submodel, revision
        db      01110100b       ; second 8259A, RTC, INT 15h/4Fh called, EBDA
        db      0, 0, 0, 0

        place   0E739h
entry_int14:
        jmp     int14_handler

        place   0E82Eh
entry_int16:
        jmp     int16_handler

        place   0E987h
entry_int09:
        jmp     int09_handler

        place   0EC59h
entry_int40:
        jmp     int40_handler

        place   0EF57h
entry_int0e:
        jmp     int0e_handler

        place   0EFC7h
        %include "floppy_tables.asm"

        place   0EFD2h
entry_int17:
        jmp     int17_handler

        place   0F065h
entry_int10:
        jmp     int10_handler

        place   0F0A4h
        %include "videotable.asm"

        place   0F841h
entry_int12:
        jmp     int12_handler

        place   0F84Dh
entry_int11:
        jmp     int11_handler

        place   0F859h
entry_int15:
        jmp     int15_handler

        place   0FA6Eh
font_8x8:
%ifdef FONT_8X8
        incbin  FONT_8X8, 0, 1024
%else
        times   1024 db 0
%endif

        place   0FE6Eh
entry_int1a:
        jmp     int1a_handler

        place   0FEA5h
entry_int08:
        jmp     int08_handler

        place   0FEF3h
; Offsets for INT 08h-1Fh, then for INT 70h-77h; all in segment F000h but those that are 0.
vector_table:
        dw      entry_int08, entry_int09, irq_unexpected, irq_unexpected
        dw      irq_unexpected, irq_unexpected, entry_int0e, irq_unexpected
        dw      entry_int10, entry_int11, entry_int12, entry_int13
        dw      entry_int14, entry_int15, entry_int16, entry_int17
        dw      int18_handler, entry_int19, entry_int1a, dummy_iret
        dw      dummy_iret, video_parameters, diskette_parameters, 0
vector_table_slave:
        dw      int70_handler, int71_handler, irq_unexpected, irq_unexpected
        dw      int74_handler, int75_handler, int76_handler, int77_handler

        place   0FF53h
dummy_iret:
        iret

        place   0FF54h
entry_int05:
        jmp     int05_handler

        place   0FFF0h
reset_vector:
        jmp     0F000h:entry_post
        db      "01/02/26"      ; the date of this BIOS, a constant so that builds are equal
        db      0FFh
        db      0FCh            ; model: AT
        db      0FFh
