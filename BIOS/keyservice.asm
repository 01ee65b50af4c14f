; keyservice.asm: INT 16h, the keyboard as programs see it. Keys: [RBIL 1600-1612].

; A prompt that asks for a key in a loop would keep the host busy for nothing. So the sixteenth question in vain within
; one timer tick halts until the next interrupt; a key ends that at once, and so does the tick.
POLLS_PER_TICK  equ     16

int16_handler:
        enter_service
        sti
        cmp     ah, 00h
        je      key_read
        cmp     ah, 10h
        je      key_read
        cmp     ah, 01h
        je      key_status
        cmp     ah, 11h
        je      key_status
        cmp     ah, 02h
        je      key_shift_state
        cmp     ah, 12h
        je      key_shift_state_enhanced
        cmp     ah, 03h
        je      key_typematic
        cmp     ah, 05h
        je      key_push
        leave_service

; 00h, 10h: waits for a key and takes it: AX.
key_read:
        cli
        call    key_peek
        jnz     .take
        sti
        mov     ax, 9002h               ; a multitasker may use the time
        int     15h
.wait:
        cli
        mov     ah, [bp+F_AH]
        call    key_peek
        jnz     .take
        sti                             ; STI holds off interrupts until HLT has begun
        hlt
        jmp     .wait
.take:
        mov     [bp+F_AX], ax
        mov     bx, [BDA_KBD_HEAD]
        call    key_drop
        mov     byte [BDA_POLLS], 0
        leave_service

; 01h, 11h: ZF set if there is no key, else AX is the key, which stays.
key_status:
        call    key_peek
        jnz     .found
        mov     al, [BDA_TICKS]
        cmp     al, [BDA_POLL_TICK]
        je      .same_tick
        mov     [BDA_POLL_TICK], al
        mov     byte [BDA_POLLS], 0
.same_tick:
        inc     byte [BDA_POLLS]
        cmp     byte [BDA_POLLS], POLLS_PER_TICK
        jb      .none
        mov     byte [BDA_POLLS], 0
        call    halt_if_safe
        mov     ah, [bp+F_AH]
        call    key_peek
        jnz     .found
.none:
        or      word [bp+F_FLAGS], FLAG_ZERO
        leave_service
.found:
        mov     byte [BDA_POLLS], 0
        mov     [bp+F_AX], ax
        and     word [bp+F_FLAGS], ~FLAG_ZERO & 0FFFFh
        leave_service

; Halts until the next interrupt, if one is sure to come: the timer's line is open, and nothing is in service that
; would hold it back (a program that hangs on INT 1Ch may ask for keys). Uses AL.
halt_if_safe:
        cli
        in      al, PIC1_MASK
        test    al, 01h
        jnz     .unsafe
        mov     al, 0Bh                 ; OCW3: read the in-service register
        out     PIC1, al
        jmp     short $+2
        in      al, PIC1
        mov     ah, al
        mov     al, 0Ah
        out     PIC1, al
        test    ah, ah
        jnz     .unsafe
        sti
        hlt
.unsafe:
        sti
        ret

; AX = the next key as the function AH shows it, and ZF clear; ZF set if there is none. Keys that function 00h/01h
; does not know are taken out on the way. DS = 0040h. Uses BX.
key_peek:
        pushf
        cli
        push    cx
        mov     ch, ah
.next:
        mov     bx, [BDA_KBD_HEAD]
        cmp     bx, [BDA_KBD_TAIL]
        je      .none
        mov     ax, [bx]
        test    ch, 10h
        jnz     .enhanced
        cmp     ah, 0E0h                ; keypad Enter and /: their old codes
        jne     .no_prefix
        mov     ah, 35h
        cmp     al, '/'
        je      .found
        mov     ah, 1Ch
        jmp     .found
.no_prefix:
        test    ax, 0FF00h              ; from the Alt keypad: any character
        jz      .found
        cmp     al, 0F0h
        je      .unknown
        cmp     ah, 84h
        ja      .unknown
        cmp     al, 0E0h
        jne     .found
        mov     al, 0
        jmp     .found
.unknown:
        call    key_drop
        jmp     .next
.enhanced:
        test    ax, 0FF00h
        jz      .found
        cmp     al, 0F0h
        jne     .found
        mov     al, 0
.found:
        pop     cx
        popf
        push    ax
        or      al, 1                   ; ZF clear
        pop     ax
        ret
.none:
        pop     cx
        popf
        push    ax
        xor     ax, ax                  ; ZF set
        pop     ax
        ret

; Takes the key at BX, the head, out of the buffer.
key_drop:
        add     bx, 2
        cmp     bx, [BDA_KBD_END]
        jb      .no_wrap
        mov     bx, [BDA_KBD_START]
.no_wrap:
        mov     [BDA_KBD_HEAD], bx
        ret

; 02h: AL = shift state.
key_shift_state:
        mov     al, [BDA_SHIFT]
        mov     [bp+F_AL], al
        leave_service

; 12h: AL = shift state; AH: left Ctrl, left Alt, right Ctrl, right Alt, locks held, SysRq held.
key_shift_state_enhanced:
        mov     al, [BDA_SHIFT]
        mov     ah, [BDA_SHIFT2]
        mov     bh, ah
        and     ah, S2_LCTRL | S2_LALT | S2_SCROLL | S2_NUM | S2_CAPS
        test    bh, S2_SYSREQ
        jz      .no_sysreq
        or      ah, 80h
.no_sysreq:
        mov     bh, [BDA_KBD_MODE]
        and     bh, KM_RCTRL | KM_RALT
        or      ah, bh
        mov     [bp+F_AX], ax
        leave_service

; 03h: typematic: AL = 0 default; AL = 5: BL = rate (0 fastest to 1Fh), BH = delay (0-3, quarters of a second).
key_typematic:
        mov     ah, 2Bh                 ; 10.9 a second after half a second
        test    al, al
        jz      .set
        cmp     al, 05h
        jne     .done
        and     bl, 1Fh
        and     bh, 03h
        mov     cl, 5
        shl     bh, cl
        or      bh, bl
        mov     ah, bh
.set:
        call    .settle                 ; a command under way goes first
        mov     al, 0F3h
        cli
        call    start_keyboard_command
        sti
        call    .settle
.done:
        leave_service
; Waits until no keyboard command is under way, four ticks at most.
.settle:
        mov     cl, [BDA_TICKS]
.more:
        test    byte [BDA_KBD_LEDS], KL_BUSY
        jz      .settled
        sti
        hlt
        mov     al, [BDA_TICKS]
        sub     al, cl
        cmp     al, 4
        jb      .more
.settled:
        ret

; 05h: CX goes into the buffer as if typed: AL = 0, or 1 if there is no room.
key_push:
        mov     ax, cx
        cli
        call    buffer_put
        mov     al, 0
        adc     al, 0
        mov     [bp+F_AL], al
        leave_service
