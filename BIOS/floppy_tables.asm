; floppy_tables.asm: the diskette parameter table that INT 1Eh points to, at its fixed place; it must be 11 bytes,
; for the next fixed entry follows at EFD2h [PC/AT TR, BIOS listing, DISK_BASE].

diskette_parameters:            ; 1.44 MB
        db      0AFh            ; step rate 6 ms at 500 kbit/s, head unload time
        db      02h             ; head load time, DMA
        db      25h             ; ticks until the motor stops: 2 s
        db      02h             ; 512 bytes in a sector
        db      18              ; sectors of a track
        db      1Bh             ; gap
        db      0FFh            ; data length, not used with 512 bytes
        db      6Ch             ; gap for formatting
        db      0F6h            ; filler
        db      0Fh             ; head settle time, ms
        db      08h             ; motor start time, eighths of a second
