; bootmenu.asm: F12, struck before INT 19h looks for something to boot, lists what there is and boots what is chosen. A hand
; that sees the line about it has half a second.

KEY_F12         equ     8600h
KEY_ESC         equ     011Bh
MENU_TICKS      equ     9               ; of the timer
MENU_LIST       equ     0600h           ; in segment 0: the drives in the order of the menu, FFh at the end
MENU_CD         equ     0E0h

; Comes back where nobody asked, Esc was struck, or what was chosen does not boot. From INT 19h: DS = 0.
; Uses everything.
boot_menu:
        sti
        mov     ax, BDA_SEG
        mov     ds, ax
        mov     cx, MENU_TICKS
.tick:
        mov     dx, [BDA_TICKS]
.wait:
        call    menu_is_asked
        je      .asked
        hlt                             ; a key or the timer
        cmp     dx, [BDA_TICKS]
        je      .wait
        loop    .tick
        jmp     .leave
.asked:
        cli                             ; what was typed up to here was for us
        mov     ax, [BDA_KBD_HEAD]
        mov     [BDA_KBD_TAIL], ax
        sti
        call    menu_list
.ask:
        mov     ah, 10h
        int     16h
        cmp     ax, KEY_ESC
        je      .end
        sub     al, '1'
        cbw
        xor     bx, bx
        mov     ds, bx
        mov     bx, ax
        cmp     bx, 8                   ; and what is below 1
        jae     .ask
        mov     si, MENU_LIST
.count:
        lodsb
        cmp     al, 0FFh
        je      .ask
        dec     bx
        jns     .count
        call    menu_end
        cmp     al, MENU_CD
        je      .cd
        mov     dl, al
        mov     si, text_floppy_b
        cmp     al, 01h
        je      .boot
        mov     si, text_floppy
        jb      .boot
        mov     si, text_disk
.boot:
        call    boot_from
        jmp     .leave
.cd:
        call    cd_boot
        jmp     .leave
.end:
        call    menu_end
.leave:
        xor     ax, ax
        mov     ds, ax
        ret

; ZF set if F12 is among what was typed. DS = 0040h. Uses SI, flags.
menu_is_asked:
        mov     si, [BDA_KBD_HEAD]
.look:
        cmp     si, [BDA_KBD_TAIL]
        je      .none
        cmp     word [si], KEY_F12
        je      .done
        inc     si
        inc     si
        cmp     si, [BDA_KBD_END]
        jb      .look
        mov     si, [BDA_KBD_START]
        jmp     .look
.none:
        test    sp, sp                  ; ZF clear
.done:
        ret

; A line of its own for what comes. Nothing changes but SI.
menu_end:
        push    ax
        mov     si, text_newline
        call    print_text
        pop     ax
        ret

; Writes the menu and makes the list.
menu_list:
        mov     si, text_menu
        call    print_text
        xor     di, di                  ; lines so far
        int     11h
        test    al, 01h
        jz      .disks
        mov     cl, 6
        shr     al, cl
        and     al, 03h
        inc     ax
        cbw
        mov     cx, ax
        cmp     cl, 2
        jbe     .floppies
        mov     cl, 2
.floppies:
        mov     dl, 0
        mov     si, text_floppy
.floppy:
        call    menu_line
        mov     si, text_newline
        call    print_text
        inc     dx
        mov     si, text_floppy_b
        loop    .floppy
.disks:
        mov     ax, BDA_SEG
        mov     es, ax
        mov     cl, [es:BDA_DISKS]
        xor     ch, ch
        mov     dl, 80h
        jcxz    .cd
        mov     bx, EBDA_DISKS
.disk:
        mov     si, text_disk
        call    menu_line
        mov     si, bx
        mov     al, ATA_IDENTIFY
        mov     ds, [es:BDA_EBDA]
        call    menu_model
        inc     dx
        add     bx, D_SIZE
        loop    .disk
.cd:
        call    cd_open
        jc      .end
        mov     dl, MENU_CD
        mov     si, text_cd
        call    menu_line
        mov     si, EBDA_CD
        mov     al, ATA_IDENTIFY_PACKET
        call    menu_model
.end:
        xor     ax, ax
        mov     ds, ax
        mov     byte [di+MENU_LIST], 0FFh
        mov     si, text_choose
        jmp     print_text

; One more line, with its number and the text at CS:SI, for drive DL. Uses AX, SI.
menu_line:
        push    ds
        xor     ax, ax
        mov     ds, ax
        mov     [di+MENU_LIST], dl
        pop     ds
        inc     di
        mov     al, ' '
        call    print_char
        mov     ax, di
        add     al, '0'
        call    print_char
        mov     al, ' '
        call    print_char
        jmp     print_text

; What the drive of the record DS:SI says that it is, by the command AL, and the end of the line. ES = 0040h.
; Uses AX, SI.
menu_model:
        push    bx
        push    cx
        push    dx
        push    di
        push    ax
        mov     dx, [si+D_BASE]
        add     dx, ATA_DEVICE
        mov     al, [si+D_SELECT]
        out     dx, al
        call    wait_refresh
        pop     ax
        add     dx, ATA_COMMAND - ATA_DEVICE
        out     dx, al
        mov     byte [W_TICKS], 18
        call    ata_wait
        jc      .end
        test    al, ATA_DRQ
        jz      .end
        mov     byte [W_COMMAND], ATA_READ
        mov     word [W_OFFSET], EBDA_SCRATCH
        mov     [W_SEGMENT], ds
        call    ata_block
        call    ata_wait
        mov     al, ':'
        call    print_char
        mov     al, ' '
        call    print_char
        mov     di, EBDA_SCRATCH + 27*2 ; 40 characters, two in a word, the first one high [ATA-4 Table 9]
        mov     cx, 20
.next:
        mov     al, [di+1]
        call    .character
        mov     al, [di]
        call    .character
        inc     di
        inc     di
        loop    .next
.end:
        pop     di
        pop     dx
        pop     cx
        pop     bx
        mov     si, text_newline
        jmp     print_text
.character:
        cmp     al, ' '
        jb      .done
        jmp     print_char
.done:
        ret

text_menu:      db      13, 10, "Boot menu", 13, 10, 0
text_choose:    db      "Number, or Esc to go on: ", 0
text_floppy_b:  db      "Floppy disk B:", 0
