; floppyfmt.asm: formatting a track, and the functions that tell of drives and media and set what will be formatted.

; The parameter tables of the other formats, as INT 13h/18h and 08h give them; INT 1Eh has the 1.44 MB one.
; floppy_table SECTORS, GAP, FORMAT GAP, SPECIFY 1
%macro floppy_table 4
        db      %4, 02h, 25h, 02h, %1, %2, 0FFh, %3, 0F6h, 0Fh, 08h
%endmacro
table_320:      floppy_table 8, 2Ah, 50h, 0DFh
table_360:      floppy_table 9, 2Ah, 50h, 0DFh
table_360_1200: floppy_table 9, 23h, 50h, 0DFh
table_1200:     floppy_table 15, 1Bh, 54h, 0DFh
table_640:      floppy_table 8, 2Ah, 50h, 0DFh
table_720:      floppy_table 9, 2Ah, 50h, 0DFh
table_2880:     floppy_table 36, 1Bh, 53h, 0AFh

; What a drive of a type can format: type, last track, sectors, rate, table. Ended by 0.
floppy_media:
        db      FD_360, 39, 9, 80h
        dw      table_360
        db      FD_360, 39, 8, 80h
        dw      table_320
        db      FD_1200, 79, 15, 00h
        dw      table_1200
        db      FD_1200, 39, 9, 40h
        dw      table_360_1200
        db      FD_1200, 39, 8, 40h
        dw      table_320
        db      FD_720, 79, 9, 80h
        dw      table_720
        db      FD_720, 79, 8, 80h
        dw      table_640
        db      FD_1440, 79, 18, 00h
        dw      diskette_parameters
        db      FD_1440, 79, 9, 80h
        dw      table_720
        db      FD_1440, 79, 8, 80h
        dw      table_640
        db      FD_2880, 79, 36, 0C0h
        dw      table_2880
        db      FD_2880, 79, 18, 00h
        dw      diskette_parameters
        db      FD_2880, 79, 9, 80h
        dw      table_720
        db      FD_2880, 79, 8, 80h
        dw      table_640
        db      0
MEDIUM_SIZE     equ     6

; 05h: lays down track CH, head DH: ES:BX has four bytes C, H, R, N for each sector; how many, the table says.
floppy_format:
        call    floppy_present
        jc      .early
        mov     byte [BDA_FD_DMA], DMA2_TO_DEVICE
        mov     al, DP_SECTORS
        call    floppy_parameter
        mov     ah, 0
        test    al, al
        jz      .bad
        shl     ax, 1
        shl     ax, 1
        dec     ax
        mov     cx, ax
        call    floppy_dma_range
        jc      .early
        call    floppy_begin
        jc      .end
        or      byte [BDA_MOTOR], 80h
        call    floppy_wait_speed
        call    floppy_establish
        jnc     .track
        cmp     ah, ST_TIMEOUT
        je      .end
        call    floppy_rates            ; unformatted, and nobody said what it shall be: what the drive is made for
        mov     al, [cs:si]
        push    ax
        call    floppy_number
        call    floppy_state
        mov     [bx+BDA_FD_STATE], al
        pop     ax
        call    fdc_set_rate
.track:
        call    floppy_track
        call    floppy_seek
        jc      .end
        call    floppy_settle
        call    floppy_dma_start
        call    fdc_expect_irq
        mov     al, FDC_FORMAT
        call    fdc_send_unit
        jc      .end
        mov     al, DP_SIZE
        call    floppy_parameter
        call    fdc_send
        jc      .end
        mov     al, DP_SECTORS
        call    floppy_parameter
        call    fdc_send
        jc      .end
        mov     al, DP_FORMAT_GAP
        call    floppy_parameter
        call    fdc_send
        jc      .end
        mov     al, DP_FILLER
        call    floppy_parameter
        call    fdc_send
        jc      .end
        call    fdc_end
.end:
        jmp     floppy_release
.bad:
        mov     ah, ST_BAD_COMMAND
.early:
        ret

; 08h: what drive DL is: BL the type as in CMOS, CH last track, CL sectors, DH last head, DL number of drives, ES:DI
; its parameter table. Zeros for a drive that is not there, but for the number of drives.
floppy_parameters:
        call    floppy_count
        mov     ah, 0
        push    ax
        xor     ax, ax
        mov     [bp+F_AX], ax
        mov     [bp+F_BX], ax
        mov     [bp+F_CX], ax
        mov     [bp+F_DI], ax
        mov     [bp+F_ES], ax
        call    floppy_number
        mov     [bp+F_DX], ax
        pop     ax
        mov     [bp+F_DL], al
        mov     ah, 0
        cmp     bl, 2
        jae     .done
        mov     al, [bx+BDA_FD_TYPE]
        test    al, al
        jz      .done
        mov     si, floppy_media        ; the first one of a type is what it is made for
