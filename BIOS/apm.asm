; apm.asm: INT 15h/53h, Advanced Power Management 1.2, the real-mode interface. Key: [APM 1.2] with its section.
; There is one power state besides on: off. Protected-mode interfaces are not offered.

APM_BIOS        equ     0000h           ; device: the power-management BIOS itself
APM_ALL         equ     0001h           ; all devices

service_apm:
        cmp     al, 0Fh
        ja      .unknown
        mov     bl, al
        xor     bh, bh
        shl     bx, 1
        jmp     [cs:bx+.table]
.unknown:
        mov     ah, 0Ch                 ; function not supported [4.6]
        jmp     apm_error
.table: dw      apm_installation, apm_connect, apm_no_16_bit, apm_no_32_bit
        dw      apm_disconnect, apm_idle, apm_busy, apm_set_state
        dw      apm_enable, apm_enable, apm_power_status, apm_event
        dw      apm_get_state, apm_enable, apm_version, apm_enable

apm_error:
        mov     [bp+F_AH], ah
        jmp     service_failed

; 5300h: AH.AL = version, BX = "PM", CX = flags: none of the protected-mode interfaces.
apm_installation:
        cmp     word [bp+F_BX], APM_BIOS
        jne     apm_no_device
        mov     word [bp+F_AX], 0102h
        mov     word [bp+F_BX], 504Dh
        mov     word [bp+F_CX], 0
        jmp     service_ok
apm_no_device:
        mov     ah, 09h                 ; unrecognised device
        jmp     apm_error

apm_no_16_bit:
        mov     ah, 06h
        jmp     apm_error
apm_no_32_bit:
        mov     ah, 08h
        jmp     apm_error

; 5301h: connect.
apm_connect:
        test    byte [BDA_APM], 01h
        mov     ah, 02h                 ; connected already
        jnz     apm_error
        or      byte [BDA_APM], 01h
        jmp     service_nothing

; 5304h: disconnect.
apm_disconnect:
        test    byte [BDA_APM], 01h
        mov     ah, 03h                 ; not connected
        jz      apm_error
        and     byte [BDA_APM], 0FEh
        jmp     service_nothing

; 5305h: nothing to do until the next interrupt.
apm_idle:
        sti
        hlt
        jmp     service_nothing

; 5306h, and the functions that switch management on or off: nothing to do.
apm_busy:
apm_enable:
        jmp     service_nothing

; 5307h: BX = device, CX = state: 0 on, 1 standby, 2 suspend, 3 off.
apm_set_state:
        cmp     word [bp+F_BX], APM_ALL
        jne     apm_no_device
        cmp     word [bp+F_CX], 3
        jb      .stay
        ja      .bad_state
        cli
        mov     si, .shutdown
        mov     dx, POWER_PORT
        mov     cx, 8
.next:
        mov     al, [cs:si]
        out     dx, al
        inc     si
        loop    .next
        mov     dx, POWER_BASE + 4      ; soft-off by the power management function, where there is one
        mov     ax, 2000h
        out     dx, ax
        sti                             ; still here: a machine that cannot switch itself off
        mov     ah, 60h                 ; cannot enter the state
        jmp     apm_error
.bad_state:
        mov     ah, 0Ah                 ; parameter out of range
        jmp     apm_error
.stay:
        cmp     word [bp+F_CX], 0
        je      service_nothing
        mov     ah, 60h
        jmp     apm_error
.shutdown:
        db      "Shutdown"

; 530Ah: on mains, no battery.
apm_power_status:
        cmp     word [bp+F_BX], APM_ALL
        jne     apm_no_device
        mov     word [bp+F_BX], 01FFh   ; on line; battery status unknown
        mov     word [bp+F_CX], 80FFh   ; no battery; charge unknown
        mov     word [bp+F_DX], 0FFFFh
        jmp     service_ok

; 530Bh: no events.
apm_event:
        mov     ah, 80h
        jmp     apm_error

; 530Ch: CX = state: on.
apm_get_state:
        mov     word [bp+F_CX], 0
        jmp     service_nothing

; 530Eh: CX = the caller's version; AX = the version agreed.
apm_version:
        mov     ax, [bp+F_CX]
        cmp     ax, 0102h
        jbe     .agreed
        mov     ax, 0102h
.agreed:
        mov     [bp+F_AX], ax
        jmp     service_ok
