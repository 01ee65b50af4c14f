; fdcdrive.asm: one floppy drive: its motor, its heads, its disk-change line. [bp+F_DL] is the drive; DS = BIOS data
; area; functions answer with CF and AH = status.

; Selects the drive and lets its motor run. The motor stays on until floppy_release. Uses AX, CX, DX.
floppy_select:
        mov     cl, [bp+F_DL]
        mov     dl, 1
        shl     dl, cl                  ; the drive's bit
        cli
        mov     byte [BDA_MOTOR_COUNT], 0FFh
        mov     al, [BDA_MOTOR]
        test    al, dl
        jnz     .runs
        or      [BDA_FD_YOUNG], dl
.runs:
        and     al, 0CFh
        or      al, dl
        mov     cl, 4
        mov     ah, [bp+F_DL]
        shl     ah, cl
        or      al, ah
        mov     [BDA_MOTOR], al
        call    fdc_output
        mov     dx, FDC_DOR
        out     dx, al
        sti
        ret

; The motor may stop after the time in the table. Uses AX.
floppy_release:
        push    ax
        mov     al, DP_MOTOR_OFF
        call    floppy_parameter
        mov     [BDA_MOTOR_COUNT], al
        and     byte [BDA_MOTOR], 7Fh
        pop     ax
        ret

; Waits until the motor is at speed, if it started not long ago: the time in the table. A read need not call this
; before it has failed, for a disk that turns too slowly shows no sectors, but a write must. Uses AX, CX, DX.
floppy_wait_speed:
        call    floppy_bit
        test    [BDA_FD_YOUNG], al
        jz      .done
        not     al
        and     [BDA_FD_YOUNG], al
        mov     al, DP_MOTOR_ON
        call    floppy_parameter
        cmp     al, 40
        jb      .bounded
        mov     al, 40
.bounded:
        test    al, al
        jz      .done
        push    ax
        mov     ax, 90FDh
        clc
        int     15h                     ; an operating system may wait in its own way
        pop     ax
        jc      .done
        mov     ah, 0
        mov     cl, al
        add     al, cl                  ; an eighth of a second is 2.28 ticks
        shr     cl, 1
        shr     cl, 1
        add     al, cl
        inc     ax
        jmp     wait_ticks
.done:
        ret

; AL = the drive's bit. Nothing else changes.
floppy_bit:
        push    cx
        mov     cl, [bp+F_DL]
        mov     al, 1
        shl     al, cl
        pop     cx
        ret

; Waits for the head to stop swinging, if it moved: the table's time in ms, for a write 15 at least. A read need not
; call this before it has failed. Uses AX, CX.
floppy_settle:
        cmp     byte [BDA_FD_SEEKED], 0
        je      .done
        mov     byte [BDA_FD_SEEKED], 0
        mov     al, DP_SETTLE
        call    floppy_parameter
        cmp     al, 15
        jae     .enough
        mov     al, 15
.enough:
        mov     cl, 66                  ; refresh periods in 1 ms
        mul     cl
        mov     cx, ax
.next:
        call    wait_refresh
        loop    .next
.done:
        ret

; The head to track 0. The controller gives up after 79 steps, so a second try may be needed [82077AA 5.2.2].
; Uses AX, BX, CX, DX.
floppy_recalibrate:
        mov     cx, 2
.try:
        call    fdc_expect_irq
        mov     al, FDC_RECALIBRATE
        call    fdc_send
        jc      .done
        mov     al, [bp+F_DL]
        call    fdc_send
        jc      .done
        call    floppy_seek_end
        jnc     .there
        cmp     ah, ST_SEEK
        jne     .failed
        loop    .try
.failed:
        stc
.done:
        ret
.there:
        call    floppy_bit
        or      [BDA_SEEK], al
        call    floppy_number
        mov     byte [bx+BDA_FD_TRACK], 0
        mov     byte [BDA_FD_SEEKED], 1
        clc
        ret

; BX = the drive.
floppy_number:
        mov     bl, [bp+F_DL]
        xor     bh, bh
        ret

; The head to track AL (as the drive counts), where it is not there already. Uses AX, BX, CX, DX.
floppy_seek:
        push    ax
        call    floppy_bit
        test    [BDA_SEEK], al
        jnz     .calibrated
        call    floppy_recalibrate
        jnc     .calibrated
        pop     bx                      ; AH is the status
        ret
.calibrated:
        pop     ax
        call    floppy_number
        cmp     al, [bx+BDA_FD_TRACK]
        je      .there
        mov     dl, al
        call    fdc_expect_irq
        mov     al, FDC_SEEK
        call    fdc_send
        jc      .done
        mov     al, [bp+F_DL]
        call    fdc_send
        jc      .done
        mov     al, dl
        call    fdc_send
        jc      .done
        mov     [bx+BDA_FD_TRACK], dl
        mov     byte [BDA_FD_SEEKED], 1
        call    floppy_seek_end
        jc      .lost
        cmp     dl, [BDA_FDC_RESULT+1]
        je      .there
        mov     ah, ST_SEEK
.lost:
        push    ax
        call    floppy_bit
        not     al
        and     [BDA_SEEK], al
        pop     ax
        stc
.done:
        ret
.there:
        clc
        ret

; The end of a seek or recalibration: ST0 must say that it ended well. Uses AX.
floppy_seek_end:
        call    fdc_wait_irq
        jc      .done
        call    fdc_sense
        jc      .done
        mov     al, [BDA_FDC_RESULT]
        and     al, 0F0h                ; IC, SE, EC
        cmp     al, 20h
        je      .done
        mov     ah, ST_SEEK
        stc
.done:
        ret

; Looks at the disk-change line of the selected drive. When it is active the medium is unknown again, and steps
; take it back if a disk is in: CF with ST_CHANGED, or ST_TIMEOUT where the drive is empty. Uses AX, BX, CX, DX.
floppy_check_change:
        call    floppy_number
        cmp     byte [bx+BDA_FD_TYPE], FD_360
        je      .same                   ; has no such line
        mov     dx, FDC_DIR
        in      al, dx
        test    al, 80h
        jz      .same
        mov     byte [bx+BDA_FD_STATE], 0
        call    floppy_recalibrate
        jc      .done
        mov     al, 1
        call    floppy_seek
        jc      .done
        mov     al, 0
        call    floppy_seek
        jc      .done
        mov     dx, FDC_DIR
        in      al, dx
        test    al, 80h
        mov     ah, ST_CHANGED
        jz      .error
        mov     ah, ST_TIMEOUT
.error:
        stc
.done:
        ret
.same:
        clc
        ret
