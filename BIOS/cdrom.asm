; cdrom.asm: INT 13h for the CD-ROM drive: the extensions with sectors of 2,048 bytes. [EDD], [El Torito]
; A function gets the frame in BP and DS = BIOS data area, and answers with AH = status.

CD_DRIVE        equ     0E0h
CD_ANY          equ     7Fh             ; El Torito's number for whatever the emulation is

; INT 13h for drive E0h.
cd_service:
        enter_service
        sti
        mov     bx, cd_functions
; By the table at CS:BX: function numbers and addresses, the last for any other number.
cd_dispatch:
        cmp     byte [cs:bx], 0FFh
        je      .found
        cmp     ah, [cs:bx]
        je      .found
        add     bx, 3
        jmp     cd_dispatch
.found:
        call    [cs:bx+1]
        mov     cx, BDA_SEG
        mov     ds, cx
        mov     [BDA_DISK_STAT], ah
        jmp     end_of_service

%macro cd_function 2
        db      %1
        dw      %2
%endmacro

cd_functions:
        cd_function 00h, cd_reset
        cd_function 01h, disk_last_status
        cd_function 0Dh, cd_reset
        cd_function 10h, cd_test_ready
        cd_function 41h, cd_check
        cd_function 42h, cd_extended_read
        cd_function 43h, cd_protected
        cd_function 44h, cd_extended_verify
        cd_function 45h, cd_lock
        cd_function 46h, cd_eject
        cd_function 47h, cd_extended_seek
        cd_function 48h, cd_parameters
        cd_function 49h, cd_changed
cd_boot_functions:
        cd_function 4Ah, cd_initiate
        cd_function 4Bh, cd_terminate
        cd_function 4Ch, cd_initiate_and_boot
        cd_function 4Dh, cd_catalogue
        cd_function 0FFh, disk_unknown

; 00h, 0Dh: nothing needs a reset that the next packet could not find out.
cd_reset:
        call    cd_open
        jc      cd_no_drive
cd_good:
        mov     ah, 0
        ret
cd_protected:
        call    cd_open
        jc      cd_no_drive
        mov     ah, ST_PROTECTED
cd_no_drive:
        ret

; 10h: is it ready?
cd_test_ready:
        call    cd_open
        jc      .done
        mov     al, 00h
        call    atapi_simple
.done:
        ret

; 41h: BX = AA55h: extensions are here: packet access, locking and ejecting.
cd_check:
        cmp     word [bp+F_BX], 55AAh
        jne     .unknown
        call    cd_open
        jc      .done
        mov     word [bp+F_BX], 0AA55h
        mov     word [bp+F_CX], 0003h
        mov     byte [es:BDA_DISK_STAT], 0
        pop     bx                      ; not the usual end: AH is no status
        mov     byte [bp+F_AH], 21h
        and     byte [bp+F_FLAGS], ~FLAG_CARRY & 0FFh
        leave_service
.unknown:
        mov     ah, ST_BAD_COMMAND
.done:
        ret

; Opens the drive and takes the caller's packet: W_LBA, C_COUNT, W_SEGMENT:W_OFFSET, C_TAKE. CF and AH; ZF set if there
; is nothing to do. Uses AX, CX, DX, DI.
cd_address:
        call    cd_open
        jc      .done
        push    es
        mov     es, [bp+F_DS]
        mov     di, [bp+F_SI]
        mov     ah, ST_BAD_COMMAND
        cmp     byte [es:di+P_SIZE], 10h
        jb      .no
        mov     cx, [es:di+P_COUNT]
        test    ch, ch                  ; the standard allows 127
        jnz     .no
        mov     [C_COUNT], cx
        mov     ax, [es:di+P_OFFSET]
        mov     dx, [es:di+P_SEGMENT]
        mov     [W_OFFSET], ax
        mov     [W_SEGMENT], dx
        mov     ax, [es:di+P_LBA]
        mov     dx, [es:di+P_LBA+2]
        mov     [W_LBA], ax
        mov     [W_LBA+2], dx
        mov     ax, [es:di+P_LBA+4]
        or      ax, [es:di+P_LBA+6]
        mov     ah, ST_NOT_FOUND
        jnz     .no
        mov     ax, 1024                ; words of a sector
        mul     cx
        mov     [C_TAKE], ax
        mov     [C_TAKE+2], dx
        mov     word [C_SKIP], 0
        pop     es
        mov     ah, 0
        test    cx, cx                  ; CF is clear
        ret
.no:
        pop     es
        stc
.done:
        ret

; 42h, 44h: reads, verifies. The caller's packet gets the number of sectors where it was not all.
cd_extended_read:
        call    cd_address
        jc      cd_none_moved
        jz      cd_moved
        call    cd_read
        jc      cd_none_moved
