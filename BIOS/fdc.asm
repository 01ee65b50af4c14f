; fdc.asm: the floppy controller, 765A or 82077AA, at 3F2h-3F7h with IRQ6 and DMA channel 2: bytes in and out,
; waiting, reset, motors, seeks, DMA. DS = BIOS data area everywhere; functions answer with CF and AH = status.

; IRQ6: tells who waits.
int0e_handler:
        push    ax
        push    ds
        mov     ax, BDA_SEG
        mov     ds, ax
        or      byte [BDA_SEEK], 80h
        mov     al, EOI
        out     PIC1, al
        mov     ax, 9101h
        int     15h
        pop     ds
        pop     ax
        iret

; Waits until the controller wants what AH says: 80h a byte from us, 0C0h to give one. 20 quick looks, then 30 ms
; of refresh periods. CF set when that time is over. Uses AL.
fdc_wait_request:
        push    cx
        push    dx
        mov     dx, FDC_STATUS
        mov     cx, 20
.quick:
        in      al, dx
        and     al, 0C0h
        cmp     al, ah
        je      .done
        loop    .quick
        mov     cx, 2000
.slow:
        call    wait_refresh
        in      al, dx
        and     al, 0C0h
        cmp     al, ah
        je      .done
        loop    .slow
        stc
        jmp     .leave
.done:
        clc
.leave:
        pop     dx
        pop     cx
        ret

; Sends AL. CF and AH when the controller does not take it. Uses AX.
fdc_send:
        push    dx
        push    ax
        mov     ah, 80h
        call    fdc_wait_request
        pop     ax
        mov     ah, ST_TIMEOUT
        jc      .done
        mov     dx, FDC_DATA
        out     dx, al
.done:
        pop     dx
        jc      fdc_stuck
        ret
; It may be in the middle of anything: reset it before the next operation.
fdc_stuck:
        or      byte [BDA_FD_FLAGS], 01h
        stc
        ret

; Fetches the result bytes of a command to BDA_FDC_RESULT, at most seven. CF and AH when there are none or too many.
; Uses AX.
fdc_results:
        push    bx
        push    dx
        xor     bx, bx
.next:
        mov     ah, 0C0h
        call    fdc_wait_request
        mov     ah, ST_TIMEOUT
        jc      .done
        mov     dx, FDC_DATA
        in      al, dx
        cmp     bl, 7
        jae     .too_many
        mov     [bx+BDA_FDC_RESULT], al
        inc     bx
        call    wait_refresh            ; RQM falls for 12 us between bytes [82077AA 5.1]
        mov     dx, FDC_STATUS
        in      al, dx
        test    al, 10h                 ; still in the result phase
        jnz     .next
        clc
        jmp     .leave
.too_many:
        mov     ah, ST_CONTROLLER
        stc
.done:
        call    fdc_stuck
.leave:
        pop     dx
        pop     bx
        ret

; Call before a command that ends with an interrupt.
fdc_expect_irq:
        and     byte [BDA_SEEK], 7Fh
        ret

; Waits for IRQ6, 2 s at most. The system is told by INT 15h/9001h; what answers with carry has waited long enough.
; CF and AH on a time-out. Uses AX.
fdc_wait_irq:
        test    byte [BDA_SEEK], 80h
        jnz     .came
        mov     ax, 9001h
        clc
        int     15h
        jc      .late
        mov     al, 38
        call    wait_start
.next:
        cli
        test    byte [BDA_SEEK], 80h
        jnz     .good
        call    wait_step
        jnc     .next
.late:
        test    byte [BDA_SEEK], 80h
        jnz     .came
        mov     ah, ST_TIMEOUT
        jmp     fdc_stuck
.good:
        sti
.came:
        and     byte [BDA_SEEK], 7Fh
        ret

; SENSE INTERRUPT STATUS: ST0 and the cylinder to BDA_FDC_RESULT. Uses AX.
fdc_sense:
        mov     al, FDC_SENSE
        call    fdc_send
        jc      .done
        call    fdc_results
.done:
        ret

; Resets the controller; after that each drive needs a recalibration, and the four drives report that their ready
; lines changed [82077AA 4.2]. CF and AH. Uses AX, CX, DX.
fdc_reset:
        and     byte [BDA_FD_FLAGS], ~01h
        and     byte [BDA_SEEK], 70h
        call    fdc_output              ; AL = what the register should be
        and     al, ~04h & 0FFh
        mov     dx, FDC_DOR
        cli
        out     dx, al
        sti
        call    wait_refresh
        call    wait_refresh
        or      al, 04h
        out     dx, al
        call    fdc_wait_irq
        jc      .done
        mov     cx, 4
.next:
        call    fdc_sense
        jc      .done
        mov     al, [BDA_FDC_RESULT]
        and     al, 0C0h
        cmp     al, 0C0h
        jne     .odd
        loop    .next
        jmp     fdc_specify
.odd:
        cmp     cx, 4                   ; some report once for all
        jne     fdc_specify
        mov     ah, ST_CONTROLLER
        stc
.done:
        ret

; SPECIFY by the parameter table. CF and AH. Uses AX.
fdc_specify:
        mov     al, FDC_SPECIFY
        call    fdc_send
        jc      .done
        mov     al, DP_SPECIFY1
        call    floppy_parameter
        call    fdc_send
        jc      .done
        mov     al, DP_SPECIFY2
        call    floppy_parameter
        call    fdc_send
.done:
        ret

; AL = what the digital output register should be by 0040:003F: motors, the selected drive, DMA and IRQ on.
fdc_output:
        push    cx
        mov     al, [BDA_MOTOR]
        mov     ah, al
        and     ax, 300Fh               ; bits 4-5 of the data area name the drive
        mov     cl, 4
        shl     al, cl
        shr     ah, cl
        or      al, ah
        or      al, 0Ch
        pop     cx
        ret

; Byte AL of the diskette parameter table that INT 1Eh points to. Answers in AL; uses AH.
floppy_parameter:
        push    ds
        push    si
        xor     si, si
        mov     ds, si
        lds     si, [1Eh*4]
        xor     ah, ah
        add     si, ax
        mov     al, [si]
        pop     si
        pop     ds
        ret
