; disktypes.asm: the fixed-disk types 1 to 15 of the AT, 16 bytes each, at F000:E401 [PC/AT TR, BIOS listing].
; Our own disks describe themselves (IDENTIFY); the table is there for programs that read it.

; disk_type CYLINDERS, HEADS, WRITE PRECOMPENSATION, CONTROL, LANDING ZONE, SECTORS
%macro disk_type 6
        dw      %1              ; cylinders
        db      %2              ; heads
        dw      0
        dw      %3              ; first cylinder with write precompensation, -1 none
        db      0
        db      %4              ; control byte: bit 3 more than eight heads
        db      0, 0, 0
        dw      %5              ; landing zone
        db      %6              ; sectors of a track
        db      0
%endmacro

disk_types:
        disk_type 306,  4,  128, 0, 305, 17
        disk_type 615,  4,  300, 0, 615, 17
        disk_type 615,  6,  300, 0, 615, 17
        disk_type 940,  8,  512, 0, 940, 17
        disk_type 940,  6,  512, 0, 940, 17
        disk_type 615,  4,   -1, 0, 615, 17
        disk_type 462,  8,  256, 0, 511, 17
        disk_type 733,  5,   -1, 0, 733, 17
        disk_type 900, 15,   -1, 8, 901, 17
        disk_type 820,  3,   -1, 0, 820, 17
        disk_type 855,  5,   -1, 0, 855, 17
        disk_type 855,  7,   -1, 0, 855, 17
        disk_type 306,  8,  128, 0, 319, 17
        disk_type 733,  7,   -1, 0, 733, 17
        disk_type 0,    0,    0, 0,   0,  0
