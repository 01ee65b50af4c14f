; floppyinfo.asm: which drives and media there are: POST's search, the trial of data rates, formatting, and the
; functions that tell and set types.

; POST: the drives' types from CMOS, the equipment word, the controller, and the change line of each drive.
; DS = 0040h. Uses everything but DS and SS:SP.
floppy_init:
        push    bp
        sub     sp, F_FLAGS + 2         ; a frame, for the drive number
        mov     bp, sp
        mov     al, CMOS_FLOPPY
        call    cmos_read
        mov     ah, al
        mov     cl, 4
        shr     al, cl
        and     ah, 0Fh
        mov     [BDA_FD_TYPE], ax
        mov     word [BDA_FD_STATE], 0
        mov     word [BDA_FD_TRACK], 0
        mov     byte [BDA_FD_INFO], 0
        mov     bx, 1
.info:
        shl     byte [BDA_FD_INFO], cl
        mov     al, [bx+BDA_FD_TYPE]
        test    al, al
        jz      .next_info
        cmp     al, FD_360
        mov     al, FI_KNOWN
        je      .known
        mov     al, FI_KNOWN | FI_80_TRACKS | FI_CHANGE_LINE
.known:
        or      [BDA_FD_INFO], al
.next_info:
        dec     bx
        jns     .info

        call    floppy_count
        and     byte [BDA_EQUIP], 3Eh
        test    al, al
        jz      .none
        dec     ax
        ror     al, 1
        ror     al, 1
        and     al, 0C0h
        or      al, 01h
        or      [BDA_EQUIP], al
        call    floppy_default_table
        call    fdc_reset
        jc      .none
        call    fdc_perpendicular
        mov     byte [bp+F_DL], 0
.drive:
        call    floppy_present
        jc      .next_drive
        call    floppy_select
        call    floppy_recalibrate
        jc      .next_drive
        call    floppy_check_change     ; takes the line back, so that the first read need not fail
.next_drive:
        inc     byte [bp+F_DL]
        cmp     byte [bp+F_DL], 2
        jb      .drive
        call    floppy_release
.none:
        mov     byte [BDA_FLOPPY_STAT], 0
        add     sp, F_FLAGS + 2
        pop     bp
        ret

; INT 1Eh: the table for the format that drive A was made for, so that a boot sector that reads over both heads finds
; the right number of sectors. Uses AX, BX, ES.
floppy_default_table:
        mov     bl, [BDA_FD_TYPE]
        xor     bh, bh
        cmp     bl, FD_2880
        ja      .done
        shl     bx, 1
        mov     ax, [cs:bx+.tables]
        xor     bx, bx
        mov     es, bx
        mov     [es:1Eh*4], ax
        mov     [es:1Eh*4+2], cs
.done:
        ret
.tables:
        dw      diskette_parameters, table_360, table_1200, table_720, diskette_parameters, table_2880

; An enhanced controller is told which drives record perpendicularly [82077AA 5.2.5]. Uses AX, BX.
fdc_perpendicular:
        mov     al, FDC_VERSION
        call    fdc_send
        jc      .done
        call    fdc_results
        jc      .done
        cmp     byte [BDA_FDC_RESULT], 90h
        jne     .done
        mov     bl, 80h
        cmp     byte [BDA_FD_TYPE], FD_2880
        jne     .second
        or      bl, 04h
.second:
        cmp     byte [BDA_FD_TYPE+1], FD_2880
        jne     .send
        or      bl, 08h
.send:
        mov     al, FDC_PERPENDICULAR
        call    fdc_send
        jc      .done
        mov     al, bl
        call    fdc_send
.done:
        ret

; AL = number of drives. Uses AH.
floppy_count:
        mov     ax, [BDA_FD_TYPE]
        add     al, 0FFh
        mov     al, 0
        adc     al, 0
        add     ah, 0FFh
        adc     al, 0
        ret

; Whether the frame's drive is there: CF and AH. Uses BX.
floppy_present:
        call    floppy_number
        cmp     bl, 2
        mov     ah, ST_BAD_COMMAND
        jae     .no
        cmp     byte [bx+BDA_FD_TYPE], FD_NONE
        mov     ah, ST_TIMEOUT
        je      .no
        clc
        ret
