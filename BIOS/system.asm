; system.asm: INT 15h, dispatch and the services that are neither memory nor power. Keys: [RBIL 15].

int15_handler:
        cmp     ah, 4Fh                 ; keyboard intercept: CF as it came, AL unchanged
        je      .keyboard
        enter_service
        mov     si, .table
.next:
        mov     bl, [cs:si]
        cmp     bl, 0FFh
        je      service_unsupported
        add     si, 3
        cmp     bl, ah
        jne     .next
        push    word [cs:si-2]
        mov     bl, [bp+F_BL]           ; every register as the caller gave it
        mov     si, [bp+F_SI]
        ret
.keyboard:
        push    bp
        mov     bp, sp
        or      word [bp+6], FLAG_CARRY ; nobody took the code: the BIOS goes on with it
        pop     bp
        iret

%macro service 2
        db      %1
        dw      %2
%endmacro
.table: service 24h, service_a20
        service 53h, service_apm
        service 80h, service_nothing    ; device open
        service 81h, service_nothing    ; device close
        service 82h, service_nothing    ; program end
        service 83h, service_event_wait
        service 84h, service_joystick
        service 85h, service_nothing    ; SysRq
        service 86h, service_wait
        service 87h, service_block_move
        service 88h, service_extended_kb
        service 89h, service_protected_mode
        service 90h, service_nothing    ; device busy
        service 91h, service_nothing    ; device done
        service 0C0h, service_configuration
        service 0C1h, service_ebda
        service 0C2h, service_pointing
        service 0E8h, service_memory_map
        db      0FFh

; The ways out: AH = 0 and CF clear; AH = 86h and CF set.
service_nothing:
        mov     byte [bp+F_AH], 0
service_ok:
        and     word [bp+F_FLAGS], ~FLAG_CARRY & 0FFFFh
        leave_service
service_unsupported:
        mov     byte [bp+F_AH], 86h
service_failed:
        or      word [bp+F_FLAGS], FLAG_CARRY
        leave_service

; 24h: A20. AL = 0 close, 1 open, 2 AL = state, 3 BX = ways that there are.
service_a20:
        cmp     byte [BDA_CPU], CPU_80286
        jb      service_unsupported
        cmp     al, 1
        jb      .close
        je      .open
        cmp     al, 3
        jb      .state
        jne     service_unsupported
        mov     word [bp+F_BX], 3       ; 8042 and port 92h
        jmp     service_nothing
.close:
        call    disable_a20
        jmp     service_nothing
.open:
        call    enable_a20
        jmp     service_nothing
.state:
        call    a20_state
        mov     [bp+F_AL], al
        jmp     service_nothing

; AL = 1 if A20 is open: a word of the data area does not show up 1 MB above itself. Uses AX, BX.
a20_state:
        pushf
        push    es
        cli
        mov     ax, 0FFFFh
        mov     es, ax
        mov     bx, 10h + BDA_SEG * 16 + BDA_A20_TEST
        mov     ax, [es:bx]
        not     ax
        mov     [BDA_A20_TEST], ax
        cmp     ax, [es:bx]
        mov     ax, 0
        je      .closed
        inc     ax
.closed:
        pop     es
        popf
        ret

; 84h: joystick. DX = 0: AL = switches in bits 7-4; DX = 1: AX, BX, CX, DX = the four axes, 0 for one that does not
; answer. Without a game port the switches read open.
service_joystick:
        mov     dx, 201h
        cmp     word [bp+F_DX], 1
        ja      service_unsupported
        je      .axes
        in      al, dx
        and     al, 0F0h
        mov     [bp+F_AL], al
        jmp     service_ok
.axes:
        mov     ah, 01h
        call    joystick_axis
        mov     [bp+F_AX], bx
        mov     ah, 02h
        call    joystick_axis
        mov     [bp+F_BX], bx
        mov     ah, 04h
        call    joystick_axis
        mov     [bp+F_CX], bx
        mov     ah, 08h
        call    joystick_axis
        mov     [bp+F_DX], bx
        jmp     service_ok

; BX = how long the one-shot of the axis with bit AH stays on, 0 if it does not end. The AT counted turns of a loop, up
; to 416; here the PIT counts, and 1 is 8 of its steps, so that 1.1 ms gives 335. DX = 201h. Uses AL, CX, SI.
joystick_axis:
        pushf
        cli
        call    .count
        mov     si, cx
        xor     al, al
        out     dx, al
.next:
        in      al, dx
        call    .elapsed
        test    al, ah
        jz      .over
        cmp     bx, 416 * 8
        jb      .next
        mov     bx, 0
.over:
        mov     cl, 3
        shr     bx, cl
        popf
        ret
; BX = clocks since SI. Uses CX.
.elapsed:
        call    .count
        mov     bx, si
        sub     bx, cx
        ret
; CX = counter 0 of the PIT, latched.
.count:
        push    ax
        xor     al, al
        out     PIT_CONTROL, al
        jmp     short $+2
        in      al, PIT0
        mov     cl, al
        jmp     short $+2
        in      al, PIT0
        mov     ch, al
        pop     ax
        ret

; C0h: ES:BX = the configuration table.
service_configuration:
        mov     [bp+F_ES], cs
        mov     word [bp+F_BX], config_table
        jmp     service_nothing

; C1h: ES = segment of the extended BIOS data area.
service_ebda:
        mov     ax, [BDA_EBDA]
        mov     [bp+F_ES], ax
        jmp     service_nothing

; 83h: AL = 0: in CX:DX microseconds set bit 7 of the byte at ES:BX; AL = 1: call it off. CF set if one runs.
service_event_wait:
        cmp     al, 1
        je      .cancel
        ja      service_unsupported
        mov     ax, [bp+F_ES]
        mov     bx, [bp+F_BX]
        call    start_wait
        jc      .busy
        jmp     service_nothing
.busy:
        mov     byte [bp+F_AH], 80h
        jmp     service_failed
.cancel:
        mov     bl, ~RTC_PERIODIC & 0FFh
        call    rtc_interrupt_off
        mov     byte [BDA_WAIT_ACTIVE], 0
        jmp     service_nothing

; 86h: returns after CX:DX microseconds. CF set if a wait runs already.
service_wait:
        mov     ax, ds
        mov     bx, BDA_WAIT_ACTIVE
        call    start_wait
        mov     byte [bp+F_AH], 83h
        jc      service_failed
.wait:
        cli
        test    byte [BDA_WAIT_ACTIVE], 80h
        jnz     .over
        test    byte [BDA_WAIT_ACTIVE], 01h
        jz      .over                   ; called off
        sti
        hlt
        jmp     .wait
.over:
        mov     byte [BDA_WAIT_ACTIVE], 0
        sti
        jmp     service_nothing

; Starts a wait of the frame's CX:DX microseconds with the flag at AX:BX; CF set if one runs. Uses AX, BX.
start_wait:
        pushf
        cli
        test    byte [BDA_WAIT_ACTIVE], 01h
        jnz     .busy
        mov     [BDA_WAIT_FLAG], bx
        mov     [BDA_WAIT_FLAG+2], ax
        mov     ax, [bp+F_DX]
        mov     [BDA_WAIT_COUNT], ax
        mov     ax, [bp+F_CX]
        mov     [BDA_WAIT_COUNT+2], ax
        mov     byte [BDA_WAIT_ACTIVE], 01h
        mov     ax, RTC_RUN << 8 | CMOS_A
        call    cmos_write
        mov     bl, RTC_PERIODIC
        call    rtc_interrupt_on
        popf
        clc
        ret
.busy:
        popf
        stc
        ret
