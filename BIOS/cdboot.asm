; cdboot.asm: INT 19h from a CD: the boot record, the boot catalogue, and the start of the image. [El Torito 2]

ENTRY_BOOTABLE  equ     88h
HEADER_MORE     equ     90h             ; a section's header; 91h is the last one
ENTRY_EXTENSION equ     44h
ENTRY_SIZE      equ     20h
CATALOGUE_END   equ     2048

; Boots the CD. Comes back, having said why, if there is nothing to boot; without a word where there is no drive.
cd_boot:
        call    cd_open
        jc      .done
        mov     bx, text_not_read
        push    bx
        call    cd_ready
        pop     bx
        jc      .say
        mov     ax, 17                  ; where the boot record has to stand
        xor     dx, dx
        call    cd_load_block
        mov     bx, text_not_read
        jc      .say
        call    cd_check_record
        mov     bx, text_no_signature
        jne     .say
        mov     [C_CATALOG], ax
        mov     [C_CATALOG+2], dx
        call    cd_load_block
        mov     bx, text_not_read
        jc      .say
        call    cd_choose
        mov     bx, text_no_signature
        jc      .say
        call    cd_start                ; comes back only where it failed
        call    cd_end_emulation
        mov     bx, text_not_read
.say:
        mov     si, text_cd
        jmp     boot_say
.done:
        ret
text_cd:        db      "CD-ROM", 0

; One sector of the CD, DX:AX, to where boot sectors go. CF and AH. Uses AX, BX, CX, DX, DI.
cd_load_block:
        mov     word [W_SEGMENT], BOOT_SEGMENT
        mov     word [W_OFFSET], 0
        mov     cx, 1
        jmp     cd_load

; ZF set where a boot record of El Torito has been read; DX:AX = the boot catalogue's sector. Uses AX, BX, CX, DX.
cd_check_record:
        push    ds
        mov     ax, BOOT_SEGMENT
        mov     ds, ax
        xor     bx, bx
.next:
        mov     al, [cs:bx+.text]
        cmp     al, [bx]
        jne     .done
        inc     bx
        cmp     bx, .end - .text
        jb      .next
        mov     ax, [47h]
        mov     dx, [49h]
        cmp     ax, ax
.done:
        pop     ds
        ret
.text:  db      0, "CD001", 1, "EL TORITO SPECIFICATION"
.end:

; C_SPEC from the boot catalogue that has been read: the first entry that boots an x86. CF where there is none. Uses AX,
; BX, CX, DX, DI.
cd_choose:
        push    ds
        mov     ax, BOOT_SEGMENT
        mov     ds, ax
        cmp     word [0], 0001h         ; the validation entry, for an x86
        jne     .none
        cmp     word [1Eh], 0AA55h
        jne     .none
        xor     ax, ax
        xor     bx, bx
.sum:
        add     ax, [bx]
        inc     bx
        inc     bx
        cmp     bl, ENTRY_SIZE
        jb      .sum
        test    ax, ax                  ; the words of the entry add up to 0
        jnz     .none
        cmp     byte [bx], ENTRY_BOOTABLE       ; the default entry
        je      .entry
.section:
        add     bx, ENTRY_SIZE
        cmp     bx, CATALOGUE_END
        jae     .none
        mov     dx, [bx]                ; DL kind, DH platform
        cmp     dl, ENTRY_EXTENSION     ; of the last entry before
        je      .section
        mov     al, dl
        and     al, 0FEh
        cmp     al, HEADER_MORE
        jne     .none
        mov     cx, [bx+2]
        jcxz    .section_end
.next:
        add     bx, ENTRY_SIZE
        cmp     bx, CATALOGUE_END
        jae     .none
        mov     al, [bx]
        cmp     al, ENTRY_EXTENSION
        je      .next
        cmp     al, ENTRY_BOOTABLE
        jne     .other
        test    dh, dh
        jz      .entry
.other:
        loop    .next
.section_end:
        cmp     dl, HEADER_MORE
        je      .section
