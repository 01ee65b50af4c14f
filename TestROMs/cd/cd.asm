; cd.asm: a CD that checks how it was booted and what INT 13h makes of it: a line a check on port E9h, then port F4h ends the
; machine: 0 all passed, 1 not. KIND_none boots without emulation, KIND_floppy as a floppy of 1.44 MB, KIND_disk as a fixed
; disk, KIND_section as KIND_none but by the entry of a section. The machine has one fixed disk and a floppy drive A.
; After: El Torito Bootable CD-ROM Format Specification 1.0, Phoenix EDD 1.1.

        cpu     386
        bits    16

CD_SECTOR       equ     2048
IMAGE           equ     20                      ; where the boot image is on the CD
SECTORS         equ     48                      ; of the CD
%ifdef KIND_floppy
MEDIUM          equ     2
DRIVE           equ     00h
LOADED          equ     1
%elifdef KIND_disk
MEDIUM          equ     4
DRIVE           equ     80h
LOADED          equ     1
%else
MEDIUM          equ     0
DRIVE           equ     0E0h
LOADED          equ     12
%endif
CODE            equ     12                      ; sectors of 512 bytes
BUFFER          equ     0A000h                  ; in segment 0

; ---------------------------------------------------------------------------------------------------------------
; The volume descriptors and the boot catalogue.
        section descriptors start=16*CD_SECTOR vstart=0
        db      1, "CD001", 1, 0
        times   40-($-$$) db ' '
        db      "SWIFT86 TEST CD"
        times   72-($-$$) db ' '
        times   80-($-$$) db 0
        dd      SECTORS, 0                      ; the second would be high byte first
        times   CD_SECTOR-($-$$) db 0
        db      0, "CD001", 1, "EL TORITO SPECIFICATION"
        times   CD_SECTOR+47h-($-$$) db 0
        dd      19
        times   2*CD_SECTOR-($-$$) db 0
        db      0FFh, "CD001", 1
        times   3*CD_SECTOR-($-$$) db 0
catalogue:
        db      1, 0
        dw      0
        times   28-($-catalogue) db 0
        dw      55AAh, 0AA55h                   ; the words add up to 0: 1 + 55AAh + AA55h
%ifdef KIND_section
        db      00h, MEDIUM                     ; the default entry does not boot
        times   64-($-catalogue) db 0
        db      90h, 0EFh                       ; a section for another platform, with an extension
        dw      1
        times   96-($-catalogue) db 0
        db      88h, 2
        times   128-($-catalogue) db 0
        db      44h, 0
        times   160-($-catalogue) db 0
        db      91h, 00h                        ; ours: the second entry boots
        dw      2
        times   192-($-catalogue) db 0
        db      00h, MEDIUM
        times   224-($-catalogue) db 0
%endif
        db      88h, MEDIUM
        dw      0
        db      0, 0
        dw      LOADED
        dd      IMAGE
        times   4*CD_SECTOR-($-$$) db 0

; ---------------------------------------------------------------------------------------------------------------
; The boot image.
        section image start=IMAGE*CD_SECTOR vstart=7C00h
start:
        jmp     0000h:.here
.here:
        cli
        xor     ax, ax
        mov     ss, ax
        mov     sp, 7C00h
        mov     ds, ax
        mov     es, ax
        sti
        cld
        mov     [drive], dl
%if LOADED < CODE
        mov     ax, 0200h | CODE - 1
        mov     cx, 0002h
        mov     dh, 0
        mov     bx, 7E00h
        int     13h
        jnc     tests
        mov     si, .error
        call    print
        jmp     finish.failed
.error: db      "FAIL cannot load", 10, 0
%else
        jmp     tests
%endif

print:
        lodsb
        test    al, al
        jz      .done
        out     0E9h, al
        jmp     print
.done:
        ret

; check NAME, CONDITION: ok if the condition holds now. Keeps registers and flags.
%macro check 2
        j%2     %%good
        call    report_failure
        jmp     short %%text
