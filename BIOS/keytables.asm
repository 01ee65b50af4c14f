; keytables.asm: what a key gives: scan code in the high byte, character in the low byte, 0 for nothing
; [PC/AT TR, "Keyboard encoding"; RBIL table 00006]. F0h in the low byte marks a key that only INT 16h/10h knows; E0h one
; of the grey keys, which INT 16h/00h shows as their keypad twins.

KEY_LAST        equ     58h

; One row for each code 01h-58h: alone, with Shift, with Ctrl, with Alt. (On the keypad "alone" is without Num Lock.)
key_table:
        dw      0011Bh, 0011Bh, 0011Bh, 001F0h   ; 01 Esc
        dw      00231h, 00221h, 00000h, 07800h   ; 02 1 !
        dw      00332h, 00340h, 00300h, 07900h   ; 03 2 @
        dw      00433h, 00423h, 00000h, 07A00h   ; 04 3 #
        dw      00534h, 00524h, 00000h, 07B00h   ; 05 4 $
        dw      00635h, 00625h, 00000h, 07C00h   ; 06 5 %
        dw      00736h, 0075Eh, 0071Eh, 07D00h   ; 07 6 ^
        dw      00837h, 00826h, 00000h, 07E00h   ; 08 7 &
        dw      00938h, 0092Ah, 00000h, 07F00h   ; 09 8 *
        dw      00A39h, 00A28h, 00000h, 08000h   ; 0A 9 (
        dw      00B30h, 00B29h, 00000h, 08100h   ; 0B 0 )
        dw      00C2Dh, 00C5Fh, 00C1Fh, 08200h   ; 0C - _
        dw      00D3Dh, 00D2Bh, 00000h, 08300h   ; 0D = +
        dw      00E08h, 00E08h, 00E7Fh, 00EF0h   ; 0E Backspace
        dw      00F09h, 00F00h, 09400h, 0A500h   ; 0F Tab
        dw      01071h, 01051h, 01011h, 01000h   ; 10 Q
        dw      01177h, 01157h, 01117h, 01100h   ; 11 W
        dw      01265h, 01245h, 01205h, 01200h   ; 12 E
        dw      01372h, 01352h, 01312h, 01300h   ; 13 R
        dw      01474h, 01454h, 01414h, 01400h   ; 14 T
        dw      01579h, 01559h, 01519h, 01500h   ; 15 Y
        dw      01675h, 01655h, 01615h, 01600h   ; 16 U
        dw      01769h, 01749h, 01709h, 01700h   ; 17 I
        dw      0186Fh, 0184Fh, 0180Fh, 01800h   ; 18 O
        dw      01970h, 01950h, 01910h, 01900h   ; 19 P
        dw      01A5Bh, 01A7Bh, 01A1Bh, 01AF0h   ; 1A [ {
        dw      01B5Dh, 01B7Dh, 01B1Dh, 01BF0h   ; 1B ] }
        dw      01C0Dh, 01C0Dh, 01C0Ah, 01CF0h   ; 1C Enter
        dw      00000h, 00000h, 00000h, 00000h   ; 1D Ctrl
        dw      01E61h, 01E41h, 01E01h, 01E00h   ; 1E A
        dw      01F73h, 01F53h, 01F13h, 01F00h   ; 1F S
        dw      02064h, 02044h, 02004h, 02000h   ; 20 D
        dw      02166h, 02146h, 02106h, 02100h   ; 21 F
        dw      02267h, 02247h, 02207h, 02200h   ; 22 G
        dw      02368h, 02348h, 02308h, 02300h   ; 23 H
        dw      0246Ah, 0244Ah, 0240Ah, 02400h   ; 24 J
        dw      0256Bh, 0254Bh, 0250Bh, 02500h   ; 25 K
        dw      0266Ch, 0264Ch, 0260Ch, 02600h   ; 26 L
        dw      0273Bh, 0273Ah, 00000h, 027F0h   ; 27 ; :
        dw      02827h, 02822h, 00000h, 028F0h   ; 28 ' "
        dw      02960h, 0297Eh, 00000h, 029F0h   ; 29 ` ~
        dw      00000h, 00000h, 00000h, 00000h   ; 2A left shift
        dw      02B5Ch, 02B7Ch, 02B1Ch, 02BF0h   ; 2B backslash |
        dw      02C7Ah, 02C5Ah, 02C1Ah, 02C00h   ; 2C Z
        dw      02D78h, 02D58h, 02D18h, 02D00h   ; 2D X
        dw      02E63h, 02E43h, 02E03h, 02E00h   ; 2E C
        dw      02F76h, 02F56h, 02F16h, 02F00h   ; 2F V
        dw      03062h, 03042h, 03002h, 03000h   ; 30 B
        dw      0316Eh, 0314Eh, 0310Eh, 03100h   ; 31 N
        dw      0326Dh, 0324Dh, 0320Dh, 03200h   ; 32 M
        dw      0332Ch, 0333Ch, 00000h, 033F0h   ; 33 , <
        dw      0342Eh, 0343Eh, 00000h, 034F0h   ; 34 . >
        dw      0352Fh, 0353Fh, 00000h, 035F0h   ; 35 / ?
        dw      00000h, 00000h, 00000h, 00000h   ; 36 right shift
        dw      0372Ah, 0372Ah, 09600h, 037F0h   ; 37 keypad *
        dw      00000h, 00000h, 00000h, 00000h   ; 38 Alt
        dw      03920h, 03920h, 03920h, 03920h   ; 39 space
        dw      00000h, 00000h, 00000h, 00000h   ; 3A Caps Lock
        dw      03B00h, 05400h, 05E00h, 06800h   ; 3B F1
        dw      03C00h, 05500h, 05F00h, 06900h   ; 3C F2
        dw      03D00h, 05600h, 06000h, 06A00h   ; 3D F3
        dw      03E00h, 05700h, 06100h, 06B00h   ; 3E F4
        dw      03F00h, 05800h, 06200h, 06C00h   ; 3F F5
        dw      04000h, 05900h, 06300h, 06D00h   ; 40 F6
        dw      04100h, 05A00h, 06400h, 06E00h   ; 41 F7
        dw      04200h, 05B00h, 06500h, 06F00h   ; 42 F8
        dw      04300h, 05C00h, 06600h, 07000h   ; 43 F9
        dw      04400h, 05D00h, 06700h, 07100h   ; 44 F10
        dw      00000h, 00000h, 00000h, 00000h   ; 45 Num Lock
        dw      00000h, 00000h, 00000h, 00000h   ; 46 Scroll Lock
        dw      04700h, 04737h, 07700h, 00000h   ; 47 keypad 7 Home
        dw      04800h, 04838h, 08D00h, 00000h   ; 48 keypad 8 Up
        dw      04900h, 04939h, 08400h, 00000h   ; 49 keypad 9 PgUp
        dw      04A2Dh, 04A2Dh, 08E00h, 04AF0h   ; 4A keypad -
        dw      04B00h, 04B34h, 07300h, 00000h   ; 4B keypad 4 Left
        dw      04CF0h, 04C35h, 08F00h, 00000h   ; 4C keypad 5 centre
        dw      04D00h, 04D36h, 07400h, 00000h   ; 4D keypad 6 Right
        dw      04E2Bh, 04E2Bh, 09000h, 04EF0h   ; 4E keypad +
        dw      04F00h, 04F31h, 07500h, 00000h   ; 4F keypad 1 End
        dw      05000h, 05032h, 09100h, 00000h   ; 50 keypad 2 Down
        dw      05100h, 05133h, 07600h, 00000h   ; 51 keypad 3 PgDn
        dw      05200h, 05230h, 09200h, 00000h   ; 52 keypad 0 Ins
        dw      05300h, 0532Eh, 09300h, 00000h   ; 53 keypad . Del
        dw      00000h, 00000h, 00000h, 00000h   ; 54 none
        dw      00000h, 00000h, 00000h, 00000h   ; 55 none
        dw      0565Ch, 0567Ch, 00000h, 00000h   ; 56 the key beside the left shift of European keyboards
        dw      08500h, 08700h, 08900h, 08B00h   ; 57 F11
        dw      08600h, 08800h, 08A00h, 08C00h   ; 58 F12

; The keys with prefix E0h: code; alone or with Shift, with Ctrl, with Alt.
KEY_E0_ROW      equ     7
key_table_e0:
        db      01Ch
        dw      0E00Dh, 0E00Ah, 0A600h   ; keypad Enter
        db      035h
        dw      0E02Fh, 09500h, 0A400h   ; keypad /
        db      047h
        dw      047E0h, 077E0h, 09700h   ; Home
        db      048h
        dw      048E0h, 08DE0h, 09800h   ; Up
        db      049h
        dw      049E0h, 084E0h, 09900h   ; PgUp
        db      04Bh
        dw      04BE0h, 073E0h, 09B00h   ; Left
        db      04Dh
        dw      04DE0h, 074E0h, 09D00h   ; Right
        db      04Fh
        dw      04FE0h, 075E0h, 09F00h   ; End
        db      050h
        dw      050E0h, 091E0h, 0A000h   ; Down
        db      051h
        dw      051E0h, 076E0h, 0A100h   ; PgDn
        db      052h
        dw      052E0h, 092E0h, 0A200h   ; Ins
        db      053h
        dw      053E0h, 093E0h, 0A300h   ; Del
        db      0
