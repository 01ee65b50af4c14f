; keyboard.asm: IRQ1, INT 09h: scan codes of set 1 (the 8042 translates) become keys in the buffer.
; Keys: [PC/AT TR, "Keyboard"], [RBIL 09, 154F, 1585].

        %include "keytables.asm"

int09_handler:
        enter_service
        in      al, KBD_DATA
        cmp     al, 0FAh
        je      key_acknowledge
        cmp     al, 0FEh
        je      key_resend
        mov     ah, 4Fh                 ; a program may take or change the code
        stc
        int     15h
        jnc     key_done
        cmp     al, 0E0h
        je      .prefix_e0
        cmp     al, 0E1h
        je      .prefix_e1
        cmp     al, 0FFh                ; the keyboard's own buffer ran over
        je      key_overrun
        test    al, al
        jz      key_overrun
        mov     ah, al                  ; AH: code with bit 7 set for a release
        mov     bl, al
        and     bl, 7Fh                 ; BL: code
        mov     bh, [BDA_KBD_MODE]      ; BH: prefixes
        test    bh, KM_E1
        jnz     .after_e1
        and     byte [BDA_KBD_MODE], ~KM_E0 & 0FFh
        jmp     key_modifiers
.prefix_e0:
        or      byte [BDA_KBD_MODE], KM_E0
        jmp     key_done
.prefix_e1:
        or      byte [BDA_KBD_MODE], KM_E1
        jmp     key_done
.after_e1:                              ; Pause is E1 1D 45 E1 9D C5
        cmp     bl, 45h
        jne     key_done
        and     byte [BDA_KBD_MODE], ~(KM_E1 | KM_E0) & 0FFh
        test    ah, ah
        js      key_done
        jmp     key_pause

; End of interrupt and return.
key_done:
        mov     al, EOI
        out     PIC1, al
key_return:
        leave_service

; Only the LEDs may have changed.
key_done_leds:
        call    update_leds
        jmp     key_done

key_overrun:
        mov     al, EOI
        out     PIC1, al
        call    key_beep
        jmp     key_return

; The keyboard took a byte: after the first of a two-byte command goes the second; after the second it is over.
key_acknowledge:
        test    byte [BDA_KBD_LEDS], KL_BUSY
        jz      .other
        test    byte [BDA_KBD_LEDS], KL_ACK
        jnz     .over
        or      byte [BDA_KBD_LEDS], KL_ACK
        mov     al, [BDA_KBD_ARG]
        call    kbc_data
        jmp     key_done
.over:
        and     byte [BDA_KBD_LEDS], KL_LEDS
        jmp     key_done_leds           ; they may have changed meanwhile
.other:
        or      byte [BDA_KBD_LEDS], KL_ACK
        jmp     key_done

; The keyboard did not understand. The command is given up: the next change of a lock starts another.
key_resend:
        and     byte [BDA_KBD_LEDS], KL_LEDS
        jmp     key_done

; Starts the keyboard command AL with the second byte AH; INT 09h carries on at the acknowledge.
start_keyboard_command:
        mov     [BDA_KBD_ARG], ah
        and     byte [BDA_KBD_LEDS], KL_LEDS
        or      byte [BDA_KBD_LEDS], KL_BUSY
        jmp     kbc_data

; Starts the LED command if the LEDs show something else than the lock states. Uses AX, CX.
update_leds:
        mov     ah, [BDA_SHIFT]
        mov     cl, 4
        shr     ah, cl
        and     ah, KL_LEDS
        mov     al, [BDA_KBD_LEDS]
        and     al, KL_LEDS
        cmp     al, ah
        je      .done
        and     byte [BDA_KBD_LEDS], ~KL_LEDS & 0FFh
        or      [BDA_KBD_LEDS], ah
        mov     al, 0EDh
        call    start_keyboard_command
.done:
        ret

