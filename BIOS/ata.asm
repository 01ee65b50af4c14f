; ata.asm: ATA drives by programmed I/O: registers, waiting, data, reset. [ATA-1], [ATA-4 9]
; Everywhere here DS = EBDA, SI = the disk's record in it, ES = BIOS data area; functions answer with CF and AH.

; IRQ14 and IRQ15: tell who waits. The drive's line falls when its status is read, which the waiting code does.
int76_handler:
        push    ax
        push    ds
ata_irq:
        mov     ax, BDA_SEG
        mov     ds, ax
        mov     byte [BDA_HD_INT], 0FFh
        mov     al, EOI
        out     PIC2, al
        out     PIC1, al
        mov     ax, 9100h
        int     15h
        pop     ds
        pop     ax
        iret

; IRQ15 is also what the second controller answers when a line fell before it was asked: then only the first one had
; something in service [8259A p.19].
int77_handler:
        push    ax
        push    ds
        mov     al, 0Bh                 ; OCW3: read the in-service register
        out     PIC2, al
        jmp     short $+2
        in      al, PIC2
        mov     ah, al
        mov     al, 0Ah
        out     PIC2, al
        test    ah, 80h
        jnz     ata_irq
        mov     al, EOI
        out     PIC1, al
        pop     ds
        pop     ax
        iret

; Waits until the drive is not busy: a quick look first, then halts until interrupts, W_TICKS ticks at most. AL and
; W_STATUS = its status, and its interrupt is taken back. CF and AH = ST_TIMEOUT. Uses AX, DX.
ata_wait:
        push    cx
        mov     dx, [si+D_BASE]
        add     dx, ATA_CONTROL
        mov     cx, 4
.settle:
        in      al, dx                  ; 400 ns until the status is good [ATA-4 9.2]
        loop    .settle
        mov     cx, 200
.quick:
        in      al, dx
        test    al, ATA_BSY
        jz      .ready
        loop    .quick
        mov     ax, 9000h
        clc
        int     15h
        jc      .late
        mov     al, [W_TICKS]
        call    wait_start
.next:
        cli
        in      al, dx
        test    al, ATA_BSY
        jz      .ready
        call    wait_step
        jnc     .next
.late:
        in      al, dx
        test    al, ATA_BSY
        jz      .ready
        mov     ah, ST_TIMEOUT
        stc
        jmp     .done
.ready:
        sti
        sub     dx, ATA_CONTROL - ATA_STATUS
        in      al, dx
        mov     [W_STATUS], al
        clc
.done:
        pop     cx
        ret

; Selects the drive with head bits AL and waits until it takes commands. CF and AH. Uses AX, DX.
ata_select:
        push    ax
        mov     dx, [si+D_BASE]
        add     dx, ATA_CONTROL
        mov     al, 08h                 ; interrupts on
        out     dx, al
        pop     ax
        or      al, [si+D_SELECT]
        sub     dx, ATA_CONTROL - ATA_DEVICE
        out     dx, al
        mov     byte [W_TICKS], 91      ; 5 s
        call    ata_wait
        jc      .done
        mov     ah, ST_NOT_READY
        test    al, ATA_DRQ
        jnz     .error
        test    al, ATA_DRDY
        jnz     .done
.error:
        stc
.done:
        ret

; Sends the command W_COMMAND with the address W_LBA and the count W_COUNT; by LBA where the drive can, else by the
; drive's own geometry. CF and AH. Uses AX, BX, CX, DX.
ata_command:
        mov     ax, [W_LBA]
        mov     dx, [W_LBA+2]
        test    byte [si+D_FLAGS], DF_LBA
        jnz     .lba
        mov     bx, [si+D_SECTORS]
        call    divide_32
        mov     bx, [si+D_HEADS]
        push    cx                      ; sector less one
        call    divide_32
        mov     dx, ax                  ; cylinder; CX is the head
        pop     ax
        inc     ax                      ; AL sector
        mov     ch, al
        jmp     .send
.lba:
        mov     ch, al                  ; bits 0-7
        mov     cl, dh
        and     cl, 0Fh                 ; bits 24-27
        mov     dh, dl
        mov     dl, ah                  ; bits 8-23
.send:
        push    dx
        mov     al, cl
        call    ata_select
        pop     bx
        jc      .done
        mov     dx, [si+D_BASE]
        add     dx, ATA_COUNT
        mov     al, [W_COUNT]
        out     dx, al
        inc     dx
        mov     al, ch
        out     dx, al
        inc     dx
        mov     al, bl
        out     dx, al
        inc     dx
        mov     al, bh
        out     dx, al
        add     dx, ATA_COMMAND - ATA_CYL_HIGH
        mov     byte [es:BDA_HD_INT], 0
        mov     al, [W_COMMAND]
        out     dx, al
        clc
.done:
        ret

; DX:AX / BX: quotient in DX:AX, remainder in CX.
divide_32:
        push    ax
        mov     ax, dx
        xor     dx, dx
        div     bx
        mov     cx, ax
        pop     ax
        div     bx
        xchg    cx, dx
        ret

; What the drive's status AL means at the end of a command: CF and AH. Uses AX, DX.
ata_status:
        test    al, ATA_DF
        mov     ah, ST_WRITE_FAULT
        jnz     .error
        test    al, ATA_ERR
        jnz     .look
        mov     ah, 0                   ; CF is clear
        ret
