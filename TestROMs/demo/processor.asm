; What processor this is, and how fast.

; Sets `processor`, `has_fpu` and, if it has CPUID, `vendor`, `signature` and `features`.
find_processor:
        mov     byte [processor], 0
        mov     byte [has_fpu], 0
        mov     byte [vendor], 0

        call    .class

        ; A coprocessor stores its control or status word; without one nothing is written. Where EM says that it is to
        ; be emulated, we do not try.
        cmp     byte [processor], 2
        jb      .try
        cpu     286
        smsw    ax
        cpu     8086
        test    al, 4
        jnz     .no_fpu
.try:
        fninit
        mov     word [quotient], 0x5A5A
        fnstsw  [quotient]
        cmp     byte [quotient], 0
        jne     .no_fpu
        fnstcw  [quotient]
        mov     ax, [quotient]
        and     ax, 0x103F
        cmp     ax, 0x003F
        jne     .no_fpu
        inc     byte [has_fpu]
.no_fpu:
        ret

.class:
        ; The 8086 shifts by the whole of CL, later ones by its low five bits.
        mov     ax, 0xFFFF
        mov     cl, 33
        shr     ax, cl
        jz      .done
        inc     byte [processor]
        ; FLAGS bits 15-12 are ones on an 80186, zeros on an 80286 in real mode, and can be set on an 80386.
        pushf
        pop     ax
        and     ax, 0x0FFF
        push    ax
        popf
        pushf
        pop     ax
        and     ax, 0xF000
        cmp     ax, 0xF000
        je      .done
        inc     byte [processor]
        pushf
        pop     ax
        or      ax, 0x7000
        push    ax
        popf
        pushf
        pop     ax
        and     ax, 0x7000
        pushf
        pop     cx
        and     cx, 0x0FFF
        push    cx
        popf
        test    ax, ax
        jz      .done
        inc     byte [processor]

        cpu     386
        ; An 80486 can change EFLAGS bit 18 (AC), one with CPUID bit 21 (ID).
        mov     ecx, 0x00040000
        call    .changes
        jz      .done
        inc     byte [processor]
        mov     ecx, 0x00200000
        call    .changes
        jz      .done
        inc     byte [processor]
        cpu     586
        xor     eax, eax
        cpuid
        mov     [vendor], ebx
        mov     [vendor + 4], edx
        mov     [vendor + 8], ecx
        mov     byte [vendor + 12], 0
        test    eax, eax
        jz      .done
        mov     eax, 1
        cpuid
        mov     [signature], eax
        mov     [features], edx
.done:
        ret

        cpu     386
; Out: ZF clear if the bits ECX of EFLAGS can be changed.
.changes:
        pushfd
        pop     eax
        mov     ebx, eax
        xor     eax, ecx
        push    eax
        popfd
        pushfd
        pop     eax
        push    ebx
        popfd
        xor     eax, ebx
        test    eax, ecx
        ret
        cpu     8086

; The processor's name
put_processor:
        mov     bl, [processor]
        xor     bh, bh
        add     bx, bx
        mov     si, [bx + .names]
        cmp     bl, 10
        jne     .draw
        mov     al, [signature + 1]     ; the family
        and     al, 0x0F
        mov     si, .name486
        cmp     al, 5
        jb      .draw
        mov     si, .name586
        je      .draw
        mov     si, .name686
        cmp     al, 6
        je      .draw
        mov     si, .later
.draw:
        jmp     draw
.names: dw      .name86, .name186, .name286, .name386, .name486, .name586
.name86:        db "8086 or 8088", END
.name186:       db "80186 or 80188", END
.name286:       db "80286", END
.name386:       db "80386", END
.name486:       db "80486", END
.name586:       db "Pentium class", END
.name686:       db "P6 class", END
.later:         db "after the P6", END

; Measures `speed`: a loop of four simple instructions for two ticks.
measure_speed:
        call    ticks
        mov     bx, ax
.edge:
        hlt
        call    ticks
        cmp     ax, bx
        je      .edge
        push    ds
        mov     bx, BDA
        mov     ds, bx
        mov     bx, ax
        add     bx, 2
        xor     cx, cx
        xor     dx, dx
.count:
        add     cx, 1
        adc     dx, 0
        cmp     [0x6C], bx
        jne     .count
        pop     ds
        ; Instructions a second = loops * 4 * 18.2065 / 2 = loops * 36.4; in thousands: loops * 4 / 110
        mov     ax, cx
        add     ax, ax
        adc     dx, dx
        add     ax, ax
        adc     dx, dx
        mov     bx, 110
        call    divide_long
        mov     [speed], ax
        mov     [speed + 2], dx
        ret
