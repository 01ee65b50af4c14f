; keyboard2.asm: INT 09h, continued: the keys that give characters, and what the special ones do.

; AH: code with bit 7 for a release; BL: code; BH: prefixes.
key_ordinary:
        test    ah, ah
        jns     .down
        cmp     bl, 52h
        jne     key_done
        and     byte [BDA_SHIFT2], ~S2_INSERT & 0FFh
        jmp     key_done
.down:
        test    byte [BDA_SHIFT2], S2_PAUSED
        jz      .running
        and     byte [BDA_SHIFT2], ~S2_PAUSED & 0FFh
        jmp     key_done                ; the key that ends a pause is not stored
.running:
        mov     cl, [BDA_SHIFT]
        cmp     bl, 53h
        jne     .no_reset
        mov     al, cl
        and     al, SH_CTRL | SH_ALT
        cmp     al, SH_CTRL | SH_ALT
        jne     .no_reset
        jmp     key_reset
.no_reset:
        test    bh, KM_E0
        jnz     key_extended
        cmp     bl, KEY_LAST
        ja      key_done
        cmp     bl, 47h
        jb      .no_keypad
        cmp     bl, 53h
        ja      .no_keypad
        cmp     bl, 4Ah
        je      .no_keypad
        cmp     bl, 4Eh
        jne     key_keypad
.no_keypad:
        mov     byte [BDA_ALTPAD], 0
        mov     si, 6                   ; column by offset: Alt
        test    cl, SH_ALT
        jnz     key_lookup
        mov     si, 4
        test    cl, SH_CTRL
        jnz     key_lookup
        mov     si, 0
        test    cl, SH_LSHIFT | SH_RSHIFT
        jz      .unshifted
        mov     si, 2
.unshifted:
        test    cl, SH_CAPS
        jz      key_lookup
        call    is_letter
        jnc     key_lookup
        xor     si, 2                   ; on letters Caps Lock turns Shift round
        ; fall through

; BL: code, SI: offset of the column.
key_lookup:
        dec     bl
        xor     bh, bh
        shl     bx, 1
        shl     bx, 1
        shl     bx, 1
        mov     ax, [cs:bx+si+key_table]
        ; fall through

; AX: the key, 0 for none.
key_store_or_done:
        test    ax, ax
        jz      key_done
        ; fall through

; Puts AX into the buffer, or beeps if it is full. INT 15h/9102h tells whoever waits.
key_store:
        call    buffer_put
        jc      .full
        mov     al, EOI
        out     PIC1, al
        mov     ax, 9102h
        int     15h
        jmp     key_return
.full:
        mov     al, EOI
        out     PIC1, al
        call    key_beep
        jmp     key_return

; AX goes to the end of the buffer; CF set if there is no room. DS = 0040h. Uses BX, SI.
buffer_put:
        mov     bx, [BDA_KBD_TAIL]
        mov     si, bx
        add     bx, 2
        cmp     bx, [BDA_KBD_END]
        jb      .no_wrap
        mov     bx, [BDA_KBD_START]
.no_wrap:
        cmp     bx, [BDA_KBD_HEAD]
        je      .full
        mov     [si], ax
        mov     [BDA_KBD_TAIL], bx
        clc
        ret
.full:
        stc
        ret

; CF set if code BL is a letter's.
is_letter:
        cmp     bl, 10h
        jb      .no
        cmp     bl, 19h
        jbe     .yes
        cmp     bl, 1Eh
        jb      .no
        cmp     bl, 26h
        jbe     .yes
        cmp     bl, 2Ch
        jb      .no
        cmp     bl, 32h
        jbe     .yes
.no:
        clc
        ret
.yes:
        stc
        ret

; The keypad's digits and point: with Alt they make a character's number, else Num Lock against Shift decides.
key_keypad:
        test    cl, SH_ALT
        jnz     .number
        mov     si, 4
        test    cl, SH_CTRL
        jnz     key_lookup
        mov     si, 0
        test    cl, SH_NUM
        jz      .no_lock
        xor     si, 2
.no_lock:
        test    cl, SH_LSHIFT | SH_RSHIFT
        jz      .shifted
        xor     si, 2