.next:
        cmp     byte [cs:si], 0
        je      .done
        cmp     al, [cs:si]
        je      .found
        add     si, MEDIUM_SIZE
        jmp     .next
.found:
        mov     [bp+F_BL], al
        mov     byte [bp+F_DH], 1
        mov     cl, [cs:si+2]
        mov     ch, [cs:si+1]
        mov     [bp+F_CX], cx
        mov     cx, [cs:si+4]
        mov     [bp+F_DI], cx
        mov     [bp+F_ES], cs
.done:
        ret

; 15h: AH = 0 no drive, 1 a drive without, 2 with a disk-change line. That is no error, so the status is 0.
floppy_drive_type:
        call    floppy_number
        mov     al, 0
        cmp     bl, 2
        jae     .tell
        mov     ah, [bx+BDA_FD_TYPE]
        cmp     ah, FD_NONE
        je      .tell
        inc     ax
        cmp     ah, FD_360
        je      .tell
        inc     ax
.tell:
        mov     byte [BDA_FLOPPY_STAT], 0
        pop     bx                      ; not the usual end: AH is no status
        mov     [bp+F_AH], al
        and     byte [bp+F_FLAGS], ~FLAG_CARRY & 0FFh
        leave_service

; 16h: AH = ST_CHANGED when the disk-change line is active. A drive without the line always may have changed.
floppy_change_line:
        call    floppy_present
        jc      .done
        cmp     byte [bx+BDA_FD_TYPE], FD_360
        mov     ah, ST_CHANGED
        je      .done
        call    floppy_select
        mov     dx, FDC_DIR
        in      al, dx
        mov     ah, 0
        test    al, 80h
        jz      .same
        mov     ah, ST_CHANGED
.same:
        jmp     floppy_release
.done:
        ret

; 17h: what kind of disk will be formatted: AL 1 360K in a 360K drive, 2 360K in a 1.2M drive, 3 1.2M, 4 720K;
; 5 and 6, 1.44M and 2.88M, as later BIOSes have it.
floppy_set_type:
        call    floppy_present
        jc      .done
        mov     bl, [bp+F_AL]
        dec     bl
        cmp     bl, 6
        mov     ah, ST_BAD_COMMAND
        jae     .done
        mov     al, [cs:bx+.rates]
floppy_set_rate:
        push    ax
        call    floppy_begin            ; a disk must be in; that it was changed is no error here
        pop     cx
        jnc     .same
        cmp     ah, ST_CHANGED
        jne     .error
.same:
        call    floppy_number
        mov     al, cl
        call    floppy_state
        test    al, FS_DOUBLE_STEP
        jz      .store
        push    ax
        mov     byte [bx+BDA_FD_STATE], 0
        call    floppy_establish        ; finds out whether this disk's tracks stand as close as the drive's
        pop     ax
        call    floppy_number
        jc      .store
        mov     cl, [bx+BDA_FD_STATE]
        xor     cl, al
        test    cl, FS_RATE
        jnz     .store
        mov     al, [bx+BDA_FD_STATE]
.store:
        mov     [bx+BDA_FD_STATE], al
        mov     ah, 0
.error:
        jmp     floppy_release
floppy_set_type.done:
        ret
floppy_set_type.rates:
        db      80h, 40h, 00h, 80h, 00h, 0C0h

; 18h: sets the medium to format: CH the last track, CL sectors. ES:DI = the parameter table for it.
floppy_set_medium:
        call    floppy_present
        jc      .done
        mov     al, [bx+BDA_FD_TYPE]
        mov     cx, [bp+F_CX]
        mov     si, floppy_media
.next:
        cmp     byte [cs:si], 0
        mov     ah, ST_UNSUPPORTED
        je      .done
        cmp     al, [cs:si]
        jne     .other
        cmp     cl, [cs:si+2]
        jne     .other
        cmp     ch, [cs:si+1]
        je      .found
.other:
        add     si, MEDIUM_SIZE
        jmp     .next
.found:
        mov     cx, [cs:si+4]
        push    cx
        mov     al, [cs:si+3]
        call    floppy_set_rate
        pop     cx
        test    ah, ah
        jnz     .done
        mov     [bp+F_DI], cx
        mov     [bp+F_ES], cs
.done:
        ret
