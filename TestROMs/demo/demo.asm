; Swift86's demo disk: a small monitor in real mode for any PC with an 8086 or better, an AT's BIOS and a VGA.
;
; The image is a floppy of 160 KB (40 tracks, one side, 8 sectors a track). The boot sector loads the rest to 0800:0000;
; there DS = ES = CS, and the stack is at the segment's end. All output goes through INT 10h, all input through INT 16h.
; Text on the screen is drawn by `draw` (screen.asm) out of strings with their own codes for place and colour.

        cpu     8086
        bits    16

PROGRAM         equ 0x0800              ; segment
IMAGE_SIZE      equ 163840
SECTORS         equ 8                   ; to a track
BDA             equ 0x40

; Colours
BODY            equ 0x17                ; light grey on blue
STRONG          equ 0x1F
LABEL           equ 0x1B
DIM             equ 0x13
BAR             equ 0x30                ; black on cyan
BAR_KEY         equ 0x3F
PANEL           equ 0x70
PANEL_KEY       equ 0x74
CHOSEN          equ 0x0F
CHOSEN_KEY      equ 0x0E

; Codes in strings for `draw`
%define END     0
%define COLOR   1,                      ; and the attribute
%define AT      2,                      ; and row, column
%define REPEAT  3,                      ; and a count, and a character

; draw a string that stands here
%macro show 1+
        call    draw_here
        db      %1, END
%endmacro

        section boot start=0 vstart=0x7C00
%include "boot.asm"

        section main start=512 vstart=0
main:
%include "menu.asm"
%include "screen.asm"
%include "numbers.asm"
%include "input.asm"
%include "memory.asm"
%include "processor.asm"
%include "registers.asm"
%include "hardware.asm"
%include "disks.asm"
%include "clock.asm"
%include "keyboard.asm"
%include "colors.asm"
%include "tune.asm"
%include "power.asm"
main_end:
        times   IMAGE_SIZE - 512 - ($ - $$) db 0

        ; Variables that start as zero or are set before they are read
        absolute main_end
%include "variables.inc"
