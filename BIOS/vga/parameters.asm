; The save pointer table and what it points to: the modes' parameters (64 bytes each) and the display combinations.

        align   4, db 0
save_table:
        dw      parameters, 0xC000
        dd      0                       ; dynamic save area: 16 palette registers and the overscan
        dd      0                       ; font for text modes
        dd      0                       ; font for graphics modes
        dw      second_table, 0xC000
        dd      0, 0

second_table:
        dw      0x1A
        dw      combinations, 0xC000
        dd      0, 0, 0, 0, 0

combinations:
        db      (.end - .pairs) / 2     ; entries
        db      1                       ; version
        db      8                       ; highest code
        db      0
.pairs: ; codes: 1 MDA, 2 CGA, 4 EGA colour, 5 EGA mono, 6 PGC, 7 VGA mono, 8 VGA colour
        db      0, 0,  0, 1,  0, 2,  2, 1,  0, 4,  4, 1,  0, 5,  2, 5,  0, 6,  6, 1,  6, 5,  0, 8,  8, 1,  0, 7,  7, 2,  7, 6
.end:
DCC_VGA_COLOR   equ 11

; One mode: columns, rows, lines of a character, page size, then the registers.
%macro geometry 4
        db      %1, %2 - 1, %3
        dw      %4
%endmacro
%macro sequencer 5                      ; registers 1-4, miscellaneous output
        db      %1, %2, %3, %4, %5
%endmacro
%macro graphics_text 1
        db      0, 0, 0, 0, 0, 0x10, %1, 0, 0xFF
%endmacro

; CRTC 00h-06h and 10h-17h; between them lines of a character and the cursor.
; horizontal: total, display end, blanking start and end, retrace start and end
%define horizontal_40   0x2D, 0x27, 0x28, 0x90, 0x2B, 0xA0
%define horizontal_40g  0x2D, 0x27, 0x28, 0x90, 0x2B, 0x80
%define horizontal_80   0x5F, 0x4F, 0x50, 0x82, 0x55, 0x81
%define horizontal_80g  0x5F, 0x4F, 0x50, 0x82, 0x54, 0x80
; vertical: total, overflow
%define total_400       0xBF, 0x1F
%define total_480       0x0B, 0x3E
; vertical: retrace start and end, display end; offset, underline, blanking start and end
%define vertical_350(offset, underline) 0x83, 0x85, 0x5D, offset, underline, 0x63, 0xBA
%define vertical_400(offset, underline) 0x9C, 0x8E, 0x8F, offset, underline, 0x96, 0xB9
%define vertical_480(offset, underline) 0xEA, 0x8C, 0xDF, offset, underline, 0xE7, 0x04

; preset row scan, maximum scan line (and bit 9 of blanking), cursor, start, cursor's place
%macro cell 3
        db      0x00, %1, %2, %3, 0, 0, 0, 0
%endmacro

; Attribute controller: 16 colours, mode, overscan, planes, panning
%macro attribute_cga 1                  ; colours of 200-line modes
        db      0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17
        db      %1, 0x00, 0x0F, 0x00
%endmacro
%macro attribute_ega 2                  ; the same colours out of 64; mode, panning
        db      0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14, 0x07, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F
        db      %1, 0x00, 0x0F, %2
%endmacro
%macro attribute_mda 0
        db      0x00, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x10, 0x18, 0x18, 0x18, 0x18, 0x18, 0x18, 0x18
        db      0x0E, 0x00, 0x0F, 0x08
%endmacro

%macro unused 0
        times 64 db 0
%endmacro

%macro text40_200 0
        geometry 40, 25, 8, 0x0800
        sequencer 0x09, 0x03, 0x00, 0x02, 0x63
        db      horizontal_40, total_400
        cell    0xC7, 0x06, 0x07
        db      vertical_400(0x14, 0x1F), 0xA3, 0xFF
        attribute_cga 0x08
        graphics_text 0x0E