cd_moved:
        ret
cd_extended_verify:
        call    cd_address
        jc      cd_none_moved
        jz      cd_moved
        mov     word [C_TAKE], 0
        mov     word [C_TAKE+2], 0
        call    cd_read
        jnc     cd_moved
cd_none_moved:
        mov     al, 0
        jmp     edd_count

; 47h: seeks.
cd_extended_seek:
        call    cd_address
        jc      .done
        mov     al, 2Bh                 ; SEEK (10)
        call    atapi_packet
        mov     ax, [W_LBA+2]
        xchg    al, ah
        mov     [C_PACKET+2], ax
        mov     ax, [W_LBA]
        xchg    al, ah
        mov     [C_PACKET+4], ax
        jmp     atapi_patient
.done:
        ret

; 45h: AL = 0 locks the drive, 1 unlocks it, 2 asks. AL = whether it is locked. Locks are counted.
cd_lock:
        call    cd_open
        jc      .done
        mov     bl, [C_LOCKS]
        mov     al, [bp+F_AL]
        cmp     al, 1
        mov     ah, ST_BAD_COMMAND
        ja      .ask
        je      .unlock
        inc     bl
        mov     ah, 0B4h                ; as often as can be
        jz      .error
        jmp     .set
.unlock:
        mov     ah, 0B0h                ; it is not locked
        sub     bl, 1
        jc      .error
.set:
        mov     [C_LOCKS], bl
        mov     al, 1Eh                 ; PREVENT ALLOW MEDIUM REMOVAL
        call    atapi_packet
        cmp     byte [C_LOCKS], 0
        je      .send
        mov     byte [C_PACKET+4], 1
.send:
        call    atapi_patient
        jc      .done
        jmp     .tell
.ask:
        cmp     al, 2
        jne     .error
.tell:
        mov     al, [C_LOCKS]
        cmp     al, 1
        cmc
        sbb     al, al                  ; FFh where it is locked
        and     al, 1
        mov     [bp+F_AL], al
        mov     ah, 0
.done:
        ret
.error:
        stc
        ret

; 46h: opens the tray.
cd_eject:
        call    cd_open
        jc      .done
        cmp     byte [C_LOCKS], 0
        mov     ah, ST_LOCKED
        jne     .done
        mov     al, 1Bh                 ; START STOP UNIT: eject
        call    atapi_packet
        mov     byte [C_PACKET+4], 02h
        jmp     atapi_patient
.done:
        ret

; 48h: the drive's parameters to DS:SI, 26 bytes, or 30 where the caller's buffer has the room (its first word says).
cd_parameters:
        call    cd_open
        jc      .done
        mov     es, [bp+F_DS]
        mov     di, [bp+F_SI]
        mov     ah, ST_BAD_COMMAND
        mov     dx, [es:di]
        cmp     dx, 1Ah
        jb      .done
        mov     ax, 0FFFFh
        cmp     dx, 1Eh
        mov     dx, 1Ah
        jb      .size
        mov     dx, 1Eh
        mov     [es:di+1Ah], ax         ; nothing is told of the interface
        mov     [es:di+1Ch], ax
.size:
        mov     [es:di], dx
        mov     word [es:di+02h], 0034h ; removable, tells of a change, can be locked; no geometry
        mov     cx, 10
        mov     bx, 04h
.fill:
        mov     [es:bx+di], ax          ; geometry and size are not known
        inc     bx
        inc     bx
        loop    .fill
        mov     word [es:di+18h], 2048
        mov     al, 25h                 ; READ CAPACITY: the last sector, high byte first
        push    di
        push    es
        mov     cx, BDA_SEG
        mov     es, cx
        call    atapi_packet
        mov     word [C_TAKE], 8 / 2
        mov     word [W_OFFSET], EBDA_SCRATCH
        mov     [W_SEGMENT], ds
        call    atapi_patient
        pop     es
        pop     di
        mov     ah, 0
        jc      .done                   ; no disc: the size stays unknown
        mov     ax, [EBDA_SCRATCH]
        mov     dx, [EBDA_SCRATCH+2]
        xchg    al, ah
        xchg    dl, dh
        add     dx, 1
        adc     ax, 0
        mov     [es:di+10h], dx
        mov     [es:di+12h], ax
        xor     ax, ax
        mov     [es:di+14h], ax
        mov     [es:di+16h], ax
.done:
        ret

; 49h: was the disc changed?
cd_changed:
        call    cd_open
        jc      .done
        mov     al, 00h
        call    atapi_packet
        call    atapi_command
        jnc     .done
        cmp     ah, ST_NO_MEDIUM
        jne     .done
        mov     ah, ST_CHANGED
.done:
        ret
