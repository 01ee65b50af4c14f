; cdemulation.asm: the boot image of a CD in the place of a floppy or a fixed disk, and El Torito's functions of INT 13h.
; [El Torito 4, 5]. A function gets the frame in BP and DS = BIOS data area, and answers with AH = status.

; El Torito's specification packet
S_SIZE          equ     0
S_MEDIUM        equ     1       ; byte: bits 3-0 the kind of emulation
S_DRIVE         equ     2       ; byte
S_CONTROLLER    equ     3       ; byte
S_LBA           equ     4       ; dword: where the image is
S_DEVICE        equ     8       ; word: bit 0 the second drive of the channel
S_BUFFER        equ     10      ; word: a segment of 3 KB for a cache, which is not needed
S_SEGMENT       equ     12      ; word: where to load to
S_COUNT         equ     14      ; word: sectors of 512 bytes to load
S_GEOMETRY      equ     16      ; as INT 13h/08h has it: CH, CL, DH
S_LENGTH        equ     13h
; Kinds of emulation
EMULATION_NONE  equ     0
EMULATION_DISK  equ     4

; INT 13h while a boot image stands for a drive. Floppy drive A is B in that time.
cd_divert:
        test    dl, 80h
        jnz     .disk
        cd_test CD_FLOPPY
        jz      int13_physical
        cmp     dl, 1
        jb      cd_emulated
        ja      int13_physical
        push    ax                      ; the function
        mov     dl, 0
        int     40h
        push    bp
        mov     bp, sp
        jc      .error
        and     byte [bp+8], ~FLAG_CARRY & 0FFh
        jmp     .number
.error:
        or      byte [bp+8], FLAG_CARRY
.number:
        cmp     byte [bp+3], 08h        ; which tells something in DL
        je      .end
        mov     dl, 1
.end:
        pop     bp
        add     sp, 2
        iret
.disk:
        cd_test CD_DISK
        jz      int13_physical
        cmp     dl, 80h
        ja      int13_physical
        ; fall through

cd_emulated:
        enter_service
        sti
        mov     bx, .functions
        cmp     ah, 4Ah
        jb      .call
        mov     bx, cd_boot_functions
.call:
        jmp     cd_dispatch
.functions:
        cd_function 00h, cd_reset
        cd_function 01h, disk_last_status
        cd_function 02h, cd_image_read
        cd_function 03h, cd_protected
        cd_function 04h, cd_image_verify
        cd_function 05h, cd_protected
        cd_function 08h, cd_image_parameters
        cd_function 09h, cd_good
        cd_function 0Ch, cd_image_seek
        cd_function 0Dh, cd_good
        cd_function 10h, cd_test_ready
        cd_function 11h, cd_good
        cd_function 15h, cd_image_type
        cd_function 16h, cd_good
        cd_function 0FFh, disk_unknown

; 02h: AL sectors from cylinder CH and CL, head DH, sector CL on, to ES:BX. AL = sectors that were moved.
cd_image_read:
        call    cd_image_address
        jc      .none
        mov     ax, [bp+F_BX]
        mov     [W_OFFSET], ax
        mov     ax, [bp+F_ES]
        mov     [W_SEGMENT], ax
        call    cd_read
        jnc     .done
.none:
        mov     byte [bp+F_AL], 0
.done:
        ret

; 04h
cd_image_verify:
        call    cd_image_address
        jc      .done
        mov     word [C_TAKE], 0
        call    cd_read
.done:
        ret

; 0Ch
cd_image_seek:
        mov     byte [bp+F_AL], 1
        call    cd_image_address
        jc      .done
        mov     ah, 0
.done:
        ret

; Opens the drive: W_LBA and C_COUNT are the CD's sectors that hold what the frame names, C_SKIP and C_TAKE what of them
; is wanted. CF and AH where the image has no such sectors. Uses AX, BX, CX, DX.
cd_image_address:
        call    cd_open
        jc      .done
        mov     ah, ST_BAD_COMMAND
        cmp     byte [bp+F_AL], 0
        je      .no
        mov     al, [bp+F_CH]
        mov     ah, [bp+F_CL]
        mov     cl, 6
        shr     ah, cl
        cmp     ax, [C_CYLS]
        jae     .not_found
        mov     bl, [C_HEADS]
        xor     bh, bh
        mul     bx
        mov     bl, [bp+F_DH]
        cmp     bl, [C_HEADS]
        jae     .not_found
        add     ax, bx
        adc     dx, 0
        mov     bl, [C_SECTORS]
        push    ax
        mov     ax, dx
        mul     bx
        mov     cx, ax
        pop     ax
        mul     bx
        add     dx, cx
        mov     cl, [bp+F_CL]
        and     cx, 3Fh
        dec     cx
        js      .not_found
        cmp     cl, bl
        jae     .not_found
        add     ax, cx
        adc     dx, 0
        mov     bx, ax
        and     bx, 3                   ; four sectors of 512 bytes are one of the CD's
        mov     byte [C_SKIP], 0
        mov     [C_SKIP+1], bl
        shr     dx, 1
        rcr     ax, 1
        shr     dx, 1
        rcr     ax, 1
        add     ax, [C_SPEC+S_LBA]
        adc     dx, [C_SPEC+S_LBA+2]
        mov     [W_LBA], ax
        mov     [W_LBA+2], dx
        mov     al, [bp+F_AL]
        mov     byte [C_TAKE], 0
        mov     [C_TAKE+1], al
        mov     word [C_TAKE+2], 0
        xor     ah, ah
        add     ax, bx
        add     ax, 3
        shr     ax, 1
        shr     ax, 1
        mov     [C_COUNT], ax
        clc
        ret
