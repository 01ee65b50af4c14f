; boot.asm: the sign-on line, INT 19h and INT 18h. Key: [RBIL 18, 19]; the boot order in CMOS is QEMU's convention.

BOOT_SEGMENT    equ     07C0h
BOOT_FLOPPY     equ     1
BOOT_DISK       equ     2
BOOT_CD         equ     3
BOOT_TRIES      equ     4               ; the first may find a motor starting or a changed disk

; The name, and the memory: base and extended KB. Uses AX, BX, CX, DX, SI.
sign_on:
        mov     si, text_name
        call    print_text
        int     12h
        add     ax, EBDA_KB
        xor     dx, dx
        call    print_decimal
        mov     si, text_base
        call    print_text
        cmp     byte [BDA_CPU], CPU_80286
        jb      .end
        call    extended_kb
        mov     bx, ax
        or      bx, dx
        jz      .end
        push    ax
        mov     si, text_plus
        call    print_text
        pop     ax
        call    print_decimal
        mov     si, text_extended
        call    print_text
.end:
        mov     si, text_memory
        jmp     print_text

text_name:      db      "Swift86 BIOS, ", 0
text_base:      db      " KB base", 0
text_plus:      db      " + ", 0
text_extended:  db      " KB extended", 0
text_memory:    db      " memory. Press F12 for boot menu"
text_newline:   db      13, 10, 0

; INT 19h: the devices in the order of CMOS, each once; what has no boot sector is named, and the next one is tried.
int19_handler:
        sti
        cld
        xor     ax, ax
        mov     ss, ax
        mov     sp, 7C00h
        mov     ds, ax
        mov     word [1Eh*4], diskette_parameters       ; a boot sector of the last try may have its own
        mov     word [1Eh*4+2], 0F000h
        call    cd_end_emulation
        call    boot_menu
        mov     al, CMOS_BOOT12
        call    cmos_read
        mov     bl, al
        mov     al, CMOS_BOOT3
        call    cmos_read
        mov     cl, 4
        shr     al, cl
        mov     bh, al                  ; BX: three nibbles, the first device lowest
        and     bh, 0Fh
        test    bx, bx
        jnz     .next
        mov     bx, BOOT_DISK << 8 | BOOT_CD << 4 | BOOT_FLOPPY
.next:
        mov     al, bl
        and     al, 0Fh
        push    bx
        cmp     al, BOOT_FLOPPY
        je      .floppy
        cmp     al, BOOT_DISK
        je      .disk
        cmp     al, BOOT_CD
        je      .cd
.no_such:
        pop     bx
        mov     cl, 4
        shr     bx, cl
        test    bx, bx
        jnz     .next
        int     18h

.floppy:
        int     11h
        test    al, 01h
        jz      .no_such
        mov     dl, 00h
        mov     si, text_floppy
        call    boot_from
        jmp     .no_such
.disk:
        mov     ax, BDA_SEG
        mov     ds, ax
        cmp     byte [BDA_DISKS], 0
        je      .no_such
        mov     dl, 80h
        mov     si, text_disk
        call    boot_from
        jmp     .no_such
.cd:
        call    cd_boot
        jmp     .no_such

; Reads the first sector of drive DL and starts it. Comes back, having said why with the name at CS:SI, if there is
; none to start.
boot_from:
        push    si
        xor     ax, ax
        mov     ds, ax
        mov     es, ax
        mov     di, BOOT_TRIES
.try:
        push    dx
        push    di
        xor     ax, ax                  ; reset
        int     13h
        pop     di
        pop     dx
        push    dx
        push    di
        mov     ax, 0201h
        mov     cx, 0001h
        mov     dh, 0
        mov     bx, 7C00h
        int     13h
        pop     di
        pop     dx
        jnc     .read
        cmp     ah, 80h                 ; no disk in the drive: no use to ask again
        je      .failed
        dec     di
        jnz     .try
.failed:
        mov     bx, text_not_read
        jmp     .say
.read:
        cmp     word [7C00h+510], 0AA55h
        mov     bx, text_no_signature
        jne     .say
        pop     si
        xor     ax, ax
        mov     bx, ax
        mov     cx, ax
        mov     dh, ah
        mov     si, ax
        mov     di, ax
        mov     bp, ax
        mov     sp, 7C00h
        jmp     0000h:7C00h
.say:
        pop     si
; The name at CS:SI and the reason at CS:BX.
boot_say:
        call    print_text
        mov     si, bx
        jmp     print_text

text_floppy:            db      "Floppy disk A:", 0
text_disk:              db      "Hard disk", 0
text_not_read:          db      " cannot be read", 13, 10, 0
text_no_signature:      db      " has no boot sector", 13, 10, 0

; INT 18h: nothing to boot. A key starts over.
int18_handler:
        sti
        cld
        mov     si, text_nothing
        call    print_text
        mov     ah, 00h
        int     16h
        mov     si, text_newline
        call    print_text
        int     19h
        jmp     int18_handler

text_nothing:   db      "No bootable device. Insert a disk; press a key to try again.", 13, 10, 0
