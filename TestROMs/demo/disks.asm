; The hardware report's lines on floppies and hard disks.

report_floppies:
        int     0x11
        test    al, 1
        jnz     .some
        show    "none"
        ret
.some:
        mov     cl, 6
        shr     al, cl
        and     al, 3
        inc     al
        cmp     al, 2
        jbe     .count
        mov     al, 2
.count:
        mov     cl, al
        xor     dl, dl
.next:
        push    cx
        push    dx
        mov     al, 'A'
        add     al, dl
        call    put
        show    ": "
        mov     ah, 8
        xor     bx, bx
        xor     di, di
        int     0x13
        push    cs
        pop     es
        jc      .unknown
        push    cx
        push    dx
        cmp     bl, 6
        jbe     .known
        xor     bl, bl
.known:
        xor     bh, bh
        add     bx, bx
        mov     si, [bx + .types]
        call    draw
        pop     dx
        pop     cx
        mov     byte [color], BODY
        show    " ("
        mov     al, ch
        xor     ah, ah
        inc     ax
        call    put_decimal
        mov     al, '/'
        call    put
        mov     al, dh
        xor     ah, ah
        inc     ax
        call    put_decimal
        mov     al, '/'
        call    put
        mov     al, cl
        and     ax, 0x3F
        call    put_decimal
        show    ")   ", COLOR STRONG
        jmp     .done
.unknown:
        show    "?   "
.done:
        pop     dx
        pop     cx
        inc     dl
        dec     cl
        jnz     .next
        ret
.types: dw      .type0, .type1, .type2, .type3, .type4, .type5, .type5
.type0: db      "?", END
.type1: db      "360 KB", END
.type2: db      "1.2 MB", END
.type3: db      "720 KB", END
.type4: db      "1.44 MB", END
.type5: db      "2.88 MB", END

; Up to two, a line each
report_disks:
        mov     ah, 8
        mov     dl, 0x80
        xor     di, di
        int     0x13
        push    cs
        pop     es
        jc      .none
        test    dl, dl
        jnz     .some
.none:
        show    "none"
        ret
.some:
        mov     bl, dl
        cmp     bl, 2
        jbe     .count
        mov     bl, 2
.count:
        mov     dl, 0x80
.next:
        push    bx
        push    dx
        mov     byte [color], STRONG
        mov     byte [place], 17
        mov     dh, [report_row]
        mov     [place + 1], dh
        mov     al, dl
        call    put_byte
        show    "h: "
        mov     ah, 8
        push    dx
        int     0x13
        pop     ax                      ; AL = drive
        push    cs
        pop     es
        jc      .bad
        push    ax
        ; Cylinders: CL's upper bits above CH; heads DH + 1; sectors CL's lower bits
        mov     al, cl
        and     ax, 0x3F
        mov     si, ax
        mov     ah, cl
        mov     cl, 6
        shr     ah, cl
        mov     al, ch
        inc     ax
        mov     cx, ax
        mov     bl, dh
        xor     bh, bh
        inc     bx
        pop     dx
        call    .size
        mov     byte [color], BODY
        show    " ("
        mov     ax, cx
        call    put_decimal
        show    " cylinders, "
        mov     ax, bx
        call    put_decimal
        show    " heads, "
        mov     ax, si
        call    put_decimal
        show    " sectors)"
.bad:
        pop     dx
        pop     bx
        inc     dl
        dec     bl
        jz      .done
        inc     byte [report_row]
        jmp     .next
.done:
        ret

; In: DL = drive, CX, BX, SI = geometry. Shows the size in MB, by INT 13h/48h if there is that.
.size:
        push    bx
        push    cx
        push    si
        push    dx
        mov     ah, 0x41
        mov     bx, 0x55AA
        int     0x13
        pop     dx
        jc      .by_geometry
        cmp     bx, 0xAA55
        jne     .by_geometry
        mov     si, disk_buffer
        mov     word [si], 0x1A
        mov     word [si + 2], 0
        mov     ah, 0x48
        int     0x13
        jc      .by_geometry
        mov     ax, [disk_buffer + 0x10]
        mov     dx, [disk_buffer + 0x12]
        jmp     .megabytes
.by_geometry:
        pop     si
        pop     cx
        pop     bx
        push    bx
        push    cx
        push    si
        mov     ax, bx                  ; heads * sectors fit in a word
        mul     si
        mul     cx
.megabytes:
        mov     bx, 2048
        call    divide_long
        call    put_long
        show    " MB"
        pop     si
        pop     cx
        pop     bx
        ret