.not_found:
        mov     ah, ST_NOT_FOUND
.no:
        stc
.done:
        ret

; 08h: as for the drive that the image stands for.
cd_image_parameters:
        call    cd_open
        jc      .done
        mov     ax, [C_SPEC+S_GEOMETRY]
        xchg    al, ah
        mov     [bp+F_CX], ax
        mov     al, [C_SPEC+S_GEOMETRY+2]
        mov     [bp+F_DH], al
        mov     al, [es:BDA_DISKS]
        test    byte [es:BDA_CD], CD_FLOPPY
        jz      .count
        call    cd_floppy_type
        mov     [bp+F_BX], bl           ; type of the drive
        mov     byte [bp+F_BH], 0
        mov     [bp+F_DI], dx           ; and its table
        mov     [bp+F_ES], cs
        mov     al, [es:BDA_EQUIP]
        rol     al, 1
        rol     al, 1
        and     al, 03h
        inc     ax
.count:
        mov     [bp+F_DL], al
        mov     byte [bp+F_AL], 0
        mov     ah, 0
.done:
        ret

; BL = the type of drive, as in CMOS 10h, and DX = the diskette parameters for the image. Uses BX.
cd_floppy_type:
        mov     bl, [C_SPEC+S_MEDIUM]
        and     bx, 0Fh
        shl     bx, 1
        mov     dx, [cs:bx+.tables-2]
        shr     bx, 1
        mov     bl, [cs:bx+.types-1]
        ret
.tables: dw     table_1200, diskette_parameters, table_2880
.types: db      FD_1200, FD_1440, FD_2880

; 15h: AH = 1 a floppy that does not tell of a change; 3 a disk, with CX:DX sectors.
cd_image_type:
        call    cd_open
        jc      .done
        mov     byte [es:BDA_DISK_STAT], 0
        mov     ah, 1
        test    byte [es:BDA_CD], CD_FLOPPY
        jnz     .tell
        mov     ax, [C_CYLS]
        mov     bl, [C_SECTORS]
        xor     bh, bh
        mul     bx                      ; fits: 1024 * 63
        mov     bl, [C_HEADS]
        mul     bx
        mov     [bp+F_CX], dx
        mov     [bp+F_DX], ax
        mov     ah, 3
.tell:
        pop     bx                      ; not the usual end: AH is no status
        mov     [bp+F_AH], ah
        and     byte [bp+F_FLAGS], ~FLAG_CARRY & 0FFh
        leave_service
.done:
        ret

; ---------------------------------------------------------------------------------------------------------------
; 4Ah, 4Ch: the emulation that the packet at DS:SI describes; with 4Ch its image is booted.
cd_initiate:
        call    cd_take_packet
        jc      .done
        call    cd_emulate
.done:
        ret
cd_initiate_and_boot:
        call    cd_take_packet
        jc      .done
        call    cd_start                ; comes back only where it failed
        stc
.done:
        ret

; C_SPEC from the caller's DS:SI; an emulation under way ends. CF and AH. Uses AX, BX, CX, DI.
cd_take_packet:
        call    cd_end_emulation
        call    cd_open
        jc      .done
        push    es
        mov     es, [bp+F_DS]
        mov     di, [bp+F_SI]
        mov     ah, ST_BAD_COMMAND
        mov     al, [es:di+S_MEDIUM]
        and     al, 0Fh
        cmp     al, EMULATION_DISK
        ja      .no
        xor     bx, bx
.copy:
        mov     al, [es:bx+di]
        mov     [bx+C_SPEC], al
        inc     bx
        cmp     bl, S_LENGTH
        jb      .copy
        mov     byte [C_SPEC+S_SIZE], S_LENGTH
        pop     es
        clc
        ret
.no:
        pop     es
        stc
.done:
        ret

; 4Bh: AL = 0 ends the emulation, 1 only asks. The packet goes to the caller's DS:SI.
cd_terminate:
        call    cd_open
        jc      .done
        mov     ah, ST_BAD_COMMAND
        cmp     byte [C_SPEC+S_SIZE], 0 ; no CD was booted
        je      .done
        mov     es, [bp+F_DS]
        mov     di, [bp+F_SI]
        xor     bx, bx
.copy:
        mov     al, [bx+C_SPEC]
        mov     [es:bx+di], al
        inc     bx
        cmp     bl, S_LENGTH
        jb      .copy
        cmp     byte [bp+F_AL], 0
        jne     .good
        call    cd_end_emulation