%endmacro
%macro text80_200 0
        geometry 80, 25, 8, 0x1000
        sequencer 0x01, 0x03, 0x00, 0x02, 0x63
        db      horizontal_80, total_400
        cell    0xC7, 0x06, 0x07
        db      vertical_400(0x28, 0x1F), 0xA3, 0xFF
        attribute_cga 0x08
        graphics_text 0x0E
%endmacro
%macro text40_350 0
        geometry 40, 25, 14, 0x0800
        sequencer 0x09, 0x03, 0x00, 0x02, 0xA3
        db      horizontal_40, total_400
        cell    0x4D, 0x0B, 0x0C
        db      vertical_350(0x14, 0x1F), 0xA3, 0xFF
        attribute_ega 0x08, 0x00
        graphics_text 0x0E
%endmacro
%macro text80_350 0
        geometry 80, 25, 14, 0x1000
        sequencer 0x01, 0x03, 0x00, 0x02, 0xA3
        db      horizontal_80, total_400
        cell    0x4D, 0x0B, 0x0C
        db      vertical_350(0x28, 0x1F), 0xA3, 0xFF
        attribute_ega 0x08, 0x00
        graphics_text 0x0E
%endmacro
%macro cga4 0
        geometry 40, 25, 8, 0x4000
        sequencer 0x09, 0x03, 0x00, 0x02, 0x63
        db      horizontal_40g, total_400
        cell    0xC1, 0x00, 0x00
        db      vertical_400(0x14, 0x00), 0xA2, 0xFF
        db      0x00, 0x13, 0x15, 0x17, 0x02, 0x04, 0x06, 0x07, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17
        db      0x01, 0x00, 0x03, 0x00
        db      0, 0, 0, 0, 0, 0x30, 0x0F, 0x00, 0xFF
%endmacro