%%good: call    report_success
        jmp     short %%text
%%name: db      %1, 10, 0
%%text: push    si
        pushf
        mov     si, %%name
        call    print_name
        popf
        pop     si
%endmacro

report_failure:
        pushf
        inc     word [cs:failures]
        push    si
        mov     si, text_fail
        jmp     report
report_success:
        pushf
        push    si
        mov     si, text_ok
report:
        push    ax
        push    ds
        push    0
        pop     ds
        call    print
        pop     ds
        pop     ax
        pop     si
        popf
        ret
print_name:
        push    ax
        push    ds
        push    0
        pop     ds
        call    print
        pop     ds
        pop     ax
        ret

finish:
        mov     al, 0
        cmp     word [failures], 0
        je      .end
.failed:
        mov     al, 1
.end:
        out     0F4h, al
        cli
        hlt

text_ok:        db      "ok ", 0
text_fail:      db      "FAIL ", 0
failures:       dw      0
drive:          db      0
%ifdef KIND_disk
        times   446-($-$$) db 0
        db      80h, 1, 1, 0, 06h, 3, 17, 9     ; up to cylinder 9, head 3, sector 17
        dd      17, 10*4*17-17
%endif
        times   510-($-$$) db 0
        dw      0AA55h

packet: db      10h, 0
        dw      2
        dw      BUFFER, 0
        dd      16, 0

; The packet for AX sectors from EBX on.
set_packet:
        mov     word [packet], 0010h
        mov     [packet+2], ax
        mov     dword [packet+4], BUFFER
        mov     [packet+8], ebx
        mov     dword [packet+12], 0
        mov     si, packet
        ret

