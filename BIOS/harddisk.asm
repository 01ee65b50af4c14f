; harddisk.asm: INT 13h for fixed disks by cylinder, head and sector. The search for the drives is in diskinit.asm.
; A function gets the frame in BP and DS = ES = BIOS data area, and answers with AH = status.

        %include "diskinit.asm"

disk_unknown:
        mov     ah, ST_BAD_COMMAND
        ret

; The record of the frame's disk: DS:SI, with ES = BIOS data area. CF and AH where there is no such disk.
disk_find:
        mov     ax, BDA_SEG
        mov     es, ax
        mov     ds, ax
        mov     al, [bp+F_DL]
        and     al, 7Fh
        cmp     al, [BDA_DISKS]
        mov     ah, ST_BAD_COMMAND
        jae     .no
        test    byte [BDA_CD], CD_DISK
        jz      .own
        dec     al                      ; 80h is the CD's image, and does not come here
.own:
        mov     ds, [BDA_EBDA]
        mov     ah, D_SIZE
        mul     ah
        mov     si, ax
        add     si, EBDA_DISKS
        clc
        ret
.no:
        stc
        ret

; 00h: resets the floppies too, as the AT does, then the disk's channel.
disk_reset:
        call    floppy_count
        test    al, al
        jz      .no_floppy
        mov     ah, 0
        xor     dx, dx
        int     40h
.no_floppy:
        call    disk_find
        jc      .done
        call    ata_reset
.done:
        ret

; 01h: AL = the last operation's status, which then is 0.
disk_last_status:
        mov     al, [BDA_DISK_STAT]
        mov     [bp+F_AL], al
        mov     ah, 0
        ret

disk_read:
        mov     al, ATA_READ
        jmp     disk_transfer
disk_write:
        mov     al, ATA_WRITE
        ; fall through

; 02h, 03h: AL sectors from cylinder CH and bits 7-6 of CL, head DH, sector CL on, at ES:BX. AL = sectors moved.
disk_transfer:
        push    ax
        call    disk_find
        pop     bx
        jc      .none
        mov     [W_COMMAND], bl
        call    disk_address
        jc      .none
        mov     ax, [bp+F_BX]
        mov     [W_OFFSET], ax
        mov     ax, [bp+F_ES]
        mov     [W_SEGMENT], ax
        call    ata_transfer
        mov     al, [W_DONE]
        mov     [bp+F_AL], al
        ret
.none:
        mov     byte [bp+F_AL], 0
        ret

; 04h: the drive reads, but nothing is moved.
disk_verify:
        call    disk_find
        jc      .done
        mov     byte [W_COMMAND], ATA_VERIFY
        call    disk_address
        jc      .done
        call    ata_no_data
.done:
        ret

; W_LBA and W_COUNT by the frame. CF and AH where the disk has no such sectors. Uses AX, BX, CX, DX, DI.
disk_address:
        mov     al, [bp+F_AL]
        mov     [W_COUNT], al
        mov     ah, ST_BAD_COMMAND
        dec     al
        js      .no                     ; 0, or more than 128
        call    disk_cylinder
        jc      .no_sector
        mov     cl, [bp+F_CL]
        and     cx, 3Fh
        dec     cx
        js      .no_sector
        cmp     cx, [si+D_LSECTORS]
        jae     .no_sector
        add     [W_LBA], cx
        adc     word [W_LBA+2], 0
        call    disk_in_range
        jc      .no_sector
        ret
.no_sector:
        mov     ah, ST_NOT_FOUND
.no:
        stc
        ret

; W_LBA = the first sector of the frame's cylinder and head. CF where there is none. Uses AX, BX, CX, DX.
disk_cylinder:
        mov     al, [bp+F_CH]
        mov     ah, [bp+F_CL]
        mov     cl, 6
        shr     ah, cl
        cmp     ax, [si+D_LCYLS]
        cmc
        jc      .done
        mul     word [si+D_LHEADS]
        mov     bl, [bp+F_DH]
        xor     bh, bh
        cmp     bx, [si+D_LHEADS]
        cmc
        jc      .done
        add     ax, bx
        adc     dx, 0
        mov     bx, dx
        mul     word [si+D_LSECTORS]
        mov     [W_LBA], ax
        mov     cx, dx
        mov     ax, bx
        mul     word [si+D_LSECTORS]
        add     ax, cx
        mov     [W_LBA+2], ax
        clc
