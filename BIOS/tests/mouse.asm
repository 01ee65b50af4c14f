; mouse.asm: services.asm, continued: INT 15h/C2h and IRQ12. Needs a PS/2 mouse, which nobody moves.

; pointing AX, BX: what the service gives.
%macro pointing 2
        mov     ax, %1
        mov     bx, %2
        int     15h
%endmacro

test_mouse:
        int     11h
        test    al, 04h
        check   "equipment: pointing device", nz
        mov     ah, 0C1h
        int     15h
        mov     ax, es
        mov     fs, ax                  ; the extended BIOS data area
        xor     ax, ax
        mov     es, ax
        pointing 0C20Ah, 0
        check   "15/C20A carry", c
        cmp     ah, 01h
        check   "15/C20A ah", e
        pointing 0C200h, 0100h
        check   "15/C200 without a handler", c
        cmp     ah, 05h
        check   "15/C200 ah", e
        pointing 0C200h, 0200h
        cmp     ah, 02h
        check   "15/C200 bad input", e
        pointing 0C201h, 1234h
        check   "15/C201 carry", nc
        cmp     bx, 00AAh
        check   "15/C201 bx", e
        test    ah, ah
        check   "15/C201 ah", z
        pointing 0C204h, 1234h
        cmp     bx, 0034h
        check   "15/C204", e
        pointing 0C205h, 0900h
        cmp     ah, 02h
        check   "15/C205 nine bytes", e
        pointing 0C205h, 0300h
        check   "15/C205 carry", nc
        cmp     byte [fs:27h], 3
        check   "EBDA packet size", e
        call    .status
        cmp     bl, 00h
        check   "15/C206 status", e
        cmp     cl, 2
        check   "15/C206 resolution", e
        cmp     dl, 100
        check   "15/C206 sample rate", e
        pointing 0C202h, 0700h
        cmp     ah, 02h
        check   "15/C202 bad input", e
        pointing 0C202h, 0000h
        check   "15/C202 carry", nc
        pointing 0C203h, 0400h
        cmp     ah, 02h
        check   "15/C203 bad input", e
        pointing 0C203h, 0300h
        check   "15/C203 carry", nc
        pointing 0C206h, 0200h
        check   "15/C206 scaling", nc
        pointing 0C206h, 0300h
        cmp     ah, 02h
        check   "15/C206 bad input", e
        call    .status
        cmp     bl, 10h
        check   "scaling 2:1", e
        cmp     cl, 3
        check   "resolution 3", e
        cmp     dl, 10
        check   "sample rate 10", e
        pointing 0C206h, 0100h
        call    .status
        cmp     bl, 00h
        check   "scaling 1:1", e
        mov     ax, 0C208h              ; the status request, byte by byte
        mov     bl, 0E9h
        int     15h
        check   "15/C208 carry", nc
        mov     ax, 0C209h
        int     15h
        check   "15/C209 carry", nc
        mov     bh, dl
        mov     ch, cl
        cmp     bx, 0A00h
        check   "15/C209 first and third", e
        cmp     ch, 3
        check   "15/C209 second", e
        pointing 0C202h, 0600h          ; 200, 100, 80: the wheel
        pointing 0C202h, 0500h
        pointing 0C202h, 0400h
        pointing 0C204h, 0
        cmp     bh, 3
        check   "wheel", e
        pointing 0C201h, 0
        cmp     bh, 0
        check   "no wheel after a reset", e

        pointing 0C207h, .handler
        check   "15/C207 carry", nc
        test    byte [fs:27h], 80h
        check   "EBDA handler flag", nz
        cmp     word [fs:22h], .handler
        check   "EBDA handler", e
        pointing 0C200h, 0100h
        check   "15/C200 carry", nc
        call    .status
        cmp     bl, 20h
        check   "enabled", e
        in      al, 0A1h
        test    al, 10h
        check   "IRQ12 open", z
        mov     si, .packets            ; what comes as if from the mouse
        mov     cx, 6
        call    .send
        cmp     word [.calls], 2
        check   "INT 74 calls", e
        cmp     word [.words], 0000h
        check   "INT 74 fourth word", e
        cmp     word [.words+2], 00FEh
        check   "INT 74 y", e
        cmp     word [.words+4], 0005h
        check   "INT 74 x", e
        cmp     word [.words+6], 0029h
        check   "INT 74 status", e
        test    byte [fs:26h], 07h
        check   "EBDA index", z
        pointing 0C200h, 0000h
        check   "15/C200 off", nc
        call    .status
        cmp     bl, 00h
        check   "disabled", e
        pointing 0C205h, 0400h
        pointing 0C200h, 0100h
        mov     word [.calls], 0
        mov     si, .packets
        mov     cx, 8
        call    .send
        cmp     word [.calls], 2
        check   "INT 74 four bytes, calls", e
        cmp     word [.words], 0077h
        check   "INT 74 four bytes, fourth word", e
        pointing 0C200h, 0000h
        push    es
        xor     bx, bx
        mov     ax, 0C207h
        int     15h
        pop     es
        test    byte [fs:27h], 80h
        check   "15/C207 cancels", z
        mov     ah, 01h
        int     16h
        check   "no key came of it", z
        ret

.status:
        mov     ax, 0C206h
        mov     bh, 0
        int     15h
        ret

; CX bytes at SI to the 8042, which takes them for the mouse's.
.send:
        mov     al, 0D3h
        out     64h, al
        call    .ready
        lodsb
        out     60h, al
        call    .ready
        mov     dx, 2000
.taken:
        in      al, 64h
        test    al, 01h
        jz      .next
        dec     dx
        jnz     .taken
.next:
        loop    .send
        ret
.ready:
        in      al, 64h
        test    al, 02h
        jnz     .ready
        ret

; Keeps the four words of the last call, the one pushed last first.
.handler:
        push    bp
        mov     bp, sp
        push    ax
        inc     word [cs:.calls]
        mov     ax, [bp+6]
        mov     [cs:.words], ax
        mov     ax, [bp+8]
        mov     [cs:.words+2], ax
        mov     ax, [bp+10]
        mov     [cs:.words+4], ax
        mov     ax, [bp+12]
        mov     [cs:.words+6], ax
        pop     ax
        pop     bp
        retf
.packets: db    08h, 01h, 01h, 29h, 05h, 0FEh, 08h, 77h
.calls: dw      0
.words: dw      0, 0, 0, 0