.look:
        mov     dx, [si+D_BASE]
        inc     dx
        in      al, dx
        mov     ah, ST_BAD_SECTOR       ; BBK, CRC
        test    al, 80h
        jnz     .error
        mov     ah, ST_CRC              ; UNC
        test    al, 40h
        jnz     .error
        mov     ah, ST_NOT_FOUND        ; IDNF
        test    al, 10h
        jnz     .error
        mov     ah, ST_BAD_COMMAND      ; ABRT
        test    al, 04h
        jnz     .error
        mov     ah, ST_SEEK             ; TK0NF
        test    al, 02h
        jnz     .error
        mov     ah, ST_ADDRESS_MARK     ; AMNF
        test    al, 01h
        jnz     .error
        mov     ah, ST_UNDEFINED
.error:
        stc
        ret

; A command without data: sends it and waits for its end. CF and AH. Uses AX, BX, CX, DX.
ata_no_data:
        call    ata_command
        jc      .done
        mov     byte [W_TICKS], 182     ; 10 s
        call    ata_wait
        jc      .done
        jmp     ata_status
.done:
        ret

; Moves W_COUNT sectors from W_LBA on between the drive and W_SEGMENT:W_OFFSET, by the command W_COMMAND. W_DONE =
; how many went well. CF and AH. Uses AX, BX, CX, DX, DI.
ata_transfer:
        mov     byte [W_DONE], 0
        call    ata_command
        jc      .done
        mov     byte [W_TICKS], 182
.next:
        call    ata_wait                ; until the drive has, or wants, a sector
        jc      .late
        call    ata_status
        jc      .done
        test    byte [W_STATUS], ATA_DRQ
        jz      .lost
        call    ata_block
        mov     al, [W_DONE]
        inc     ax
        mov     [W_DONE], al
        cmp     al, [W_COUNT]
        jb      .next
        call    ata_wait                ; a write ends with its last sector on the disk
        jc      .late
        call    ata_status
        jnc     .done
        cmp     byte [W_COMMAND], ATA_WRITE
        jne     .read
        dec     byte [W_DONE]
        stc
        ret
.read:
        mov     ah, 0                   ; all the data have come
        clc
.done:
        ret
.lost:
        mov     ah, ST_CONTROLLER
.late:
        push    ax
        call    ata_reset
        pop     ax
        stc
        ret

; One sector through the data register. Uses AX, CX, DX, DI.
ata_block:
        mov     di, [W_OFFSET]
        cmp     di, 0FE00h              ; the offset must not wrap in the sector
        jbe     .fits
        sub     di, 8000h
        add     word [W_SEGMENT], 0800h
.fits:
        mov     ax, di
        add     ax, 512
        mov     [W_OFFSET], ax
        mov     dx, [si+D_BASE]
        mov     cx, 256
        mov     al, [es:BDA_CPU]
        cmp     byte [W_COMMAND], ATA_WRITE
        je      .write
        push    es
        mov     es, [W_SEGMENT]
        cmp     al, CPU_80186
        jb      .in
        cpu     186
        rep     insw
        cpu     8086
        pop     es
        ret
.in:
        in      ax, dx
        stosw
        loop    .in
        pop     es
        ret
.write:
        push    ds
        push    si
        mov     si, di
        mov     ds, [W_SEGMENT]
        cmp     al, CPU_80186
        jb      .out
        cpu     186
        rep     outsw
        cpu     8086
        pop     si
        pop     ds
        ret
.out:
        lodsw
        out     dx, ax
        loop    .out
        pop     si
        pop     ds
        ret

; Resets the channel of the disk [ATA-4 9.2] and tells its disks their geometries again. CF and AH. Uses AX, BX, CX, DX.
ata_reset:
        call    ata_soft_reset
        jc      .done
        push    si
        mov     dx, [si+D_BASE]
        mov     si, EBDA_DISKS
        mov     cl, [es:BDA_DISKS]
        xor     ch, ch
        jcxz    .end
.next:
        cmp     dx, [si+D_BASE]
        jne     .other
        push    cx
        push    dx
        call    ata_set_geometry
        pop     dx
        pop     cx
.other:
        add     si, D_SIZE
        loop    .next
.end:
        pop     si
        mov     ah, 0
        clc
.done:
        ret

; The reset alone. It selects drive 0, which is done by hand as well: QEMU keeps the selection, shows an absent drive 1 as not
; busy during the reset and takes no other selection until its end. CF and AH where the channel stays busy. Uses AX, CX, DX.
ata_soft_reset:
        mov     dx, [si+D_BASE]
        add     dx, ATA_DEVICE
        mov     al, 0A0h
        out     dx, al
        add     dx, ATA_CONTROL - ATA_DEVICE
        mov     al, 0Ch                 ; SRST
        out     dx, al
        call    wait_refresh
        call    wait_refresh
        mov     al, 08h
        out     dx, al
        mov     cx, 140                 ; 2 ms before the status means anything
.next:
        call    wait_refresh
        loop    .next
        mov     byte [W_TICKS], 255     ; 14 s
        jmp     ata_wait

; INITIALIZE DEVICE PARAMETERS with the drive's own geometry [ATA-4 8.16]. CF and AH. Uses AX, BX, CX, DX.
ata_set_geometry:
        mov     al, [si+D_HEADS]
        dec     ax
        and     al, 0Fh
        call    ata_select
        jc      .done
        mov     dx, [si+D_BASE]
        add     dx, ATA_COUNT
        mov     al, [si+D_SECTORS]
        out     dx, al
        add     dx, ATA_COMMAND - ATA_COUNT
        mov     al, ATA_INIT_PARAMS
        out     dx, al
        call    ata_wait
        jc      .done
        jmp     ata_status
.done:
        ret
