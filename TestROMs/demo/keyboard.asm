; Keyboard test: a picture of the keyboard lights up by what INT 15h/4Fh tells of each scan code; below them the keys
; as INT 16h gives them, the raw codes, the shift states.

KEY_IDLE        equ 0x70
KEY_DOWN        equ 0x4F
KEY_TRIED       equ 0x20

keyboard:
        call    clear_screen
        mov     si, .title
        mov     di, .keys
        call    draw_bars
        mov     word [raw_head], 0
        mov     word [raw_tail], 0
        mov     byte [raw_prefix], 0
        mov     byte [escapes], 0
        ; All keys as at rest
        mov     si, key_table
.key:
        mov     ah, KEY_IDLE
        call    draw_key
        jnz     .key
        show    COLOR LABEL, AT 12, 2, "Shift states", AT 14, 2, "Scan codes", AT 16, 2, "Keys"
        show    COLOR DIM, AT 17, 2, "code ASCII"
        mov     byte [raw_column], 16
        mov     byte [key_column], 16
        mov     word [last_flags], 0xFFFF

        ; INT 15h: ours looks at AH = 4Fh and passes all on.
        push    ds
        xor     ax, ax
        mov     ds, ax
        cli
        mov     ax, [0x15 * 4]
        mov     [cs:old_int15], ax
        mov     ax, [0x15 * 4 + 2]
        mov     [cs:old_int15 + 2], ax
        mov     word [0x15 * 4], intercept
        mov     [0x15 * 4 + 2], cs
        sti
        pop     ds

.wait:
        call    show_time
        call    show_raw_codes
        call    show_flags
        call    poll_enhanced
        jnz     .pressed
        mov     bx, [raw_head]
        cmp     bx, [raw_tail]
        jne     .wait
        hlt
        jmp     .wait
.pressed:
        call    take_enhanced
        call    show_key
        cmp     ax, 0x011B              ; Esc twice ends
        jne     .other
        inc     byte [escapes]
        cmp     byte [escapes], 2
        jb      .wait
        push    ds
        xor     ax, ax
        mov     ds, ax
        cli
        mov     ax, [cs:old_int15]
        mov     [0x15 * 4], ax
        mov     ax, [cs:old_int15 + 2]
        mov     [0x15 * 4 + 2], ax
        sti
        pop     ds
        ret
.other:
        mov     byte [escapes], 0
        jmp     .wait

.title: db      "Keyboard test", END
.keys:  db      "Press all the keys there are.  ", COLOR BAR_KEY, "Esc Esc", COLOR BAR, " Back", END

; INT 15h
intercept:
        cmp     ah, 0x4F
        jne     .pass
        push    bx
        mov     bx, [cs:raw_head]
        mov     [cs:bx + raw_codes], al
        inc     bx
        and     bx, 63
        mov     [cs:raw_head], bx
        pop     bx
.pass:
        jmp     far [cs:old_int15]

; The keys of an enhanced keyboard if the BIOS knows of it. As poll_key and take_key.
poll_enhanced:
        mov     ah, 0x01
        call    enhanced
        int     0x16
        ret
take_enhanced:
        mov     ah, 0x00
        call    enhanced
        int     0x16
        ret
; AH := AH + 10h where there is an enhanced keyboard
enhanced:
        push    ds
        push    ax
        mov     ax, BDA
        mov     ds, ax
        pop     ax
        test    byte [0x96], 0x10
        jz      .plain
        add     ah, 0x10
.plain:
        pop     ds
        ret

; A key of INT 16h, AX. Keeps AX.
show_key:
        push    ax
        mov     dh, 16
        mov     dl, [key_column]
        mov     [place], dx
        mov     byte [color], STRONG
        push    ax
        call    put_word
        pop     ax
        inc     dh
        mov     [place], dx
        inc     byte [place]
        mov     byte [color], 0x1E
        call    put
        mov     al, ' '
        call    put
        add     dl, 6
        cmp     dl, 74
        jbe     .room
        mov     dl, 16
.room:
        mov     [key_column], dl
        dec     dh
        mov     [place], dx
        mov     al, ' '
        mov     cx, 4
        call    put_times
        pop     ax
        ret

; What the interrupt handler has gathered
show_raw_codes:
        mov     bx, [raw_tail]
        cmp     bx, [raw_head]
        jne     .more
        ret
