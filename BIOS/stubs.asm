; stubs.asm: stands in for the disk half while it is not there (no DISK_HALF): no drives, no PCI.

pci_init:
floppy_init:
disk_init:
        ret

int13_handler:
int40_handler:
        push    bp
        mov     bp, sp
        or      word [bp+6], FLAG_CARRY
        pop     bp
        mov     ah, 01h
        iret

int0e_handler:
int76_handler:
int77_handler:
        jmp     irq_unexpected
