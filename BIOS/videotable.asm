; videotable.asm: the 6845 parameters of the colour and monochrome adapters, INT 1Dh, at F000:F0A4 [PC/AT TR].

video_parameters:
        db      38h, 28h, 2Dh, 0Ah, 1Fh, 06h, 19h, 1Ch, 02h, 07h, 06h, 07h, 0, 0, 0, 0  ; 40x25
        db      71h, 50h, 5Ah, 0Ah, 1Fh, 06h, 19h, 1Ch, 02h, 07h, 06h, 07h, 0, 0, 0, 0  ; 80x25
        db      38h, 28h, 2Dh, 0Ah, 7Fh, 06h, 64h, 70h, 02h, 01h, 06h, 07h, 0, 0, 0, 0  ; graphics
        db      61h, 50h, 52h, 0Fh, 19h, 06h, 19h, 19h, 02h, 0Dh, 0Bh, 0Ch, 0, 0, 0, 0  ; monochrome
        dw      2048, 4096, 16384, 16384                        ; bytes of a page by kind
        db      40, 40, 80, 80, 40, 40, 80, 80                  ; columns by mode
        db      2Ch, 28h, 2Dh, 29h, 2Ah, 2Eh, 1Eh, 29h          ; mode register by mode
