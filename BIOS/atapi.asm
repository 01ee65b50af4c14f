; atapi.asm: the CD-ROM drive by programmed I/O: its search, packets and their data. [ATA-4 9.10], [SFF-8020i], [MMC-1]
; Everywhere here DS = EBDA, SI = EBDA_CD, ES = BIOS data area; functions answer with CF and AH.

ATAPI_BLOCK     equ     2048            ; the most that the drive may offer at a time
ATAPI_REASON_IN equ     02h             ; interrupt reason: data for the host

; POST: whether the drive of the record SI is a packet device: CF; the first CD-ROM drive of all is kept. Uses everything
; but SI.
cd_detect:
        mov     dx, [si+D_BASE]
        add     dx, ATA_DEVICE
        mov     al, [si+D_SELECT]
        out     dx, al
        call    wait_refresh
        mov     byte [W_TICKS], 91
        call    ata_wait
        jc      .no
        mov     dx, [si+D_BASE]
        add     dx, ATA_CYL_LOW
        in      al, dx
        mov     ah, al
        inc     dx
        in      al, dx
        cmp     ax, 14EBh               ; the signature after a reset [ATA-4 9.1]
        jne     .no
        mov     dx, [si+D_BASE]
        add     dx, ATA_COMMAND
        mov     al, ATA_IDENTIFY_PACKET
        out     dx, al
        call    ata_wait
        jc      .yes
        test    al, ATA_DRQ
        jz      .yes
        mov     byte [W_COMMAND], ATA_READ
        mov     word [W_OFFSET], EBDA_SCRATCH
        mov     [W_SEGMENT], ds
        call    ata_block
        call    ata_wait
        mov     al, [EBDA_SCRATCH+1]
        and     al, 0DFh
        cmp     al, 85h                 ; packets, a CD-ROM drive [ATA-4 Table 13]
        jne     .yes
        test    byte [es:BDA_CD], CD_FOUND
        jnz     .yes
        or      byte [es:BDA_CD], CD_FOUND
        mov     ax, [si+D_BASE]
        mov     [EBDA_CD+D_BASE], ax
        mov     al, [si+D_SELECT]
        mov     [EBDA_CD+D_SELECT], al
.yes:
        stc
        ret
.no:
        clc
        ret

; DS, SI and ES for the rest. CF and AH without a CD-ROM drive. Uses AX.
cd_open:
        mov     ax, BDA_SEG
        mov     es, ax
        mov     ds, [es:BDA_EBDA]
        mov     si, EBDA_CD
        mov     ah, ST_BAD_COMMAND
        test    byte [es:BDA_CD], CD_FOUND
        jnz     .done                   ; CF is clear
        stc
.done:
        ret

; Sends the packet at C_PACKET. Of the data that come, C_SKIP words are dropped, C_TAKE words go to
; W_SEGMENT:W_OFFSET, and what is left is dropped. CF and AH. Uses AX, BX, CX, DX, DI.
atapi_command:
        mov     dx, [si+D_BASE]
        add     dx, ATA_CONTROL
        mov     al, 08h                 ; interrupts on
        out     dx, al
        sub     dx, ATA_CONTROL - ATA_DEVICE
        mov     al, [si+D_SELECT]
        out     dx, al
        mov     byte [W_TICKS], 91      ; 5 s
        call    ata_wait
        jc      .late
        mov     dx, [si+D_BASE]
        inc     dx
        xor     al, al
        out     dx, al                  ; neither DMA nor overlap
        inc     dx
        out     dx, al
        add     dx, ATA_CYL_LOW - ATA_COUNT
        out     dx, al
        inc     dx
        mov     al, ATAPI_BLOCK >> 8
        out     dx, al
        add     dx, ATA_COMMAND - ATA_CYL_HIGH
        mov     al, ATA_PACKET
        out     dx, al
        call    ata_wait
        jc      .late
        test    al, ATA_DRQ
        jz      .lost
        mov     dx, [si+D_BASE]
        mov     bx, C_PACKET
        mov     cx, 6
.send:
        mov     ax, [bx]
        inc     bx
        inc     bx
        out     dx, ax
        loop    .send
        mov     byte [W_TICKS], 255     ; 14 s: the disc may have to come up to speed
.next:
        call    ata_wait
        jc      .late
        test    al, ATA_DRQ
        jz      .end
        mov     dx, [si+D_BASE]
        inc     dx
        inc     dx
        in      al, dx
        test    al, ATAPI_REASON_IN
        jz      .lost                   ; no packet that is sent here has data for the drive
        inc     dx
        inc     dx
        in      al, dx                  ; how many bytes there are
        mov     cl, al
        inc     dx
        in      al, dx
        mov     ch, al
        inc     cx
        shr     cx, 1
        call    atapi_block
        jmp     .next
.end:
        test    al, ATA_ERR | ATA_DF
        jnz     .failed
        mov     ah, 0                   ; CF is clear
        ret
.failed:
        mov     dx, [si+D_BASE]
        inc     dx
        in      al, dx                  ; the sense key
        mov     cl, 4
        shr     al, cl
        mov     bx, .status
        cs xlatb
        mov     ah, al
        stc
        ret
.lost:
        mov     ah, ST_CONTROLLER
.late:
        push    ax
        call    ata_reset
        pop     ax
        stc
        ret
