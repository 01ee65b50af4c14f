; edd.asm: INT 13h extensions 41h-48h: fixed disk access by sector number, and enhanced disk drive support. [EDD]
; A function gets the frame in BP and DS = BIOS data area, and answers with AH = status.

; The disk address packet at the caller's DS:SI
P_SIZE          equ     0       ; byte: 10h at least
P_COUNT         equ     2       ; word: sectors; the answer says how many were moved
P_OFFSET        equ     4       ; dword: the buffer
P_SEGMENT       equ     6
P_LBA           equ     8       ; qword: first sector

; 41h: BX = AA55h: extensions are here: AH = version EDD 1.1, CX = packet access and enhanced disk drive support.
edd_check:
        cmp     word [bp+F_BX], 55AAh
        jne     disk_unknown
        call    disk_find
        jc      edd_end
        mov     word [bp+F_BX], 0AA55h
        mov     word [bp+F_CX], 0005h
        mov     byte [es:BDA_DISK_STAT], 0
        pop     bx                      ; not the usual end: AH is no status
        mov     byte [bp+F_AH], 21h
        and     byte [bp+F_FLAGS], ~FLAG_CARRY & 0FFh
        leave_service

; Finds the disk and takes the packet: W_LBA, W_COUNT, W_SEGMENT:W_OFFSET. CF and AH. ZF set if there is nothing to do.
; Uses AX, CX, DX, DI.
edd_packet:
        call    disk_find
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
        mov     [W_COUNT], cl
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
        call    disk_in_range
        mov     ah, ST_NOT_FOUND
        jc      .no
        pop     es
        mov     ah, 0
        cmp     byte [W_COUNT], 0       ; CF is clear
        ret
.no:
        pop     es
        stc
.done:
        ret

; 42h, 43h, 44h: reads, writes, verifies.
edd_read:
        mov     al, ATA_READ
        jmp     edd_transfer
edd_write:
        mov     al, ATA_WRITE
edd_transfer:
        push    ax
        call    edd_packet
        pop     bx
        jc      edd_failed
        jz      edd_end
        mov     [W_COMMAND], bl
        call    ata_transfer
        jnc     edd_end
        mov     al, [W_DONE]
        jmp     edd_count
edd_verify:
        call    edd_packet
        jc      edd_failed
        jz      edd_end
        mov     byte [W_COMMAND], ATA_VERIFY
        call    ata_no_data
        jnc     edd_end
edd_failed:
        mov     al, 0
; The packet gets AL as the number of sectors that were moved. AH stays.
edd_count:
        push    ds
        mov     di, [bp+F_SI]
        mov     ds, [bp+F_DS]
        mov     [di+P_COUNT], al
        mov     byte [di+P_COUNT+1], 0
        pop     ds
edd_end:
        ret

; 47h: seeks.
edd_seek:
        call    edd_packet
        jc      edd_end
        mov     ax, ATA_SEEK << 8 | 1
        jmp     disk_simple

; 48h: the disk's parameters to DS:SI, 26 bytes, or 30 where the caller's buffer has the room (its first word says).
edd_parameters:
        call    disk_find
        jc      edd_end
        push    es
        mov     es, [bp+F_DS]
        mov     di, [bp+F_SI]
        mov     ah, ST_BAD_COMMAND
        mov     bx, [es:di]
        cmp     bx, 1Ah
        jb      .done
        cmp     bx, 1Eh
        jae     .long
        mov     word [es:di], 1Ah
        jmp     .fill
.long:
        mov     word [es:di], 1Eh
        lea     ax, [si+D_DPTE]
        mov     [es:di+1Ah], ax
        mov     [es:di+1Ch], ds
.fill:
        mov     ax, [si+D_CYLS]
        mov     bx, 0003h               ; DMA boundaries do not matter; the geometry is valid
        cmp     ax, 16383               ; it is not beyond what IDENTIFY can say
        jb      .valid
        mov     bl, 01h
.valid:
        mov     [es:di+02h], bx
        mov     [es:di+04h], ax
        mov     ax, [si+D_HEADS]
        mov     [es:di+08h], ax
        mov     ax, [si+D_SECTORS]
        mov     [es:di+0Ch], ax
        mov     ax, [si+D_TOTAL]
        mov     [es:di+10h], ax
        mov     ax, [si+D_TOTAL+2]
        mov     [es:di+12h], ax
        xor     ax, ax
        mov     [es:di+06h], ax
        mov     [es:di+0Ah], ax
        mov     [es:di+0Eh], ax
        mov     [es:di+14h], ax
        mov     [es:di+16h], ax
        mov     word [es:di+18h], 512
        mov     ah, 0
.done:
        pop     es
        ret
