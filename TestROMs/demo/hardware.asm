; The report on what is in this PC. Each line has a routine.

hardware:
        call    clear_screen
        mov     si, .title
        mov     di, back_keys
        call    draw_bars
        show    COLOR BODY, AT 2, 3, "Measuring..."
        call    measure_speed
        mov     word [place], 2 * 256 + 3
        mov     al, 40
        call    pad
        mov     byte [report_row], 2
        mov     bx, .lines
.next:
        mov     si, [bx]
        mov     dh, [report_row]
        mov     dl, 3
        mov     [place], dx
        mov     byte [color], LABEL
        call    draw
        mov     byte [place], 17
        mov     byte [color], STRONG
        push    bx
        call    [bx + 2]
        push    cs
        pop     es
        pop     bx
        inc     byte [report_row]
        add     bx, 4
        cmp     bx, .lines_end
        jb      .next
        jmp     wait_key

.title: db      "Hardware", END
.lines: dw      .processor, report_processor
        dw      .features, report_features
        dw      .speed, report_speed
        dw      .coprocessor, report_coprocessor
        dw      .memory, report_memory
        dw      .nothing, report_map
        dw      .bios, report_bios
        dw      .roms, report_roms
        dw      .video, report_video
        dw      .nothing, report_mode
        dw      .floppies, report_floppies
        dw      .disks, report_disks
        dw      .serial, report_serial
        dw      .parallel, report_parallel
        dw      .keyboard, report_keyboard
        dw      .clock, report_clock
.lines_end:
.processor:     db "Processor", END
.features:      db "Features", END
.speed:         db "Speed", END
.coprocessor:   db "Coprocessor", END
.memory:        db "Memory", END
.bios:          db "BIOS", END
.roms:          db "Option ROMs", END
.video:         db "Video", END
.floppies:      db "Floppies", END
.disks:         db "Hard disks", END
.serial:        db "Serial ports", END
.parallel:      db "Printer ports", END
.keyboard:      db "Keyboard", END
.clock:         db "Clock", END
.nothing:       db END

report_processor:
        call    put_processor
        cmp     byte [processor], 5
        jb      report_done
        mov     byte [color], BODY
        show    ", "
        mov     si, vendor
        call    draw
        show    ", family "
        mov     ax, [signature]
        mov     al, ah
        and     ax, 0x0F
        call    put_decimal
        show    " model "
        mov     al, [signature]
        mov     cl, 4
        shr     al, cl
        xor     ah, ah
        call    put_decimal
        show    " stepping "
        mov     al, [signature]
        and     ax, 0x0F
        call    put_decimal
report_done:
        ret

report_features:
        mov     byte [color], BODY
        cmp     byte [processor], 5
        jae     .cpuid
        show    "no CPUID"
        ret
.cpuid:
        mov     dx, [features]
        mov     bx, .names
        mov     cx, 32
.next:
        shr     word [features + 2], 1  ; the whole goes round, so that it is left as it was
        rcr     dx, 1
        jnc     .clear
        or      word [features + 2], 0x8000
        cmp     byte [bx], ' '
        je      .clear
        push    cx
        mov     cx, 5
.letter:
        mov     al, [bx]
        cmp     al, ' '
        je      .end
        call    put
        inc     bx
        loop    .letter
.end:
        sub     cx, 5
        add     bx, cx
        pop     cx
        mov     al, ' '
        call    put
        cmp     byte [place], 74
        ja      .full
.clear:
        add     bx, 5
        loop    .next
.full:
        ret
.names: db      "FPU  VME  DE   PSE  TSC  MSR  PAE  MCE  CX8  APIC      SEP  MTRR PGE  MCA  CMOV "
        db      "PAT  PSE36PSN  CLFSH     DS   ACPI MMX  FXSR SSE  SSE2 SS   HTT  TM        PBE  "