.no:
        stc
        ret

; The data rates to try for each type of drive, most likely first, ended by 0FFh.
rates_by_type:
        dw      .rates_any, .rates_360, .rates_1200, .rates_720, .rates_1440, .rates_2880
.rates_any:     db      00h, 40h, 80h, 0FFh
.rates_360:     db      80h, 0FFh
.rates_1200:    db      00h, 40h, 80h, 0FFh
.rates_720:     db      80h, 0FFh
.rates_1440:    db      00h, 80h, 40h, 0FFh
.rates_2880:    db      0C0h, 00h, 80h, 40h, 0FFh

; SI = the rates of the frame's drive. Uses BX.
floppy_rates:
        call    floppy_number
        mov     bl, [bx+BDA_FD_TYPE]
        cmp     bl, FD_2880
        jbe     .known
        mov     bl, 0
.known:
        shl     bx, 1
        mov     si, [cs:bx+rates_by_type]
        ret

; Gives the controller the data rate in bits 7-6 of AL. Uses AX, CX, DX.
fdc_set_rate:
        and     al, FS_RATE
        and     byte [BDA_FD_RATE], ~FS_RATE & 0FFh
        or      [BDA_FD_RATE], al
        mov     cl, 2
        rol     al, cl
        mov     dx, FDC_CCR
        out     dx, al
        ret

; Sets the data rate for the medium; one that is not known yet is tried at every rate until a sector's ID can be read.
; CF and AH. Uses AX, BX, CX, DX, SI.
floppy_establish:
        call    floppy_number
        mov     al, [bx+BDA_FD_STATE]
        mov     [bx+BDA_FD_START], al
        test    al, FS_KNOWN
        jz      .unknown
        call    fdc_set_rate
        clc
        ret
.unknown:
        mov     al, 0
        call    floppy_seek
        jc      .done
        call    floppy_rates
.next:
        mov     al, [cs:si]
        inc     si
        cmp     al, 0FFh
        je      .failed
        call    fdc_set_rate
        call    floppy_read_id
        jnc     .found
        cmp     ah, ST_TIMEOUT
        jne     .next
        stc
        ret
.failed:
        mov     ah, ST_ADDRESS_MARK
        stc
.done:
        ret
.found:
        call    floppy_number
        mov     al, [cs:si-1]
        call    floppy_state
        mov     [bx+BDA_FD_STATE], al
        test    al, FS_DOUBLE_STEP
        jz      .good
        ; 40 tracks in a drive of 80: on the third track of the drive an ID says 1, unless the tracks stand as close
        ; as the drive's (images in emulators, disks that such a drive formatted).
        mov     al, 2
        call    floppy_seek
        jc      .done
        call    floppy_settle
        call    floppy_read_id
        jc      .good
        cmp     byte [BDA_FDC_RESULT+3], 1
        je      .good
        call    floppy_number
        and     byte [bx+BDA_FD_STATE], ~FS_DOUBLE_STEP & 0FFh
.good:
        clc
        ret

; AL = the media state byte for rate AL in drive BX, known, with the code in bits 0-2 that says drive and medium
; [RBIL MEMORY.LST 40:90]. Uses CX.
floppy_state:
        and     al, FS_RATE
        or      al, FS_KNOWN
        mov     cl, [bx+BDA_FD_TYPE]
        cmp     cl, FD_360
        je      .drive_360
        cmp     cl, FD_1200
        je      .drive_1200
        or      al, 07h
        ret
.drive_360:
        or      al, 03h
        ret
.drive_1200:
        cmp     al, FS_KNOWN            ; 500 kbit/s
        je      .high
        or      al, FS_DOUBLE_STEP | 04h
        ret
.high:
        or      al, 05h
        ret

; READ ID on head 0. CF and AH. Uses AX, BX.
floppy_read_id:
        call    fdc_expect_irq
        mov     al, FDC_READ_ID
        call    fdc_send
        jc      .done
        mov     al, [bp+F_DL]
        call    fdc_send
        jc      .done
        jmp     fdc_end
.done:
        ret
