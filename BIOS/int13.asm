; int13.asm: INT 13h and INT 40h: the way to the floppies or the disks by the drive number, and how a service ends.

        %include "diskwait.asm"

; Looks at bits of BDA_CD: ZF. Uses no register.
%macro cd_test 1
        push    ds
        push    ax
        mov     ax, BDA_SEG
        mov     ds, ax
        test    byte [BDA_CD], %1
        pop     ax
        pop     ds
%endmacro

; INT 13h. Floppies are served by INT 40h, as on an AT with fixed disks: the stack is made as if INT 40h had been
; executed in the caller's place. The CD-ROM drive comes first, and what a boot image puts in other drives' places.
int13_handler:
        cmp     dl, CD_DRIVE
        je      cd_service
        cmp     dl, CD_ANY
        je      cd_service
        cd_test CD_FLOPPY | CD_DISK
        jnz     cd_divert
int13_physical:
        test    dl, 80h
        jnz     disk_service
        push    ax                      ; room for the address
        push    ax
        push    bp
        push    ds
        push    ax
        mov     bp, sp
        xor     ax, ax
        mov     ds, ax
        mov     ax, [40h*4]
        mov     [bp+6], ax
        mov     ax, [40h*4+2]
        mov     [bp+8], ax
        pop     ax
        pop     ds
        pop     bp
        retf

; INT 40h: floppies only.
int40_handler:
        enter_service
        sti
        mov     bl, ah
        cmp     bl, (floppy_functions.end - floppy_functions) / 2
        jb      .known
        mov     bl, 07h                 ; one that is not served
.known:
        xor     bh, bh
        shl     bx, 1
        call    [cs:bx+floppy_functions]
        mov     [BDA_FLOPPY_STAT], ah
        jmp     end_of_service

; AH = status; it goes to the caller with the carry flag.
end_of_service:
        mov     [bp+F_AH], ah
        and     byte [bp+F_FLAGS], ~FLAG_CARRY & 0FFh
        test    ah, ah
        jz      .good
        or      byte [bp+F_FLAGS], FLAG_CARRY
.good:
        leave_service

; INT 13h for disks.
disk_service:
        enter_service
        sti
        mov     bl, ah
        cmp     bl, (disk_functions.end - disk_functions) / 2
        jb      .known
        sub     bl, 41h
        cmp     bl, (edd_functions.end - edd_functions) / 2
        jb      .extended
        mov     bl, 06h                 ; one that is not served
.known:
        xor     bh, bh
        shl     bx, 1
        mov     bx, [cs:bx+disk_functions]
        jmp     .call
.extended:
        xor     bh, bh
        shl     bx, 1
        mov     bx, [cs:bx+edd_functions]
.call:
        call    bx
        mov     cx, BDA_SEG
        mov     ds, cx
        mov     [BDA_DISK_STAT], ah
        jmp     end_of_service

; What is behind a function number. A function gets the frame in BP, DS = BIOS data area, and answers with AH =
; status; it may use every register but BP and SS:SP. What it returns in registers it puts into the frame.
floppy_functions:
        dw      floppy_reset, floppy_last_status, floppy_read, floppy_write             ; 00h
        dw      floppy_verify, floppy_format, floppy_unknown, floppy_unknown            ; 04h
        dw      floppy_parameters, floppy_unknown, floppy_unknown, floppy_unknown       ; 08h
        dw      floppy_unknown, floppy_unknown, floppy_unknown, floppy_unknown          ; 0Ch
        dw      floppy_unknown, floppy_unknown, floppy_unknown, floppy_unknown          ; 10h
        dw      floppy_unknown, floppy_drive_type, floppy_change_line, floppy_set_type  ; 14h
        dw      floppy_set_medium                                                       ; 18h
.end:

disk_functions:
        dw      disk_reset, disk_last_status, disk_read, disk_write                     ; 00h
        dw      disk_verify, disk_unknown, disk_unknown, disk_unknown                   ; 04h
        dw      disk_parameters, disk_set_parameters, disk_unknown, disk_unknown        ; 08h
        dw      disk_seek, disk_alternate_reset, disk_unknown, disk_unknown             ; 0Ch
        dw      disk_test_ready, disk_recalibrate, disk_unknown, disk_unknown           ; 10h
        dw      disk_diagnose, disk_type                                                ; 14h
.end:

edd_functions:
        dw      edd_check, edd_read, edd_write, edd_verify                              ; 41h
        dw      disk_unknown, disk_unknown, edd_seek, edd_parameters                    ; 45h
.end:
