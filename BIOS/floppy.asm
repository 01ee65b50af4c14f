; floppy.asm: the floppy functions of INT 13h that move data, and how the medium in a drive is found out.
; BP = the frame, DS = BIOS data area; functions answer with AH = status.

        %include "fdc.asm"
        %include "fdcdrive.asm"
        %include "floppyinfo.asm"
        %include "floppyfmt.asm"

floppy_unknown:
        mov     ah, ST_BAD_COMMAND
        ret

; 00h: reset.
floppy_reset:
        call    fdc_reset
        jc      .done
        mov     ah, 0
.done:
        ret

; 01h: AH (on the PC: AL) = the last operation's status.
floppy_last_status:
        mov     ah, [BDA_FLOPPY_STAT]
        mov     [bp+F_AL], ah
        ret

floppy_read:
        mov     ax, DMA2_TO_MEMORY << 8 | FDC_READ
        jmp     floppy_transfer
floppy_write:
        mov     ax, DMA2_TO_DEVICE << 8 | FDC_WRITE
        jmp     floppy_transfer
floppy_verify:                          ; reads, and the DMA controller drops what comes
        mov     ax, DMA2_VERIFY << 8 | FDC_READ
        ; fall through

; 02h, 03h, 04h: AL sectors from track CH, head DH, sector CL on, at ES:BX. AL = sectors that were moved.
floppy_transfer:
        mov     [BDA_FD_CMD], al
        mov     [BDA_FD_DMA], ah
        call    floppy_present
        jc      .early
        mov     al, [bp+F_AL]
        mov     ah, ST_BAD_COMMAND
        sub     al, 1
        jc      .early
        mov     ah, ST_BOUNDARY
        cmp     al, 128
        jae     .early
        mov     ch, al                  ; bytes less one
        shl     ch, 1
        inc     ch
        mov     cl, 0FFh
        call    floppy_dma_range
        jc      .early
        call    floppy_begin
        jc      .none
        cmp     byte [BDA_FD_CMD], FDC_WRITE
        jne     .first
        or      byte [BDA_MOTOR], 80h
        call    floppy_wait_speed
.first:
        call    floppy_establish
        jc      .failed
        call    floppy_sectors
        jnc     .moved
.failed:
        cmp     ah, ST_PROTECTED        ; a second try would not help
        je      .count
        cmp     ah, ST_TIMEOUT
        je      .none
        call    floppy_wait_speed       ; with the motor at speed, the head at rest, and the medium looked at anew
        call    floppy_settle
        call    floppy_number
        and     byte [bx+BDA_FD_STATE], ~FS_KNOWN & 0FFh
        call    floppy_establish
        jc      .none
        call    floppy_sectors
        jc      .count
.moved:
        call    floppy_bit
        not     al
        and     [BDA_FD_YOUNG], al
        mov     ah, 0
        jmp     floppy_release
.count:
        call    floppy_moved
        mov     [bp+F_AL], al
        jmp     floppy_release
.none:
        mov     byte [bp+F_AL], 0
        jmp     floppy_release
.early:
        mov     byte [bp+F_AL], 0
        ret

; AL = how many whole sectors went through DMA, by its count register. Uses CX, DX. AH stays.
floppy_moved:
        cli
        out     0Ch, al
        jmp     short $+2
        in      al, 05h
        mov     cl, al
        in      al, 05h
        mov     ch, al
        sti
        mov     dx, [BDA_FD_COUNT]
        sub     dx, cx                  ; CX is the bytes to come less one; after the last it is FFFFh
        mov     al, dh
        shr     al, 1
        ret

; Sets up DMA for CX+1 bytes at ES:BX of the caller. CF and AH = ST_BOUNDARY where they cross a physical 64 KB
; boundary, which the DMA controller cannot count over. For a verify the address is that of this ROM: some controllers
; write even then. Uses AX, CX, DX.
floppy_dma_range:
        mov     [BDA_FD_COUNT], cx
        mov     dx, cx
        cmp     byte [BDA_FD_DMA], DMA2_VERIFY
        je      .verify
        mov     ax, [bp+F_ES]
        mov     cl, 4
        rol     ax, cl
        mov     ch, al
        and     ch, 0Fh                 ; bits 16-19
        and     al, 0F0h
        add     ax, [bp+F_BX]
        adc     ch, 0
        mov     [BDA_FD_PAGE], ch
        mov     [BDA_FD_ADDR], ax
        add     ax, dx
        mov     ah, ST_BOUNDARY
        ret
.verify:
        mov     byte [BDA_FD_PAGE], 0Fh
        mov     word [BDA_FD_ADDR], 0   ; CF is clear after the equal comparison
        ret

; Gives the DMA controller what floppy_dma_range found. Uses AX.
floppy_dma_start:
        cli
        mov     al, 06h                 ; channel 2 stands still
        out     0Ah, al
        out     0Ch, al                 ; the low byte comes first
        mov     al, [BDA_FD_DMA]
        out     0Bh, al
        mov     ax, [BDA_FD_ADDR]
        out     04h, al
        jmp     short $+2
        mov     al, ah
        out     04h, al
        mov     al, [BDA_FD_PAGE]
        out     81h, al
        mov     ax, [BDA_FD_COUNT]
        out     05h, al
        jmp     short $+2
        mov     al, ah
        out     05h, al
        sti
        mov     al, 02h
        out     0Ah, al
        ret

; Makes the drive ready: motor and selection, a reset if the controller hangs, SPECIFY, the disk-change line.
; CF and AH. Uses AX, BX, CX, DX.
floppy_begin:
        call    floppy_select
        test    byte [BDA_FD_FLAGS], 01h
        jz      .sane
        call    fdc_reset
        jc      .done
.sane:
        call    fdc_specify
        jc      .done
        jmp     floppy_check_change
.done:
        ret

; Moves the sectors that the frame names. CF and AH. Uses AX, BX, CX, DX.
floppy_sectors:
        call    floppy_track
        call    floppy_seek
        jc      .done
        cmp     byte [BDA_FD_CMD], FDC_WRITE
        jne     .still
        call    floppy_settle
.still:
        call    floppy_dma_start
        call    fdc_expect_irq
        mov     al, [BDA_FD_CMD]
        call    fdc_send_unit
        jc      .done
        mov     al, [bp+F_CH]
        call    fdc_send
        jc      .done
        mov     al, [bp+F_DH]
        call    fdc_send
        jc      .done
        mov     al, [bp+F_CL]
        call    fdc_send
        jc      .done
        mov     al, DP_SIZE
        call    floppy_parameter
        call    fdc_send
        jc      .done
        call    floppy_last_sector
        call    fdc_send
        jc      .done
        mov     al, DP_GAP
        call    floppy_parameter
        call    fdc_send
        jc      .done
        mov     al, DP_LENGTH
        call    floppy_parameter
        call    fdc_send
        jc      .done
        jmp     fdc_end
.done:
        ret

; The number of the track's last sector for the command (EOT), in AL. The table says it, and programs rely on it where
; they read over both heads. Where the transfer would go beyond, what the data rate allows counts, so that a table
; for another format does not stand in the way. Uses AH, BX, CX.
floppy_last_sector:
        mov     al, DP_SECTORS
        call    floppy_parameter
        mov     ah, [bp+F_CL]
        add     ah, [bp+F_AL]
        jc      .done
        dec     ah                      ; the last one that is wanted, if the track has it
        cmp     ah, al
        jbe     .done
        mov     bl, al
        mov     cl, 2
        push    bx
        call    floppy_number
        mov     al, [bx+BDA_FD_STATE]
        rol     al, cl
        and     al, 03h
        cmp     byte [bx+BDA_FD_TYPE], FD_1200
        mov     bx, .rates
        jne     .look
        mov     bx, .rates_525
.look:
        cs      xlatb
        pop     bx
        cmp     bl, [bp+F_CL]
        jb      .as_wanted              ; it starts beyond the table's last
        cmp     bl, al
        jb      .done
        mov     al, bl                  ; the table has more than the rate: over both heads
.done:
        ret
.as_wanted:
        cmp     al, [bp+F_CL]
        jae     .done
        mov     al, ah
        ret
.rates: db      18, 9, 9, 36
.rates_525:
        db      15, 9, 9, 36

; AL = the drive's track for the frame's cylinder. Uses BX.
floppy_track:
        call    floppy_number
        mov     al, [bp+F_CH]
        test    byte [bx+BDA_FD_STATE], FS_DOUBLE_STEP
        jz      .done
        shl     al, 1
.done:
        ret

; Sends the command AL and the byte that names head and drive. CF and AH. Uses AX.
fdc_send_unit:
        call    fdc_send
        jc      .done
        mov     al, [bp+F_DH]
        and     al, 01h
        shl     al, 1
        shl     al, 1
        or      al, [bp+F_DL]
        call    fdc_send
.done:
        ret

; The end of a command with results: interrupt, results, and what they mean. CF and AH. Uses AX, BX.
fdc_end:
        call    fdc_wait_irq
        jc      .done
        call    fdc_results
        jc      .done
        mov     al, [BDA_FDC_RESULT]
        and     al, 0C0h                ; ends well: IC = 0
        jz      .good
        cmp     al, 40h
        mov     ah, ST_CONTROLLER
        jne     .error
        mov     al, [BDA_FDC_RESULT+1]
        xor     bx, bx
.next:
        shl     al, 1
        jc      .found
        inc     bx
        cmp     bl, 8
        jb      .next
.found:
        mov     ah, [cs:bx+.meanings]
.error:
        stc
        ret
.good:
        mov     ah, 0
.done:
        ret
; By the bits of ST1 from bit 7 down: EN, -, DE, OR, -, ND, NW, MA; then none [82077AA 6.2].
.meanings:
        db      ST_NOT_FOUND, ST_CONTROLLER, ST_CRC, ST_OVERRUN, ST_CONTROLLER, ST_NOT_FOUND, ST_PROTECTED
        db      ST_ADDRESS_MARK, ST_CONTROLLER