tests:
        cmp     byte [drive], DRIVE
        check   "drive number", e
        mov     di, BUFFER
        mov     cx, 13h
        mov     al, 55h
        rep     stosb
        mov     si, BUFFER
        mov     ax, 4B01h
        mov     dl, [drive]
        int     13h
        check   "4B01", nc
        cmp     byte [BUFFER], 13h
        check   "4B01: length", e
        cmp     byte [BUFFER+1], MEDIUM
        check   "4B01: medium", e
        cmp     byte [BUFFER+2], DRIVE
        check   "4B01: drive", e
        cmp     dword [BUFFER+4], IMAGE
        check   "4B01: image", e
        cmp     word [BUFFER+14], LOADED
        check   "4B01: sectors loaded", e
        cmp     byte [BUFFER+3], 1
        check   "4B01: second channel", e
        mov     byte [packet], 8
        mov     byte [packet+1], 1
        mov     dword [packet+2], BUFFER
        mov     word [packet+6], 0
        mov     si, packet
        mov     ah, 4Dh
        mov     dl, [drive]
        int     13h
        check   "4D", nc
        cmp     word [BUFFER+30], 0AA55h
        check   "4D: catalogue", e

        ; The CD as a drive, whatever was booted.
        mov     dl, 0E0h
        mov     bx, 55AAh
        mov     ah, 41h
        int     13h
        check   "41", nc
        cmp     bx, 0AA55h
        check   "41: signature", e
        cmp     cx, 3
        check   "41: what is there", e
        mov     ah, 00h
        int     13h
        check   "00", nc
        mov     ah, 10h
        int     13h
        check   "10", nc
        mov     ax, 2
        mov     ebx, 16
        call    set_packet
        mov     ah, 42h
        int     13h
        check   "42", nc
        cmp     ah, 0
        check   "42: status", e
        cmp     dword [BUFFER+1], "CD00"
        check   "42: first sector", e
        cmp     dword [BUFFER+CD_SECTOR+7], "EL T"
        check   "42: second sector", e
        mov     ax, 3
        mov     ebx, SECTORS - 3
        call    set_packet
        mov     ah, 42h
        int     13h
        check   "42 up to the end", nc
        cmp     dword [BUFFER+3*CD_SECTOR-4], 5A000000h + (SECTORS - IMAGE) * 4 - 1
        check   "42: last sector", e
        mov     ax, 2
        mov     ebx, SECTORS - 1
        call    set_packet
        mov     ah, 42h
        int     13h
        check   "42 over the end", c
        cmp     ah, 04h
        check   "42 over the end: status", e
        cmp     word [packet+2], 0
        check   "42 over the end: nothing moved", e
        mov     ah, 01h
        int     13h
        cmp     al, 04h
        check   "01: the last status", e
        mov     ax, 0
        mov     ebx, 16
        call    set_packet
        mov     ah, 42h
        int     13h
        check   "42 of nothing", nc
        mov     ax, 1
        call    set_packet
        mov     dword [packet+12], 1
        mov     ah, 42h
        int     13h
        check   "42 beyond 32 bits", c
        mov     ax, 1
        call    set_packet
        mov     byte [packet], 0Fh
        mov     ah, 42h
        int     13h
        check   "42 with a short packet", c
        cmp     ah, 01h
        check   "42 with a short packet: status", e
        mov     ax, 1
        call    set_packet
        mov     ax, 4300h
        int     13h
        check   "43", c
        cmp     ah, 03h
        check   "43: write protected", e
        mov     ah, 44h
        int     13h
        check   "44", nc
        mov     ah, 47h
        int     13h
        check   "47", nc
        mov     ah, 08h
        int     13h
        check   "08", c

        mov     dl, 0E0h
        mov     word [BUFFER], 1Eh
        mov     si, BUFFER
        mov     ah, 48h
        int     13h
        check   "48", nc
        cmp     word [BUFFER], 1Eh
        check   "48: length", e
        cmp     word [BUFFER+2], 34h
        check   "48: flags", e
        cmp     dword [BUFFER+10h], SECTORS
        check   "48: sectors", e
        cmp     word [BUFFER+18h], CD_SECTOR
        check   "48: sector size", e
        mov     ax, 4500h
        int     13h
        check   "45 lock", nc
        mov     ah, 46h
        int     13h
        check   "46 while locked", c
        cmp     ah, 0B1h
        check   "46 while locked: status", e
        mov     ax, 4502h
        int     13h
        cmp     al, 1
        check   "45: is locked", e
        mov     ax, 4501h
        int     13h
        check   "45 unlock", nc
        mov     ax, 4501h
        int     13h
        check   "45 unlock once more", c
        cmp     ah, 0B0h
        check   "45 unlock once more: status", e
        mov     ax, 4900h
        int     13h
        check   "49", nc
        mov     dl, 0E1h
        mov     ah, 00h
        int     13h
        check   "no drive E1", c

%if MEDIUM
        ; The image as a drive.
        mov     dl, [drive]
        mov     ah, 08h
        int     13h
        check   "image 08", nc
%ifdef KIND_floppy
        cmp     cx, 4F12h
        check   "image 08: cylinders and sectors", e
        cmp     dx, 0102h
        check   "image 08: heads and drives", e
        cmp     bl, 4
        check   "image 08: type", e
        cmp     byte [es:di+4], 18
        check   "image 08: table", e
        push    0
        pop     es
        les     bx, [1Eh*4]
        cmp     byte [es:bx+4], 18
        check   "INT 1E", e
        push    0
        pop     es
        int     11h
        and     al, 0C1h
        cmp     al, 41h
        check   "INT 11: two floppy drives", e
        mov     dl, 0
        mov     ah, 15h
        int     13h
        cmp     ah, 1
        check   "image 15", e
        mov     dl, 1
        mov     ah, 15h
        int     13h
        cmp     ah, 2
        check   "the floppy drive is 1: 15", e
        cmp     dl, 1
        check   "the floppy drive is 1: DL", e