.none:
        pop     ds
        stc
        ret

.entry:
        mov     di, bx
        pop     ds
        push    es
        mov     ax, BOOT_SEGMENT
        mov     es, ax
        xor     ax, ax
        mov     bx, S_LENGTH - 1
.clear:
        mov     [bx+C_SPEC], al
        dec     bx
        jns     .clear
        mov     byte [C_SPEC+S_SIZE], S_LENGTH
        mov     byte [C_SPEC+S_DRIVE], CD_DRIVE
        mov     al, [es:di+1]
        mov     [C_SPEC+S_MEDIUM], al
        mov     ax, [es:di+8]
        mov     [C_SPEC+S_LBA], ax
        mov     ax, [es:di+10]
        mov     [C_SPEC+S_LBA+2], ax
        mov     ax, [es:di+2]
        mov     [C_SPEC+S_SEGMENT], ax
        mov     ax, [es:di+6]
        mov     [C_SPEC+S_COUNT], ax
        pop     es
        cmp     byte [EBDA_CD+D_BASE], 0F0h
        je      .channel
        inc     byte [C_SPEC+S_CONTROLLER]
.channel:
        test    byte [EBDA_CD+D_SELECT], 10h
        jz      .kind
        inc     byte [C_SPEC+S_DEVICE]
.kind:
        mov     al, [C_SPEC+S_MEDIUM]
        and     al, 0Fh
        cmp     al, EMULATION_DISK + 1  ; CF set for what is known
        cmc
        ret

; Loads the image that C_SPEC describes and starts it. Comes back with AH = status where that fails. DS, SI and ES as in
; atapi.asm.
cd_start:
        call    cd_emulate
        jc      .failed
        mov     ax, [C_SPEC+S_SEGMENT]
        test    ax, ax
        jnz     .segment
        mov     ax, BOOT_SEGMENT
.segment:
        mov     [W_SEGMENT], ax
        mov     word [W_OFFSET], 0
        mov     bx, [C_SPEC+S_COUNT]
        test    bx, bx
        jnz     .count
        inc     bx
.count:
        call    .check_room
        jc      .failed
        push    word [W_SEGMENT]
        mov     ax, 256
        mul     bx
        mov     [C_TAKE], ax
        mov     [C_TAKE+2], dx
        mov     word [C_SKIP], 0
        add     bx, 3
        shr     bx, 1
        shr     bx, 1
        mov     [C_COUNT], bx
        mov     ax, [C_SPEC+S_LBA]
        mov     dx, [C_SPEC+S_LBA+2]
        mov     [W_LBA], ax
        mov     [W_LBA+2], dx
        call    cd_read
        pop     bx
        jc      .failed
        xor     ax, ax
        mov     ss, ax
        mov     sp, 7C00h
        mov     dl, [C_SPEC+S_DRIVE]
        mov     cx, ax
        cmp     dl, CD_DRIVE
        je      .jump
        cmp     bx, BOOT_SEGMENT        ; the boot sector of a disk expects to be at 0000:7C00
        jne     .jump
        mov     bx, ax
        mov     cx, 7C00h
.jump:
        push    bx
        push    cx
        mov     ds, ax
        mov     es, ax
        mov     bx, ax
        mov     cx, ax
        mov     dh, al
        mov     si, ax
        mov     di, ax
        mov     bp, ax
        retf
.failed:
        ret

; CF and AH where BX sectors of 512 bytes from segment AX on are more than base memory has. Uses AX, CX, DX.
.check_room:
        cmp     bx, 1280                ; 640 KB
        ja      .no_room
        mov     dx, bx
        mov     cl, 5
        shl     dx, cl                  ; paragraphs
        add     dx, ax
        jc      .no_room
        mov     ax, [es:BDA_BASE_KB]
        inc     cx
        shl     ax, cl
        cmp     ax, dx                  ; CF where it is less
        mov     ah, ST_BOUNDARY
        ret
.no_room:
        mov     ah, ST_BOUNDARY
        stc
        ret
