; diskinit.asm: POST looks for ATA disks on both channels, and sets up what INT 13h knows of each. DS, ES and SI are as
; in ata.asm.

; DS = 0040h, interrupts on. Uses everything but DS, ES and SS:SP.
disk_init:
        push    ds
        push    es
        push    ds
        pop     es
        mov     byte [BDA_DISKS], 0
        mov     ds, [BDA_EBDA]
        mov     dx, 1F0h
        call    disk_channel
        mov     dx, 170h
        call    disk_channel
        call    disk_tables
        pop     es
        pop     ds
        mov     byte [BDA_DISK_STAT], 0
        ret

; Looks for the drives of the channel at DX. An absent one is a floating bus: its status reads as all ones but
; perhaps BSY, and its registers do not keep what is written.
disk_channel:
        call    disk_next
        mov     [si+D_BASE], dx
        mov     al, 0A0h
.select:
        mov     [si+D_SELECT], al
        mov     dx, [si+D_BASE]
        add     dx, ATA_DEVICE
        out     dx, al
        call    wait_refresh
        inc     dx
        in      al, dx
        or      al, ATA_BSY
        cmp     al, 0FFh
        jne     .there
        mov     al, 0B0h                ; drive 1 may be alone
        cmp     al, [si+D_SELECT]
        jne     .select
        ret
.there:
        mov     byte [W_TICKS], 255     ; just switched on, it may need some time
        call    ata_wait
        jc      .none
        mov     dx, [si+D_BASE]
        inc     dx
        inc     dx
        mov     ax, 0AA55h
        out     dx, al
        inc     dx
        xchg    al, ah
        out     dx, al
        dec     dx
        in      al, dx
        cmp     al, ah
        jne     .none
        inc     dx
        in      al, dx
        cmp     al, 0AAh
        jne     .none
        call    disk_open_irq
        call    ata_soft_reset
        jc      .none
        mov     byte [si+D_SELECT], 0A0h
        call    disk_drive              ; SI is the next free record after a disk
        mov     dx, [si+D_BASE]
        push    dx
        call    disk_next
        pop     dx
        mov     [si+D_BASE], dx
        mov     byte [si+D_SELECT], 0B0h
        jmp     disk_drive
.none:
        ret

; SI = the first free record, cleared. Uses AX, BX.
disk_next:
        mov     al, [es:BDA_DISKS]
        mov     ah, D_SIZE
        mul     ah
        add     ax, EBDA_DISKS
        mov     si, ax
        xor     bx, bx
.clear:
        mov     byte [bx+si], 0
        inc     bx
        cmp     bl, D_SIZE
        jb      .clear
        ret

; Opens the channel's interrupt line, and the cascade. Uses AX, DX.
disk_open_irq:
        mov     ah, ~40h & 0FFh
        cmp     byte [si+D_BASE+1], 01h
        jne     .mask
        cmp     byte [si+D_BASE], 0F0h
        je      .mask
        mov     ah, ~80h & 0FFh
.mask:
        cli
        in      al, PIC2_MASK
        and     al, ah
        out     PIC2_MASK, al
        in      al, PIC1_MASK
        and     al, ~04h & 0FFh
        out     PIC1_MASK, al
        sti
        ret

; One drive: whether it is an ATA disk, and if so its record. Packet devices are cd_detect's. D_BASE stays whatever
; comes. Uses everything but SI.
disk_drive:
        call    cd_detect
        jc      .none
        mov     al, 0
        call    ata_select
        jc      .none
        mov     dx, [si+D_BASE]
        add     dx, ATA_COMMAND
        mov     al, ATA_IDENTIFY
        out     dx, al
        call    ata_wait
        jc      .none
        test    al, ATA_ERR | ATA_DF
        jnz     .none
        test    al, ATA_DRQ
        jz      .none
        mov     byte [W_COMMAND], ATA_READ
        mov     word [W_OFFSET], EBDA_SCRATCH
        mov     [W_SEGMENT], ds
        call    ata_block
        call    ata_wait
        mov     di, EBDA_SCRATCH
        test    byte [di+1], 80h        ; word 0, bit 15: not an ATA device
        jnz     .none
        call    disk_own_geometry
        jc      .none
        call    disk_shown_geometry
        call    ata_set_geometry
        call    disk_describe
        inc     byte [es:BDA_DISKS]
.none:
        ret

; The drive's own geometry and size by IDENTIFY at DI [ATA-4 Table 9]. CF where it has none. Uses AX, BX, CX, DX.
disk_own_geometry:
        mov     ax, [di+1*2]
        mov     bx, [di+3*2]
        mov     cx, [di+6*2]
        test    ax, ax
        jz      .lba_only
        test    bx, bx
        jz      .lba_only
        test    cx, cx
        jnz     .given
.lba_only:
        mov     bx, 16
        mov     cx, 63
        mov     ax, 16383
.given:
        mov     [si+D_CYLS], ax
        mov     [si+D_HEADS], bx
        mov     [si+D_SECTORS], cx
        test    byte [di+49*2+1], 02h   ; LBA
        jz      .by_chs
        mov     ax, [di+60*2]
        mov     dx, [di+61*2]
        test    dx, 0F000h              ; more than 28 bits: what LBA28 reaches
        jz      .small
        mov     dx, 0FFFh
        mov     ax, 0FFFFh