parameters:
        ; 00h-03h: modes 0-3 of 200 lines
        text40_200
        text40_200
        text80_200
        text80_200
        ; 04h, 05h: modes 4 and 5
        cga4
        cga4
        ; 06h: mode 6
        geometry 80, 25, 8, 0x4000
        sequencer 0x01, 0x01, 0x00, 0x06, 0x63
        db      horizontal_80g, total_400
        cell    0xC1, 0x00, 0x00
        db      vertical_400(0x28, 0x00), 0xC2, 0xFF
        db      0x00
        times 15 db 0x17
        db      0x01, 0x00, 0x01, 0x00
        db      0, 0, 0, 0, 0, 0x00, 0x0D, 0x00, 0xFF
        ; 07h: mode 7 of 350 lines
        geometry 80, 25, 14, 0x1000
        sequencer 0x00, 0x03, 0x00, 0x02, 0xA6
        db      horizontal_80, total_400
        cell    0x4D, 0x0B, 0x0C
        db      vertical_350(0x28, 0x0D), 0xA3, 0xFF
        attribute_mda
        graphics_text 0x0A
        ; 08h-0Ch
        unused
        unused
        unused
        unused
        unused
        ; 0Dh: mode 0Dh
        geometry 40, 25, 8, 0x2000
        sequencer 0x09, 0x0F, 0x00, 0x06, 0x63
        db      horizontal_40g, total_400
        cell    0xC0, 0x00, 0x00
        db      vertical_400(0x14, 0x00), 0xE3, 0xFF
        attribute_cga 0x01
        db      0, 0, 0, 0, 0, 0x00, 0x05, 0x0F, 0xFF
        ; 0Eh: mode 0Eh
        geometry 80, 25, 8, 0x4000
        sequencer 0x01, 0x0F, 0x00, 0x06, 0x63
        db      horizontal_80g, total_400
        cell    0xC0, 0x00, 0x00
        db      vertical_400(0x28, 0x00), 0xE3, 0xFF
        attribute_cga 0x01
        db      0, 0, 0, 0, 0, 0x00, 0x05, 0x0F, 0xFF
        ; 0Fh, 10h: modes 0Fh and 10h of an EGA with 64 KB
        unused
        unused
        ; 11h: mode 0Fh
        geometry 80, 25, 14, 0x8000
        sequencer 0x01, 0x0F, 0x00, 0x06, 0xA2
        db      horizontal_80g, total_400
        cell    0x40, 0x00, 0x00
        db      vertical_350(0x28, 0x0F), 0xE3, 0xFF
        db      0x00, 0x08, 0x00, 0x00, 0x18, 0x18, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x18, 0x00, 0x00
        db      0x0B, 0x00, 0x05, 0x00
        db      0, 0, 0, 0, 0, 0x00, 0x05, 0x05, 0xFF
        ; 12h: mode 10h
        geometry 80, 25, 14, 0x8000
        sequencer 0x01, 0x0F, 0x00, 0x06, 0xA3
        db      horizontal_80g, total_400
        cell    0x40, 0x00, 0x00
        db      vertical_350(0x28, 0x0F), 0xE3, 0xFF
        attribute_ega 0x01, 0x00
        db      0, 0, 0, 0, 0, 0x00, 0x05, 0x0F, 0xFF
        ; 13h-16h: modes 0-3 of 350 lines
        text40_350
        text40_350
        text80_350
        text80_350
        ; 17h, 18h: modes 0, 1 and 2, 3 of 400 lines
        geometry 40, 25, 16, 0x0800
        sequencer 0x08, 0x03, 0x00, 0x02, 0x67
        db      horizontal_40, total_400
        cell    0x4F, 0x0D, 0x0E
        db      vertical_400(0x14, 0x1F), 0xA3, 0xFF
        attribute_ega 0x0C, 0x08
        graphics_text 0x0E
        geometry 80, 25, 16, 0x1000
        sequencer 0x00, 0x03, 0x00, 0x02, 0x67
        db      horizontal_80, total_400
        cell    0x4F, 0x0D, 0x0E
        db      vertical_400(0x28, 0x1F), 0xA3, 0xFF
        attribute_ega 0x0C, 0x08
        graphics_text 0x0E
        ; 19h: mode 7 of 400 lines
        geometry 80, 25, 16, 0x1000
        sequencer 0x00, 0x03, 0x00, 0x02, 0x66
        db      horizontal_80, total_400
        cell    0x4F, 0x0D, 0x0E
        db      vertical_400(0x28, 0x0F), 0xA3, 0xFF
        attribute_mda
        graphics_text 0x0A
        ; 1Ah, 1Bh: modes 11h and 12h
        geometry 80, 30, 16, 0xA000
        sequencer 0x01, 0x0F, 0x00, 0x06, 0xE3
        db      horizontal_80g, total_480
        cell    0x40, 0x00, 0x00
        db      vertical_480(0x28, 0x00), 0xC3, 0xFF
        db      0x00
        times 15 db 0x3F
        db      0x01, 0x00, 0x0F, 0x00
        db      0, 0, 0, 0, 0, 0x00, 0x05, 0x01, 0xFF
        geometry 80, 30, 16, 0xA000
        sequencer 0x01, 0x0F, 0x00, 0x06, 0xE3
        db      horizontal_80g, total_480
        cell    0x40, 0x00, 0x00
        db      vertical_480(0x28, 0x00), 0xE3, 0xFF
        attribute_ega 0x01, 0x00
        db      0, 0, 0, 0, 0, 0x00, 0x05, 0x0F, 0xFF
        ; 1Ch: mode 13h
        geometry 40, 25, 8, 0x2000
        sequencer 0x01, 0x0F, 0x00, 0x0E, 0x63
        db      horizontal_80g, total_400
        cell    0x41, 0x00, 0x00
        db      vertical_400(0x28, 0x40), 0xA3, 0xFF
        db      0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F
        db      0x41, 0x00, 0x0F, 0x00
        db      0, 0, 0, 0, 0, 0x40, 0x05, 0x0F, 0xFF
%if $ - parameters != 29 * 64
        %error "A mode's parameters are not 64 bytes long"
%endif
