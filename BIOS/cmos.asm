; cmos.asm: access to the MC146818 and its CMOS RAM. Bit 7 of the index masks the NMI; it is masked for the two
; port accesses only, and the index is left at register D, which is what the AT does [PC/AT TR 1-56].

; AL = CMOS register AL. Nothing else changes.
cmos_read:
        pushf
        cli
        or      al, 80h
        out     CMOS_INDEX, al
        jmp     short $+2
        in      al, CMOS_DATA
        push    ax
        mov     al, CMOS_D
        out     CMOS_INDEX, al
        pop     ax
        popf
        ret

; CMOS register AL = AH. Nothing changes.
cmos_write:
        pushf
        push    ax
        cli
        or      al, 80h
        out     CMOS_INDEX, al
        mov     al, ah
        out     CMOS_DATA, al
        mov     al, CMOS_D
        out     CMOS_INDEX, al
        pop     ax
        popf
        ret

; AX = CMOS registers AL (low) and AL+1 (high).
cmos_read_word:
        mov     ah, al
        inc     al
        call    cmos_read
        xchg    al, ah
        jmp     cmos_read               ; AH stays

; Waits until no update of the clock is under way, so that what is read now is of one moment. Bounded: an update
; takes 2 ms [MC146818 p.15]. CF set when it does not end (the clock stands). Uses AX, CX.
cmos_wait_update:
        xor     cx, cx
.next:
        mov     al, CMOS_A
        call    cmos_read
        test    al, 80h
        jz      .done
        call    wait_refresh
        loop    .next
        stc
        ret
.done:
        clc
        ret