.more:
        mov     al, [bx + raw_codes]
        inc     bx
        and     bx, 63
        mov     [raw_tail], bx
        push    ax
        mov     dh, 14
        mov     dl, [raw_column]
        mov     [place], dx
        mov     byte [color], STRONG
        test    al, al
        jns     .make
        mov     byte [color], DIM
.make:
        call    put_byte
        add     dl, 3
        cmp     dl, 76
        jbe     .room
        mov     dl, 16
.room:
        mov     [raw_column], dl
        mov     [place], dx
        mov     al, ' '
        mov     cx, 2
        call    put_times
        pop     ax

        ; E0 makes another key of the next code; E1 begins Pause, whose two codes pass
        cmp     al, 0xE0
        je      .prefix
        cmp     al, 0xE1
        je      .pause
        mov     ah, [raw_prefix]
        mov     byte [raw_prefix], 0
        cmp     ah, 2
        jb      .code
        dec     ah                      ; in Pause
        cmp     ah, 2
        jb      show_raw_codes
        mov     [raw_prefix], ah
        jmp     show_raw_codes
.prefix:
        mov     byte [raw_prefix], 1
        jmp     show_raw_codes
.pause:
        mov     byte [raw_prefix], 3
        mov     al, 0xFF
        mov     bh, KEY_TRIED
        call    find_key
        jmp     show_raw_codes
.code:
        mov     bh, KEY_DOWN
        test    al, al
        jns     .down
        mov     bh, KEY_TRIED
        and     al, 0x7F
.down:
        test    ah, ah
        jz      .plain
        or      al, 0x80
.plain:
        call    find_key
        jmp     show_raw_codes

; Draws the key AL in colour BH, if it is in the table.
find_key:
        mov     si, key_table
.next:
        cmp     byte [si], 0
        je      .done
        cmp     al, [si]
        je      .found
        add     si, 3
.skip:
        inc     si
        cmp     byte [si - 1], END
        jne     .skip
        jmp     .next
.found:
        mov     ah, bh
        jmp     draw_key
.done:
        ret

; The key at SI in colour AH. Out: SI = the next one, ZF set if there is none.
draw_key:
        mov     [color], ah
        lodsb
        lodsw
        xchg    al, ah
        mov     [place], ax
        call    draw
        cmp     byte [si], 0
        ret

; Shift states, when they have changed
show_flags:
        push    ds
        mov     ax, BDA
        mov     ds, ax
        mov     ax, [0x17]
        pop     ds
        cmp     ax, [last_flags]
        jne     .changed
        ret
.changed:
        mov     [last_flags], ax
        mov     dx, ax
        mov     word [place], 12 * 256 + 16
        mov     bx, .names
.next:
        mov     byte [color], DIM
        test    dx, [bx]
        jz      .off
        mov     byte [color], 0x1E
.off:
        mov     si, [bx + 2]
        call    draw
        add     bx, 4
        cmp     bx, .names_end
        jb      .next
        ret
.names: dw      0x0002, .left, 0x0001, .right, 0x0004, .ctrl, 0x0008, .alt, 0x0040, .caps, 0x0020, .num
        dw      0x0010, .scroll, 0x0080, .insert, 0x0800, .pause
.names_end:
.left:  db      "LShift ", END
.right: db      "RShift ", END
.ctrl:  db      "Ctrl ", END
.alt:   db      "Alt ", END
.caps:  db      "Caps ", END
.num:   db      "Num ", END
.scroll: db     "Scroll ", END
.insert: db     "Insert ", END
.pause: db      "Pause", END