.good:
        mov     ah, 0
.done:
        ret

; 4Dh: reads the boot catalogue: at DS:SI byte 1 the number of sectors, 2 the buffer, 6 the first sector.
cd_catalogue:
        call    cd_open
        jc      .done
        mov     ah, ST_BAD_COMMAND
        cmp     byte [C_SPEC+S_SIZE], 0
        je      .done
        push    es
        mov     es, [bp+F_DS]
        mov     di, [bp+F_SI]
        mov     ax, [es:di+2]
        mov     [W_OFFSET], ax
        mov     ax, [es:di+4]
        mov     [W_SEGMENT], ax
        mov     cl, [es:di+1]
        xor     ch, ch
        mov     ax, [es:di+6]
        pop     es
        xor     dx, dx
        add     ax, [C_CATALOG]
        adc     dx, [C_CATALOG+2]
        jmp     cd_load
.done:
        ret

; Reads CX sectors of the CD from DX:AX on to W_SEGMENT:W_OFFSET. CF and AH. Uses AX, BX, CX, DX, DI.
cd_load:
        mov     [W_LBA], ax
        mov     [W_LBA+2], dx
        mov     [C_COUNT], cx
        mov     ax, 1024
        mul     cx
        mov     [C_TAKE], ax
        mov     [C_TAKE+2], dx
        mov     word [C_SKIP], 0
        jmp     cd_read

; The image that C_SPEC describes stands for a drive from now on, or for none. A disk's geometry is that of its first
; partition's end [El Torito 2.5]. CF and AH. Uses AX, BX, CX, DX, DI.
cd_emulate:
        mov     al, [C_SPEC+S_MEDIUM]
        and     ax, 0Fh
        jz      .done                   ; none: CF is clear
        cmp     al, EMULATION_DISK
        je      .disk
        mov     bx, ax
        mov     al, [cs:bx+.sectors-1]
        mov     [C_SECTORS], al
        mov     byte [C_HEADS], 2
        mov     word [C_CYLS], 80
        mov     byte [C_SPEC+S_DRIVE], 00h
        call    cd_floppy_type
        push    es
        xor     ax, ax
        mov     es, ax
        mov     [es:1Eh*4], dx
        mov     [es:1Eh*4+2], cs
        pop     es
        mov     al, [es:BDA_EQUIP]
        mov     [C_EQUIP], al
        and     byte [es:BDA_EQUIP], 3Fh
        test    al, 01h
        jz      .first
        or      byte [es:BDA_EQUIP], 40h ; two drives: the image and A
.first:
        or      byte [es:BDA_EQUIP], 01h
        or      byte [es:BDA_CD], CD_FLOPPY
        jmp     .geometry
.disk:
        mov     word [W_OFFSET], EBDA_SCRATCH ; the first entry of the partition table
        mov     [W_SEGMENT], ds
        mov     ax, [C_SPEC+S_LBA]
        mov     dx, [C_SPEC+S_LBA+2]
        mov     [W_LBA], ax
        mov     [W_LBA+2], dx
        mov     word [C_COUNT], 1
        mov     word [C_SKIP], 1BEh / 2
        mov     word [C_TAKE], 16 / 2
        mov     word [C_TAKE+2], 0
        call    cd_read
        jc      .done
        mov     ax, [EBDA_SCRATCH+6]    ; AL sector and cylinder bits 9-8, AH cylinder
        mov     bl, al
        xchg    al, ah
        mov     cl, 6
        shr     ah, cl
        inc     ax
        mov     [C_CYLS], ax
        and     bl, 3Fh
        mov     ah, ST_NOT_FOUND
        jz      .no
        mov     [C_SECTORS], bl
        mov     al, [EBDA_SCRATCH+5]
        inc     al
        jz      .no
        mov     [C_HEADS], al
        mov     byte [C_SPEC+S_DRIVE], 80h
        inc     byte [es:BDA_DISKS]
        or      byte [es:BDA_CD], CD_DISK
.geometry:
        mov     ax, [C_CYLS]
        dec     ax
        mov     cl, 6
        shl     ah, cl
        or      ah, [C_SECTORS]
        mov     [C_SPEC+S_GEOMETRY], ax
        mov     al, [C_HEADS]
        dec     ax
        mov     [C_SPEC+S_GEOMETRY+2], al
        mov     ah, 0
        clc
.done:
        ret
.no:
        stc
        ret
.sectors: db    15, 18, 36

; The drives are themselves again. Uses AX.
cd_end_emulation:
        push    ds
        push    es
        mov     ax, BDA_SEG
        mov     es, ax
        mov     ds, [es:BDA_EBDA]
        test    byte [es:BDA_CD], CD_FLOPPY
        jz      .disk
        mov     al, [C_EQUIP]
        mov     [es:BDA_EQUIP], al
.disk:
        test    byte [es:BDA_CD], CD_DISK
        jz      .done
        dec     byte [es:BDA_DISKS]
.done:
        and     byte [es:BDA_CD], ~(CD_FLOPPY | CD_DISK) & 0FFh
        pop     es
        pop     ds
        ret