report_speed:
        mov     ax, [speed]
        mov     dx, [speed + 2]
        mov     bx, 1000
        call    divide_long             ; millions; the rest as a fraction
        push    ax
        push    dx
        mov     bx, 1000
        mul     bx
        mov     bx, [speed]
        sub     bx, ax                  ; thousands beyond (less than 1000: the low words do)
        pop     dx
        pop     ax
        call    put_long
        mov     al, '.'
        call    put
        mov     ax, bx
        mov     bl, 100
        div     bl
        push    ax
        call    put_digit
        pop     ax
        mov     al, ah
        xor     ah, ah
        mov     bl, 10
        div     bl
        call    put_digit
        mov     byte [color], BODY
        show    " million simple instructions a second"
        ret

report_coprocessor:
        cmp     byte [has_fpu], 0
        jne     .yes
        show    "none"
        ret
.yes:
        show    "present"
        ret

report_memory:
        int     0x12
        call    put_decimal
        show    " KB", COLOR BODY, " conventional, "
        cmp     byte [processor], 2
        jb      .none
        mov     ah, 0x88
        int     0x15
        jc      .none
        mov     byte [color], STRONG
        call    put_decimal
        show    " KB", COLOR BODY, " extended by INT 15h/88h"
        ret
.none:
        show    "no extended"
        ret

; INT 15h/E801h and E820h
report_map:
        mov     byte [color], BODY
        cmp     byte [processor], 3
        jb      .done
        mov     ax, 0xE801
        xor     bx, bx
        xor     cx, cx
        xor     dx, dx
        clc
        int     0x15
        jc      .no_e801
        cmp     ah, 0x86
        je      .no_e801
        mov     si, ax
        or      si, bx
        jnz     .ax_bx
        mov     ax, cx
        mov     bx, dx
.ax_bx:
        mov     dx, bx                  ; DX 64 KB blocks and AX KB, together in KB
        push    ax
        mov     ax, 64
        mul     dx
        pop     bx
        add     ax, bx
        adc     dx, 0
        mov     byte [color], STRONG
        call    put_long
        show    " KB", COLOR BODY, " by E801h   "
.no_e801:
        cpu     386
        xor     ebx, ebx
        xor     ebp, ebp                ; KB free for use
        xor     si, si                  ; entries
.next:
        mov     eax, 0xE820
        mov     edx, 0x534D4150
        mov     ecx, 20
        mov     di, disk_buffer
        push    si
        push    ebp
        int     0x15
        pop     ebp
        pop     si
        jc      .end
        cmp     eax, 0x534D4150
        jne     .end
        inc     si
        cmp     byte [disk_buffer + 16], 1
        jne     .reserved
        mov     eax, [disk_buffer + 8]
        mov     edx, [disk_buffer + 12]
        shrd    eax, edx, 10
        add     ebp, eax
.reserved:
        cmp     si, 50
        ja      .end
        test    ebx, ebx
        jnz     .next
.end:
        test    si, si
        jz      .done
        mov     byte [color], STRONG
        mov     eax, ebp
        mov     edx, ebp
        shr     edx, 16
        call    put_long
        show    " KB", COLOR BODY, " by E820h in "
        mov     ax, si
        call    put_decimal
        show    " entries"
        cpu     8086
.done:
        ret

report_bios:
        mov     ax, 0xF000
        mov     es, ax
        mov     di, 0xFFF5
        mov     cx, 8
.date:
        mov     al, [es:di]
        inc     di
        cmp     al, 0x20
        jb      .next
        call    put
.next:
        loop    .date
        mov     byte [color], BODY
        show    ", model "
        mov     al, [es:0xFFFE]
        call    put_byte
        mov     ah, 0xC0
        stc
        int     0x15
        jc      .done
        test    ah, ah
        jnz     .done
        mov     al, '/'
        call    put
        mov     al, [es:bx + 3]
        call    put_byte
        mov     al, '/'
        call    put
        mov     al, [es:bx + 4]
        call    put_byte
.done:
        ret

report_roms:
        mov     dx, 0xC000
        xor     cx, cx
.next:
        mov     es, dx
        mov     ax, 0x80                ; 2 KB on
        cmp     word [es:0], 0xAA55
        jne     .none
        inc     cx
        push    ax
        mov     ax, dx
        call    put_word
        mov     al, ' '
        call    put
        mov     al, [es:2]
        xor     ah, ah
        inc     ax
        shr     ax, 1
        push    ax
        call    put_decimal
        show    "K  "
        pop     bx
        pop     ax
        inc     bx                      ; whole 2 KB
        shr     bx, 1
        jz      .none
        push    cx
        mov     cl, 7
        shl     bx, cl
        pop     cx
        mov     ax, bx