.done:
        ret

; CF where W_COUNT sectors from W_LBA on go beyond the disk. Uses AX, DX.
disk_in_range:
        mov     ax, [W_LBA]
        mov     dx, [W_LBA+2]
        add     al, [W_COUNT]
        adc     ah, 0
        adc     dx, 0
        jc      .done
        cmp     dx, [si+D_TOTAL+2]
        jne     .decided
        cmp     ax, [si+D_TOTAL]
        je      .done                   ; up to the last one: CF is clear
.decided:
        cmc                             ; below: inside
.done:
        ret

; 08h: CH and bits 7-6 of CL the last cylinder, CL sectors, DH the last head, DL the number of disks.
disk_parameters:
        call    disk_find
        jc      .none
        mov     byte [bp+F_AL], 0
        mov     ax, [si+D_LCYLS]
        dec     ax
        mov     ch, al
        mov     cl, 6
        shl     ah, cl
        mov     cl, [si+D_LSECTORS]
        or      cl, ah
        mov     [bp+F_CX], cx
        mov     al, [si+D_LHEADS]
        dec     ax
        mov     [bp+F_DH], al
        mov     al, [es:BDA_DISKS]
        mov     [bp+F_DL], al
        mov     ah, 0
        ret
.none:
        xor     ax, ax
        mov     [bp+F_CX], ax
        mov     [bp+F_DX], ax
        mov     [bp+F_AL], al
        mov     ah, ST_INIT_FAILED
        ret

; 09h: tells the drive its geometry.
disk_set_parameters:
        call    disk_find
        jc      .done
        call    ata_set_geometry
.done:
        ret

; 0Ch: seeks to cylinder CH and CL, head DH.
disk_seek:
        call    disk_find
        jc      .done
        call    disk_cylinder
        mov     ah, ST_NOT_FOUND
        jc      .done
        mov     ax, ATA_SEEK << 8 | 1
        jmp     disk_simple
.done:
        ret

; 0Dh: resets the disk's channel and leaves the floppies alone.
disk_alternate_reset:
        call    disk_find
        jc      .done
        call    ata_reset
.done:
        ret

; 10h: is the drive ready?
disk_test_ready:
        call    disk_find
        jc      .done
        mov     al, 0
        call    ata_select
        jc      .done
        mov     ah, 0
.done:
        ret

; 11h
disk_recalibrate:
        call    disk_find
        jc      .done
        xor     ax, ax
        mov     [W_LBA], ax
        mov     [W_LBA+2], ax
        mov     ax, ATA_RECALIBRATE << 8 | 1
; Command AH, count AL, at W_LBA.
disk_simple:
        mov     [W_COMMAND], ah
        mov     [W_COUNT], al
        jmp     ata_no_data
disk_recalibrate.done:
        ret

; 14h: the drives of the channel test themselves: the code in the error register is 01h if all is well, with bit 7 for
; the second drive [ATA-4 8.9].
disk_diagnose:
        call    disk_find
        jc      .done
        xor     ax, ax
        mov     [W_LBA], ax
        mov     [W_LBA+2], ax
        mov     byte [W_COMMAND], ATA_DIAGNOSE
        mov     byte [W_COUNT], 1
        call    ata_command
        jc      .done
        mov     byte [W_TICKS], 182
        call    ata_wait
        jc      .done
        mov     dx, [si+D_BASE]
        inc     dx
        in      al, dx
        and     al, 7Fh
        cmp     al, 01h
        mov     ah, ST_CONTROLLER
        jne     .done
        call    ata_reset               ; it cost the drives their geometries
.done:
        ret

; 15h: AH = 3 a disk, with CX:DX sectors; 0 none. That is no error, so the status is 0.
disk_type:
        call    disk_find
        mov     cx, 0
        mov     dx, 0
        mov     al, 0
        jc      .tell
        mov     ax, [si+D_LCYLS]
        mul     word [si+D_LSECTORS]    ; fits: 1024 * 63
        mul     word [si+D_LHEADS]
        mov     cx, dx
        mov     dx, ax
        mov     al, 3
.tell:
        mov     [bp+F_CX], cx
        mov     [bp+F_DX], dx
        mov     byte [es:BDA_DISK_STAT], 0
        pop     bx                      ; not the usual end: AH is no status
        mov     [bp+F_AH], al
        and     byte [bp+F_FLAGS], ~FLAG_CARRY & 0FFh
        leave_service
