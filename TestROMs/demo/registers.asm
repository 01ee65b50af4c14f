; Registers as the BIOS handed them over and as they are here, flags, interrupt vectors.

registers:
        ; Now, in the order of registers_at_boot, onto the stack
        mov     [quotient], sp
        push    ss
        push    word [quotient]
        pushf
        push    ax
        push    bx
        push    cx
        push    dx
        push    si
        push    di
        push    bp
        push    ds
        push    es
        push    cs
        mov     bp, sp
        push    bp
        call    clear_screen
        mov     si, .title
        mov     di, back_keys
        call    draw_bars
        show    COLOR LABEL, AT 2, 3, "At boot", AT 2, 16, "Now"
        pop     bp
        mov     bx, 0
        mov     dh, 3
.next:
        mov     dl, 3
        mov     [place], dx
        mov     byte [color], BODY
        mov     si, [bx + .order]
        and     si, 0xFF
        push    si
        push    bx
        mov     al, [bx + .names]
        call    put
        mov     al, [bx + .names + 1]
        call    put
        mov     al, ' '
        call    put
        pop     bx
        pop     si
        mov     byte [color], STRONG
        mov     ax, [si + registers_at_boot]
        call    put_word
        mov     byte [place], 16
        mov     ax, [bp + si]
        call    put_word
        inc     dh
        add     bx, 2
        cmp     bx, 26
        jb      .next

        ; Flags
        show    COLOR LABEL, AT 20, 3, "Flags at boot  ", COLOR STRONG
        mov     dx, [registers_at_boot + 20]
        call    .flags
        show    COLOR LABEL, AT 21, 3, "Flags now      ", COLOR STRONG
        mov     dx, [bp + 20]
        call    .flags

        ; The larger registers of an 80386 or better
        cmp     byte [processor], 3
        jb      .no386
        cpu     386
        show    COLOR LABEL, AT 22, 3, "CR0 ", COLOR STRONG
        mov     eax, cr0
        call    .long
        show    COLOR LABEL, "   CR3 ", COLOR STRONG
        mov     eax, cr3
        call    .long
        show    COLOR LABEL, "   EFLAGS ", COLOR STRONG
        pushfd
        pop     eax
        call    .long
        show    COLOR LABEL, "   FS ", COLOR STRONG
        mov     ax, fs
        call    put_word
        show    COLOR LABEL, "   GS ", COLOR STRONG
        mov     ax, gs
        call    put_word
        show    COLOR LABEL, AT 23, 3, "GDT ", COLOR STRONG
        sgdt    [line_buffer]
        call    .table
        show    COLOR LABEL, "   IDT ", COLOR STRONG
        sidt    [line_buffer]
        call    .table
        cpu     8086
.no386:
        ; Interrupt vectors 00h-1Fh
        show    COLOR LABEL, AT 2, 26, "Interrupt vectors"
        xor     bx, bx
.vector:
        mov     ax, bx
        and     ax, 0x0F
        add     al, 3
        mov     dh, al
        mov     dl, 26
        test    bl, 0x10
        jz      .left
        mov     dl, 53
.left:
        mov     [place], dx
        mov     byte [color], LABEL
        mov     al, bl
        call    put_byte
        mov     al, ' '
        call    put
        push    ds
        push    bx
        xor     ax, ax
        mov     ds, ax
        add     bx, bx
        add     bx, bx
        mov     ax, [bx]
        mov     cx, [bx + 2]
        pop     bx
        pop     ds
        mov     byte [color], STRONG
        push    ax
        mov     ax, cx
        call    put_word
        mov     al, ':'
        call    put
        pop     ax
        call    put_word
        mov     byte [color], BODY
        mov     al, ' '
        call    put
        push    bx
        add     bx, bx
        mov     si, [bx + .vector_names]
        call    draw
        pop     bx
        inc     bx
        cmp     bl, 0x20
        jb      .vector
        call    wait_key
        add     sp, 26
        ret

        cpu     386
; EAX in eight digits
.long:
        push    eax
        shr     eax, 16
        call    put_word
        pop     eax
        jmp     put_word
; line_buffer as the limit and base of a table
.table:
        mov     eax, [line_buffer + 2]
        call    .long
        mov     al, '/'
        call    put
        mov     ax, [line_buffer]
        jmp     put_word
        cpu     8086

; The names of the flags that DX has set
.flags:
        push    bx
        mov     bx, .flag_names
.flag:
        test    dx, [bx]
        jz      .clear
        mov     si, [bx + 2]
        push    bx
        call    draw
        pop     bx
        mov     al, ' '
        call    put
.clear:
        add     bx, 4
        cmp     bx, .flag_names_end
        jb      .flag
        pop     bx
        ret

.title: db      "Registers", END
.names: db      "AXBXCXDXSIDIBPSPCSDSESSSFL"
.order: ; their places in registers_at_boot
        dw      18, 16, 14, 12, 10, 8, 6, 22, 0, 4, 2, 24, 20
.flag_names:
        dw      0x0800, .of, 0x0400, .df, 0x0200, .if, 0x0100, .tf, 0x0080, .sf, 0x0040, .zf, 0x0010, .af
        dw      0x0004, .pf, 0x0001, .cf
.flag_names_end:
.of:    db      "Overflow", END
.df:    db      "Direction", END
.if:    db      "Interrupt", END
.tf:    db      "Trap", END
.sf:    db      "Sign", END
.zf:    db      "Zero", END
.af:    db      "Auxiliary", END
.pf:    db      "Parity", END
.cf:    db      "Carry", END
.vector_names:
        dw      .v00, .v01, .v02, .v03, .v04, .v05, .v06, .v07, .v08, .v09, .v0a, .v0b, .v0c, .v0d, .v0e, .v0f
        dw      .v10, .v11, .v12, .v13, .v14, .v15, .v16, .v17, .v18, .v19, .v1a, .v1b, .v1c, .v1d, .v1e, .v1f
.v00:   db      "Divide error", END
.v01:   db      "Single step", END
.v02:   db      "NMI", END
.v03:   db      "Breakpoint", END
.v04:   db      "Overflow", END
.v05:   db      "Print screen", END
.v06:   db      "Bad opcode", END
.v07:   db      "No FPU", END
.v08:   db      "Timer", END
.v09:   db      "Keyboard", END
.v0a:   db      "IRQ 2", END
.v0b:   db      "COM2", END
.v0c:   db      "COM1", END
.v0d:   db      "LPT2", END
.v0e:   db      "Floppy", END
.v0f:   db      "LPT1", END
.v10:   db      "Video", END
.v11:   db      "Equipment", END
.v12:   db      "Memory", END
.v13:   db      "Disks", END
.v14:   db      "Serial", END
.v15:   db      "System", END
.v16:   db      "Keys", END
.v17:   db      "Printer", END
.v18:   db      "No boot", END
.v19:   db      "Boot", END
.v1a:   db      "Clock", END
.v1b:   db      "Ctrl-Break", END
.v1c:   db      "Tick", END
.v1d:   db      "Video tables", END
.v1e:   db      "Disk table", END
.v1f:   db      "Font 80h-FFh", END