.status:                                ; by sense key
        db      ST_CONTROLLER, ST_CORRECTED, ST_NO_MEDIUM, ST_CRC               ; none, recovered, not ready, medium
        db      ST_CONTROLLER, ST_NOT_FOUND, ST_CHANGED, ST_PROTECTED           ; hardware, illegal, attention, protect
        db      ST_UNDEFINED, ST_UNDEFINED, ST_UNDEFINED, ST_CONTROLLER         ; 0Bh: aborted
        db      ST_UNDEFINED, ST_UNDEFINED, ST_UNDEFINED, ST_UNDEFINED

; CX words through the data register. Uses AX, CX, DX, DI.
atapi_block:
        mov     ax, [C_SKIP]
        cmp     ax, cx
        jbe     .skip
        mov     ax, cx
.skip:
        sub     [C_SKIP], ax
        sub     cx, ax
        call    .drop
        mov     ax, cx
        cmp     word [C_TAKE+2], 0
        jne     .take
        cmp     ax, [C_TAKE]
        jbe     .take
        mov     ax, [C_TAKE]
.take:
        sub     [C_TAKE], ax
        sbb     word [C_TAKE+2], 0
        sub     cx, ax
        call    .store
        mov     ax, cx
.drop:                                  ; AX words are read and forgotten
        test    ax, ax
        jz      .done
        push    cx
        mov     cx, ax
        mov     dx, [si+D_BASE]
.forget:
        in      ax, dx
        loop    .forget
        pop     cx
.done:
        ret
.store:                                 ; AX words are stored
        test    ax, ax
        jz      .done
        push    cx
        push    es
        mov     cx, ax
        mov     di, [W_OFFSET]
        cmp     di, 10000h - ATAPI_BLOCK
        jbe     .fits
        sub     di, 8000h               ; the offset must not wrap in the block
        add     word [W_SEGMENT], 0800h
.fits:
        mov     dx, [si+D_BASE]
        mov     al, [es:BDA_CPU]
        mov     es, [W_SEGMENT]
        cmp     al, CPU_80186
        jb      .in
        cpu     186
        rep     insw
        cpu     8086
        jmp     .stored
.in:
        in      ax, dx
        stosw
        loop    .in
.stored:
        mov     [W_OFFSET], di
        pop     es
        pop     cx
        ret

; A packet of the operation code AL and zeros, without data. Uses no register but AX.
atapi_packet:
        push    bx
        xor     ah, ah
        mov     [C_PACKET], ax
        xor     ax, ax
        mov     bx, 10
.clear:
        mov     [bx+C_PACKET], ax
        dec     bx
        dec     bx
        jnz     .clear
        mov     [C_SKIP], ax
        mov     [C_TAKE], ax
        mov     [C_TAKE+2], ax
        pop     bx
        ret

; The same, sent at once. CF and AH. Uses AX, BX, CX, DX, DI.
atapi_simple:
        call    atapi_packet
; Sends the packet again where the drive had only a unit attention to tell.
atapi_patient:
        mov     cx, 3
.next:
        push    cx
        call    atapi_command
        pop     cx
        jnc     .done
        cmp     ah, ST_CHANGED
        stc
        jne     .done
        loop    .next
        stc
.done:
        ret

; AL = the additional sense code of the last failure. CF where the drive does not tell. Uses AX, BX, CX, DX, DI.
atapi_sense:
        mov     al, 03h                 ; REQUEST SENSE
        call    atapi_packet
        mov     byte [C_PACKET+4], 18
        mov     word [C_TAKE], 18 / 2
        mov     word [W_OFFSET], EBDA_SCRATCH
        mov     [W_SEGMENT], ds
        call    atapi_command
        mov     al, [EBDA_SCRATCH+12]
        ret

; Waits until a disc is there and up to speed, 20 s at most. CF and AH. Uses AX, BX, CX, DX, DI.
cd_ready:
        mov     cx, 40
.next:
        push    cx
        mov     al, 00h                 ; TEST UNIT READY
        call    atapi_simple
        jnc     .ready
        cmp     ah, ST_NO_MEDIUM
        jne     .no
        call    atapi_sense
        jc      .no
        mov     ah, ST_NO_MEDIUM
        cmp     al, 04h                 ; not yet
        jne     .no
        mov     al, 9
        call    wait_ticks
        pop     cx
        loop    .next
        mov     ah, ST_NO_MEDIUM
        stc
        ret
.no:
        pop     cx
        stc
        ret
.ready:
        pop     cx
        ret

; Reads C_COUNT sectors of the CD from W_LBA on, with C_SKIP, C_TAKE and the buffer as atapi_command has them. CF and AH.
; Uses AX, BX, CX, DX, DI.
cd_read:
        mov     word [C_PACKET], 0028h  ; READ (10)
        mov     ax, [W_LBA+2]
        xchg    al, ah
        mov     [C_PACKET+2], ax
        mov     ax, [W_LBA]
        xchg    al, ah
        mov     [C_PACKET+4], ax
        mov     byte [C_PACKET+6], 0
        mov     ax, [C_COUNT]
        xchg    al, ah
        mov     [C_PACKET+7], ax
        mov     word [C_PACKET+9], 0
        mov     byte [C_PACKET+11], 0
        call    atapi_patient
        jc      .done
        mov     ax, [C_TAKE]
        or      ax, [C_TAKE+2]          ; CF is clear
        mov     ah, 0
        jz      .done
        mov     ah, ST_CONTROLLER       ; fewer data than asked for
        stc
.done:
        ret