.shifted:
        cmp     bl, 52h
        jne     key_lookup
        test    si, si
        jnz     key_lookup
        call    toggle_insert
        jmp     key_lookup
.number:
        xor     bh, bh
        mov     cl, [cs:bx+keypad_digits-47h]
        cmp     cl, 10
        jae     key_done
        mov     al, [BDA_ALTPAD]
        mov     ah, 10
        mul     ah
        add     al, cl
        mov     [BDA_ALTPAD], al
        jmp     key_done

keypad_digits:  db      7, 8, 9, 0FFh, 4, 5, 6, 0FFh, 1, 2, 3, 0, 0FFh

; Insert changes its state when it goes down, not when it repeats.
toggle_insert:
        test    byte [BDA_SHIFT2], S2_INSERT
        jnz     .held
        or      byte [BDA_SHIFT2], S2_INSERT
        xor     byte [BDA_SHIFT], SH_INSERT
.held:
        ret

; Keys with prefix E0h.
key_extended:
        cmp     bl, 37h
        je      key_print
        cmp     bl, 52h
        jne     .search
        call    toggle_insert
.search:
        mov     byte [BDA_ALTPAD], 0
        mov     si, key_table_e0
.next:
        mov     al, [cs:si]
        test    al, al
        jz      key_done              ; not a key that we know
        cmp     al, bl
        je      .found
        add     si, KEY_E0_ROW
        jmp     .next
.found:
        mov     bx, 5
        test    cl, SH_ALT
        jnz     .column
        mov     bx, 3
        test    cl, SH_CTRL
        jnz     .column
        mov     bx, 1
.column:
        mov     ax, [cs:bx+si]
        jmp     key_store_or_done

; Print Screen: INT 05h; with Ctrl it is a key, with Alt it comes as SysRq.
key_print:
        mov     ax, 7200h
        test    cl, SH_CTRL
        jz      .screen
        jmp     key_store
.screen:
        mov     al, EOI
        out     PIC1, al
        sti
        int     05h
        jmp     key_return

; Ctrl-Break: the buffer is emptied, INT 1Bh called, and 0000h stored.
key_break:
        mov     byte [BDA_BREAK], 80h
        mov     ax, [BDA_KBD_START]
        mov     [BDA_KBD_HEAD], ax
        mov     [BDA_KBD_TAIL], ax
        mov     al, EOI
        out     PIC1, al
        sti
        int     1Bh
        cli
        xor     ax, ax
        call    buffer_put
        jmp     key_return

; Pause: waits here, with interrupts on, until another key goes down.
key_pause:
        test    byte [BDA_SHIFT2], S2_PAUSED
        jnz     key_done
        or      byte [BDA_SHIFT2], S2_PAUSED
        mov     al, EOI
        out     PIC1, al
.wait:
        sti
        hlt
        test    byte [BDA_SHIFT2], S2_PAUSED
        jnz     .wait
        jmp     key_return

; Ctrl-Alt-Del: a warm boot by a reset of the machine, and if nothing resets it, by a jump.
key_reset:
        mov     word [BDA_RESET], WARM_BOOT
        ; fall through

; Resets the machine: the 8042's pulse on the reset line, then port 92h.
reset_machine:
        cli
        call    kbc_wait_input
        mov     al, 0FEh
        out     KBD_COMMAND, al
        mov     cx, 1000
.pulse:
        call    wait_refresh
        loop    .pulse
        in      al, PORT_92
        and     al, 0FEh
        out     PORT_92, al
        or      al, 01h
        out     PORT_92, al
        jmp     0F000h:entry_post

; About 60 ms of 1 kHz on the speaker, by its data bit. Uses AX, CX, DX.
key_beep:
        in      al, PORT_B
        mov     dl, al
        mov     cx, 120
.half:
        and     al, 0FEh                ; not from the timer
        xor     al, 02h
        out     PORT_B, al
        mov     ah, 33
.wait:
        call    wait_refresh
        dec     ah
        jnz     .wait
        loop    .half
        mov     al, dl
        out     PORT_B, al
        ret