SPT             equ     18
%else
        cmp     cx, 0911h
        check   "image 08: cylinders and sectors", e
        cmp     dx, 0302h
        check   "image 08: heads and drives", e
        cmp     byte [475h], 2
        check   "two fixed disks", e
        mov     ah, 15h
        mov     dl, 80h
        int     13h
        cmp     ah, 3
        check   "image 15", e
        cmp     dx, 10*4*17
        check   "image 15: sectors", e
        mov     ah, 08h
        mov     dl, 81h
        int     13h
        cmp     cx, 013Fh
        check   "the fixed disk is 81: 08", e
        mov     ax, 0201h
        mov     cx, 0001h
        mov     dx, 0081h
        mov     bx, BUFFER
        int     13h
        check   "the fixed disk is 81: 02", nc
        cmp     dword [BUFFER], 0
        check   "the fixed disk is 81: its content", e
        mov     dl, 82h
        mov     ah, 08h
        int     13h
        check   "no fixed disk 82", c
SPT             equ     17
%endif
        ; Sectors of 512 bytes from every place in a sector of the CD, over the ends of tracks and sectors.
%assign first 0
%rep    5
        mov     ax, 0200h | (first + 1)
        mov     cx, (CODE + 1 + first)
        mov     dh, 0
        mov     dl, [drive]
        mov     bx, BUFFER
        int     13h
        check   {"image 02 from ", '0' + first}, nc
        cmp     al, first + 1
        check   "image 02: count", e
        cmp     dword [BUFFER], 5A000000h + CODE + first
        check   "image 02: first", e
        cmp     dword [BUFFER + first * 512 + 508], 5A000000h + CODE + 2 * first
        check   "image 02: last", e
%assign first first + 1
%endrep
        mov     ax, 0208h
        mov     cx, SPT - 3
        mov     dh, 1
        mov     bx, BUFFER
        int     13h
        check   "image 02 over a track", nc
        cmp     dword [BUFFER + 7*512], 5A000000h + 2 * SPT - 4 + 7
        check   "image 02 over a track: last", e
        ; Just below 64 KB of the segment.
        mov     ax, 0FF0h
        mov     es, ax
        mov     ax, 0202h
        mov     cx, CODE + 1
        mov     dh, 0
        mov     bx, 0FC00h
        int     13h
        check   "image 02 up to the end of a segment", nc
        cmp     dword [es:0FFFCh], 5A000000h + CODE + 1
        check   "image 02 up to the end of a segment: last", e
        push    0
        pop     es
        mov     ax, 0201h
        mov     cx, SPT + 1
        mov     bx, BUFFER
        int     13h
        check   "image 02 of no sector", c
        cmp     ah, 04h
        check   "image 02 of no sector: status", e
        mov     ax, 0201h
        mov     cx, 0
        int     13h
        check   "image 02 of sector 0", c
        mov     ax, 0301h
        mov     cx, 1
        int     13h
        check   "image 03", c
        cmp     ah, 03h
        check   "image 03: write protected", e
        mov     ax, 0403h
        mov     cx, 1
        int     13h
        check   "image 04", nc

        ; The end of the emulation.
        mov     si, BUFFER
        mov     ax, 4B00h
        mov     dl, 7Fh
        int     13h
        check   "4B00", nc
%ifdef KIND_floppy
        int     11h
        and     al, 0C1h
        cmp     al, 01h
        check   "INT 11: one floppy drive", e
        mov     dl, 0
        mov     ah, 15h
        int     13h
        cmp     ah, 2
        check   "the floppy drive is 0", e
%else
        cmp     byte [475h], 1
        check   "one fixed disk", e
        mov     ah, 08h
        mov     dl, 80h
        int     13h
        cmp     cx, 013Fh
        check   "the fixed disk is 80", e
%endif
%endif
        jmp     finish
        times   CODE*512-($-$$) db 0
; Every further sector of 512 bytes is full of its number.
%assign number CODE
%rep    (SECTORS - IMAGE) * 4 - CODE
        times   128 dd 5A000000h + number
%assign number number + 1
%endrep