; Shift, Ctrl, Alt and the locks. AH, BL, BH as above.
key_modifiers:
        mov     cl, SH_LSHIFT
        cmp     bl, 2Ah
        je      key_shift
        mov     cl, SH_RSHIFT
        cmp     bl, 36h
        je      key_shift
        cmp     bl, 1Dh
        je      key_ctrl
        cmp     bl, 38h
        je      key_alt
        mov     cl, SH_CAPS
        cmp     bl, 3Ah
        je      key_lock
        cmp     bl, 45h
        je      key_num_lock
        cmp     bl, 46h
        je      key_scroll_lock
        cmp     bl, 54h
        je      key_sysreq
        jmp     key_ordinary

key_shift:
        test    bh, KM_E0               ; shifts with a prefix are made up by the keyboard around grey keys
        jnz     key_done
        test    ah, ah
        js      .up
        or      [BDA_SHIFT], cl
        jmp     key_done
.up:
        not     cl
        and     [BDA_SHIFT], cl
        jmp     key_done

key_ctrl:
        mov     si, BDA_SHIFT2          ; the left one is kept here, the right one in the mode byte
        mov     cl, S2_LCTRL
        test    bh, KM_E0
        jz      .side
        mov     si, BDA_KBD_MODE
        mov     cl, KM_RCTRL
.side:
        or      byte [BDA_SHIFT], SH_CTRL
        or      [si], cl
        test    ah, ah
        jns     key_done
        not     cl
        and     [si], cl
        test    byte [BDA_SHIFT2], S2_LCTRL
        jnz     key_done
        test    byte [BDA_KBD_MODE], KM_RCTRL
        jnz     key_done
        and     byte [BDA_SHIFT], ~SH_CTRL & 0FFh
        jmp     key_done

key_alt:
        mov     si, BDA_SHIFT2
        mov     cl, S2_LALT
        test    bh, KM_E0
        jz      .side
        mov     si, BDA_KBD_MODE
        mov     cl, KM_RALT
.side:
        or      byte [BDA_SHIFT], SH_ALT
        or      [si], cl
        test    ah, ah
        jns     key_done
        not     cl
        and     [si], cl
        test    byte [BDA_SHIFT2], S2_LALT
        jnz     key_done
        test    byte [BDA_KBD_MODE], KM_RALT
        jnz     key_done
        and     byte [BDA_SHIFT], ~SH_ALT & 0FFh
        xor     ax, ax                  ; both are up: a number from the keypad becomes a character
        xchg    al, [BDA_ALTPAD]
        test    al, al
        jz      key_done
        jmp     key_store

; Ctrl-Num Lock and Ctrl-Scroll Lock are Pause and Break on keyboards of 84 keys; so is Break with its prefix on ours.
key_num_lock:
        mov     cl, SH_NUM
        test    byte [BDA_SHIFT], SH_CTRL
        jz      key_lock
        test    ah, ah
        js      key_done
        jmp     key_pause

key_scroll_lock:
        mov     cl, SH_SCROLL
        test    byte [BDA_SHIFT], SH_CTRL
        jnz     .break
        test    bh, KM_E0
        jz      key_lock
.break:
        test    ah, ah
        js      key_done
        jmp     key_break

; A lock changes when its key goes down, not when it repeats. CL: its bit in both shift bytes.
key_lock:
        test    ah, ah
        js      .up
        test    [BDA_SHIFT2], cl
        jnz     key_done
        or      [BDA_SHIFT2], cl
        xor     [BDA_SHIFT], cl
        jmp     key_done_leds
.up:
        not     cl
        and     [BDA_SHIFT2], cl
        jmp     key_done

; SysRq: INT 15h/85h when it goes down and when it comes up.
key_sysreq:
        mov     cx, 8500h
        test    ah, ah
        js      .up
        test    byte [BDA_SHIFT2], S2_SYSREQ
        jnz     key_done
        or      byte [BDA_SHIFT2], S2_SYSREQ
        jmp     .call
.up:
        and     byte [BDA_SHIFT2], ~S2_SYSREQ & 0FFh
        inc     cx
.call:
        mov     al, EOI
        out     PIC1, al
        sti
        mov     ax, cx
        int     15h
        jmp     key_return