.none:
        add     dx, ax
        jc      .end
        cmp     byte [place], 68
        ja      .end
        cmp     dx, 0xF000
        jb      .next
.end:
        test    cx, cx
        jnz     .done
        show    "none"
.done:
        ret

report_video:
        mov     ax, 0x1A00
        int     0x10
        cmp     al, 0x1A
        jne     .old
        xor     bh, bh
        cmp     bl, 8
        ja      .other
        add     bx, bx
        mov     si, [bx + .names]
        call    draw
        jmp     .memory
.other:
        show    "display code "
        mov     al, bl
        call    put_byte
.memory:
        mov     ah, 0x12
        mov     bx, 0xFF10
        int     0x10
        cmp     bh, 1
        ja      .done
        mov     byte [color], BODY
        show    ", "
        mov     al, bl
        xor     ah, ah
        inc     ax
        mov     cl, 6
        shl     ax, cl
        call    put_decimal
        show    " KB or more"
.done:
        ret
.old:
        show    "before the VGA"
        ret
.names: dw      .none, .mda, .cga, .unknown, .ega, .ega, .pgc, .vga_mono, .vga
.none:          db "none", END
.mda:           db "MDA", END
.cga:           db "CGA", END
.unknown:       db "unknown", END
.ega:           db "EGA", END
.pgc:           db "PGC", END
.vga_mono:      db "VGA, monochrome", END
.vga:           db "VGA, colour", END

report_mode:
        mov     byte [color], BODY
        show    "mode "
        mov     ah, 0x0F
        int     0x10
        push    ax
        and     al, 0x7F
        call    put_byte
        show    "h, "
        pop     ax
        mov     al, ah
        xor     ah, ah
        call    put_decimal
        show    " x "
        push    ds
        mov     ax, BDA
        mov     ds, ax
        mov     al, [0x84]
        mov     cx, [0x85]
        mov     dx, [0x63]
        pop     ds
        xor     ah, ah
        inc     ax
        call    put_decimal
        show    " characters of "
        mov     ax, cx
        call    put_decimal
        show    " lines, CRTC at port "
        mov     ax, dx
        call    put_word
        mov     al, 'h'
        jmp     put

report_serial:
        mov     si, 0
        mov     al, 'C'
        jmp     report_ports
report_parallel:
        mov     si, 8
        mov     al, 'L'
; In: SI = first port in the data area, AL = C or L
report_ports:
        mov     bl, al
        mov     dl, '1'
        mov     cx, 4
        cmp     bl, 'C'
        je      .next
        dec     cx                      ; the fourth word is the EBDA's segment
.next:
        push    ds
        mov     ax, BDA
        mov     ds, ax
        mov     ax, [si]
        pop     ds
        test    ax, ax
        jz      .none
        push    ax
        cmp     bl, 'C'
        je      .com
        show    "LPT"
        jmp     .named
.com:
        show    "COM"
.named:
        mov     al, dl
        call    put
        show    " at "
        pop     ax
        call    put_word
        show    "h  "
.none:
        inc     dl
        add     si, 2
        loop    .next
        cmp     byte [place], 17
        jne     .done
        show    "none"
.done:
        ret

report_keyboard:
        push    ds
        mov     ax, BDA
        mov     ds, ax
        mov     bl, [0x96]
        mov     bh, [0x10]
        pop     ds
        test    bl, 0x10
        jz      .small
        show    "101 or 102 keys"
        jmp     .mouse
.small:
        show    "83 or 84 keys"
.mouse:
        test    bh, 4
        jz      .done
        mov     byte [color], BODY
        show    "; PS/2 mouse"
.done:
        ret

report_clock:
        mov     ah, 2
        clc
        int     0x1A
        jc      .none
        show    "real-time clock, battery backed"
        ret
.none:
        show    "ticks only"
        ret