; Scan code (80h more after E0h, FFh for Pause), row, column, label
key_table:
        db      0x01, 3, 2, "Esc", END
        db      0x3B, 3, 7, "F1", END, 0x3C, 3, 10, "F2", END, 0x3D, 3, 13, "F3", END, 0x3E, 3, 16, "F4", END
        db      0x3F, 3, 20, "F5", END, 0x40, 3, 23, "F6", END, 0x41, 3, 26, "F7", END, 0x42, 3, 29, "F8", END
        db      0x43, 3, 33, "F9", END, 0x44, 3, 36, "10", END, 0x57, 3, 39, "11", END, 0x58, 3, 42, "12", END
        db      0xB7, 3, 47, "Prt", END, 0x46, 3, 51, "Scr", END, 0xFF, 3, 55, "Brk", END

        db      0x29, 5, 2, "` ", END, 0x02, 5, 5, "1 ", END, 0x03, 5, 8, "2 ", END, 0x04, 5, 11, "3 ", END
        db      0x05, 5, 14, "4 ", END, 0x06, 5, 17, "5 ", END, 0x07, 5, 20, "6 ", END, 0x08, 5, 23, "7 ", END
        db      0x09, 5, 26, "8 ", END, 0x0A, 5, 29, "9 ", END, 0x0B, 5, 32, "0 ", END, 0x0C, 5, 35, "- ", END
        db      0x0D, 5, 38, "= ", END, 0x0E, 5, 41, "BkSp", END
        db      0xD2, 5, 47, "Ins", END, 0xC7, 5, 51, "Hom", END, 0xC9, 5, 55, "PgU", END
        db      0x45, 5, 60, "Num", END, 0xB5, 5, 64, " / ", END, 0x37, 5, 68, " * ", END, 0x4A, 5, 72, " - ", END

        db      0x0F, 6, 2, "Tab", END, 0x10, 6, 6, "Q ", END, 0x11, 6, 9, "W ", END, 0x12, 6, 12, "E ", END
        db      0x13, 6, 15, "R ", END, 0x14, 6, 18, "T ", END, 0x15, 6, 21, "Y ", END, 0x16, 6, 24, "U ", END
        db      0x17, 6, 27, "I ", END, 0x18, 6, 30, "O ", END, 0x19, 6, 33, "P ", END, 0x1A, 6, 36, "[ ", END
        db      0x1B, 6, 39, "] ", END, 0x2B, 6, 42, " \ ", END
        db      0xD3, 6, 47, "Del", END, 0xCF, 6, 51, "End", END, 0xD1, 6, 55, "PgD", END
        db      0x47, 6, 60, " 7 ", END, 0x48, 6, 64, " 8 ", END, 0x49, 6, 68, " 9 ", END, 0x4E, 6, 72, " + ", END

        db      0x3A, 7, 2, "Caps", END, 0x1E, 7, 7, "A ", END, 0x1F, 7, 10, "S ", END, 0x20, 7, 13, "D ", END
        db      0x21, 7, 16, "F ", END, 0x22, 7, 19, "G ", END, 0x23, 7, 22, "H ", END, 0x24, 7, 25, "J ", END
        db      0x25, 7, 28, "K ", END, 0x26, 7, 31, "L ", END, 0x27, 7, 34, "; ", END, 0x28, 7, 37, "' ", END
        db      0x1C, 7, 40, "Enter", END
        db      0x4B, 7, 60, " 4 ", END, 0x4C, 7, 64, " 5 ", END, 0x4D, 7, 68, " 6 ", END

        db      0x2A, 8, 2, "Shift", END, 0x56, 8, 8, "\", END, 0x2C, 8, 10, "Z ", END, 0x2D, 8, 13, "X ", END
        db      0x2E, 8, 16, "C ", END, 0x2F, 8, 19, "V ", END, 0x30, 8, 22, "B ", END, 0x31, 8, 25, "N ", END
        db      0x32, 8, 28, "M ", END, 0x33, 8, 31, ", ", END, 0x34, 8, 34, ". ", END, 0x35, 8, 37, "/ ", END
        db      0x36, 8, 40, "Shift", END
        db      0xC8, 8, 51, " ", 0x18, " ", END
        db      0x4F, 8, 60, " 1 ", END, 0x50, 8, 64, " 2 ", END, 0x51, 8, 68, " 3 ", END, 0x9C, 8, 72, "Ent", END

        db      0x1D, 9, 2, "Ctrl", END, 0xDB, 9, 7, "Win", END, 0x38, 9, 11, "Alt", END
        db      0x39, 9, 15, "     Space     ", END
        db      0xB8, 9, 31, "Alt", END, 0xDC, 9, 35, "W", END, 0xDD, 9, 37, "Mnu", END, 0x9D, 9, 41, "Ctrl", END
        db      0xCB, 9, 47, " ", 0x1B, " ", END, 0xD0, 9, 51, " ", 0x19, " ", END, 0xCD, 9, 55, " ", 0x1A, " ", END
        db      0x52, 9, 60, "   0   ", END, 0x53, 9, 68, " . ", END
        db      0
