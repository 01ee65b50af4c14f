; memory.asm: A20, how much memory there is, and the extended BIOS data area.

EBDA_KB         equ     1

; Finds the end of base memory: from 32 KB on, in steps of 16 KB, two words are written and read back (the second
; takes the first off the bus) and restored. What CMOS says may only make it less. Then the EBDA takes the top KB.
; DS = 0040h. Uses AX, BX, CX, DX, DI, ES.
size_base_memory:
        mov     bx, 0800h               ; segment under test
.next:
        mov     es, bx
        xor     di, di
        call    .probe
        jne     .end
        mov     di, 3FFCh
        call    .probe
        jne     .end
        add     bx, 0400h
        cmp     bx, 0A000h
        jb      .next
.end:
        mov     cl, 6
        shr     bx, cl                  ; KB
        mov     al, CMOS_BASE_KB
        call    cmos_read_word
        cmp     ax, 64
        jb      .keep
        cmp     ax, bx
        jae     .keep
        mov     bx, ax
.keep:
        sub     bx, EBDA_KB
        mov     [BDA_BASE_KB], bx
        shl     bx, cl
        mov     [BDA_EBDA], bx
        mov     es, bx
        xor     di, di
        xor     ax, ax
        mov     cx, EBDA_KB * 512
        rep     stosw
        mov     byte [es:0], EBDA_KB    ; its own size in KB
        mov     es, ax
        ret
.probe:
        mov     ax, [es:di]
        mov     dx, [es:di+2]
        mov     word [es:di], 55AAh
        mov     word [es:di+2], 0AA55h
        cmp     word [es:di], 55AAh
        jne     .different
        cmp     word [es:di+2], 0AA55h
.different:
        mov     [es:di], ax             ; MOV leaves the flags
        mov     [es:di+2], dx
        ret

; DX:AX = KB of memory above 1 MB, by CMOS: above 16 MB in blocks of 64 KB where the board fills that in, else the
; word that counts KB. Uses CX.
extended_kb:
        mov     al, CMOS_EXT_64K
        call    cmos_read_word
        test    ax, ax
        jz      .by_kb
        mov     dx, 64
        mul     dx
        add     ax, 15 * 1024
        adc     dx, 0
        ret
.by_kb:
        mov     al, CMOS_EXT_KB2
        call    cmos_read_word
        mov     cx, ax
        mov     al, CMOS_EXT_KB
        call    cmos_read_word
        cmp     ax, cx
        jae     .done
        mov     ax, cx
.done:
        xor     dx, dx
        ret

; A20 can be opened at the 8042 and at port 92h; it is open when either is, so closing means both. Uses AX.
enable_a20:
        in      al, PORT_92
        cmp     al, 0FFh                ; no such port
        je      .by_8042
        test    al, 02h
        jnz     .rewrite
        or      al, 02h
.rewrite:
        and     al, 0FEh                ; bit 0 resets the CPU
        out     PORT_92, al
        ret
.by_8042:
        mov     ah, 0DFh
        jmp     write_output_port

disable_a20:
        mov     ah, 0DDh
        call    write_output_port
        in      al, PORT_92
        cmp     al, 0FFh
        je      .done
        and     al, 0FCh
        out     PORT_92, al
.done:
        ret

; The output port of the 8042 = AH: bit 0 the CPU runs, bit 1 A20 [PC/AT TR 1-47]. Uses AX.
write_output_port:
        mov     al, 0D1h
        call    kbc_command
        mov     al, ah
        call    kbc_data
        jmp     kbc_wait_input          ; until it has taken effect