.small:
        mov     cx, ax
        or      cx, dx
        jz      .by_chs
        or      byte [si+D_FLAGS], DF_LBA
        or      byte [si+D_SELECT], 40h
        jmp     .store
.by_chs:
        mov     ax, [si+D_CYLS]
        mul     word [si+D_HEADS]
        mov     bx, dx
        mul     word [si+D_SECTORS]
        mov     cx, ax
        xchg    bx, dx
        mov     ax, dx
        mul     word [si+D_SECTORS]
        add     ax, bx
        mov     dx, ax
        mov     ax, cx
.store:
        mov     [si+D_TOTAL], ax
        mov     [si+D_TOTAL+2], dx
        or      ax, dx
        jnz     .good
        stc
.good:
        ret

; The geometry that callers see. Up to 1024 cylinders it is the drive's own; beyond that 63 sectors and the least of
; 16, 32, 64, 128, 255 heads with which 1024 cylinders reach the end ([EDD] annex, "LBA assisted"). Uses AX, BX, CX, DX.
disk_shown_geometry:
        mov     ax, [si+D_CYLS]
        mov     bx, [si+D_HEADS]
        mov     cx, [si+D_SECTORS]
        cmp     ax, 1024
        jbe     .store
        or      byte [si+D_FLAGS], DF_TRANSLATED
        mov     ax, [si+D_TOTAL]
        mov     dx, [si+D_TOTAL+2]
        mov     bx, 63
        call    divide_32               ; tracks
        mov     bx, 16
.next:
        push    ax
        push    dx
        cmp     dx, bx                  ; the quotient must fit 16 bits
        jae     .larger
        div     bx
        cmp     ax, 1024
        jb      .fits
        ja      .larger
        test    dx, dx
        jz      .fits
.larger:
        pop     dx
        pop     ax
        cmp     bx, 255
        je      .most
        shl     bx, 1
        cmp     bx, 256
        jb      .next
        dec     bx
        jmp     .next
.most:
        mov     ax, 1024
        jmp     .translated
.fits:
        pop     dx
        pop     dx
.translated:
        mov     cx, 63
.store:
        mov     [si+D_LCYLS], ax
        mov     [si+D_LHEADS], bx
        mov     [si+D_LSECTORS], cx
        ret

; The device parameter table extension that EDD's 48h points to ([EDD] 8.23). Uses AX, BX, CX.
disk_describe:
        mov     ax, [si+D_BASE]
        mov     [si+D_DPTE], ax
        add     ax, ATA_CONTROL
        mov     [si+D_DPTE+2], ax
        mov     al, [si+D_SELECT]
        or      al, 0A0h
        mov     [si+D_DPTE+4], al
        mov     al, 14
        cmp     byte [si+D_BASE], 0F0h
        je      .irq
        inc     ax
.irq:
        mov     [si+D_DPTE+6], al
        xor     ax, ax
        test    byte [si+D_FLAGS], DF_TRANSLATED
        jz      .plain
        or      ax, 0208h               ; translated, assisted by LBA
.plain:
        test    byte [si+D_FLAGS], DF_LBA
        jz      .flags
        or      al, 10h
.flags:
        mov     [si+D_DPTE+10], ax
        mov     byte [si+D_DPTE+14], 11h
        xor     ax, ax
        mov     bx, 15
.sum:
        add     al, [bx+si+D_DPTE]
        dec     bx
        jns     .sum
        neg     al
        mov     [si+D_DPTE+15], al
        ret

; INT 41h and 46h: the parameter tables of the first two disks [PC/AT TR], with the signature A0h and the drive's own
; geometry where it is another ([EDD] annex, "translated"). Uses AX, BX, CX, DX, SI, DI.
disk_tables:
        mov     si, EBDA_DISKS
        mov     di, EBDA_FDPT0
        mov     bx, 41h*4
        mov     dl, 0
.next:
        cmp     dl, [es:BDA_DISKS]
        jae     .done
        push    es
        xor     ax, ax
        mov     es, ax
        mov     [es:bx], di
        mov     [es:bx+2], ds
        pop     es
        call    disk_table
        add     si, D_SIZE
        add     di, EBDA_FDPT1 - EBDA_FDPT0
        add     bx, (46h - 41h) * 4
        inc     dx
        cmp     dl, 2
        jb      .next
.done:
        ret

; The table at DI for the record SI. Uses AX, CX.
disk_table:
        mov     ax, [si+D_LCYLS]
        mov     [di], ax
        mov     al, [si+D_LHEADS]
        mov     [di+2], al
        mov     word [di+5], 0FFFFh     ; no write precompensation
        mov     al, 0
        cmp     byte [si+D_HEADS], 8
        jbe     .control
        mov     al, 08h
.control:
        mov     [di+8], al
        mov     ax, [si+D_CYLS]
        mov     [di+12], ax             ; landing zone
        mov     al, [si+D_LSECTORS]
        mov     [di+14], al
        test    byte [si+D_FLAGS], DF_TRANSLATED
        jz      .done
        mov     byte [di+3], 0A0h
        mov     al, [si+D_SECTORS]
        mov     [di+4], al
        mov     ax, [si+D_CYLS]
        mov     [di+9], ax
        mov     al, [si+D_HEADS]
        mov     [di+11], al
        push    bx
        mov     al, 0
        mov     bx, 14
.sum:
        add     al, [bx+di]
        dec     bx
        jns     .sum
        pop     bx
        neg     al
        mov     [di+15], al
.done:
        ret
