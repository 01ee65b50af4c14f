; post.asm: power-on self test: from reset to INT 19h. The code on port 80h says what is about to be done.
;
;  01 shutdown status    02 data area      03 processor        04 8259A         05 8254           06 DMA
;  07 vectors            08 base memory    09 PCI              0A video ROM     0B sign-on        0C 8042, devices
;  0D clock              0E ports          0F interrupts on    10 floppies      11 disks          12 option ROMs
;  13 boot               E0 shutdown 5     E1 shutdown 9       E2 shutdown 0Ah

WARM_BOOT       equ     1234h
POST_STACK      equ     00F0h           ; in the data area, D0h-EFh, for what may not touch a program's memory

; Every reset comes here. First the reason: CMOS register 0Fh names where a program that left protected mode by a
; reset of the CPU wants to go on [PC/AT TR 1-58]. No stack yet.
post:
        cli
        cld
        post_code 01h
        mov     al, 80h | CMOS_SHUTDOWN
        out     CMOS_INDEX, al
        jmp     short $+2
        in      al, CMOS_DATA
        mov     ah, al
        mov     al, 80h | CMOS_SHUTDOWN
        out     CMOS_INDEX, al
        xor     al, al                  ; it holds for one reset only
        out     CMOS_DATA, al
        mov     al, CMOS_D
        out     CMOS_INDEX, al
        mov     bx, BDA_SEG
        mov     ds, bx
        cmp     ah, 05h
        jb      post_cold
        cmp     ah, 0Ah
        ja      post_cold
        test    byte [BDA_APIC], 01h    ; the reset of the processor was one of its local APIC as well
        jz      .connected
        cpu     386
        mov     ss, bx
        mov     sp, POST_STACK
        push    ax
        call    pci_flat_fs
        call    apic_virtual_wire
        pop     ax
        cpu     8086
.connected:
        cmp     ah, 05h
        je      .shutdown_5
        cmp     ah, 09h
        je      .shutdown_9
        cmp     ah, 0Ah
        jne     post_cold
        post_code 0E2h
        jmp     far [BDA_RETURN]
.shutdown_5:                            ; end of interrupt first, and a waiting key goes
        post_code 0E0h
        mov     al, EOI
        out     PIC2, al
        out     PIC1, al
        in      al, KBD_STATUS
        test    al, 01h
        jz      .flushed
        in      al, KBD_DATA
.flushed:
        jmp     far [BDA_RETURN]
.shutdown_9:                            ; the end of a block move on a 286
        post_code 0E1h
        jmp     block_move_286_return

post_cold:
        post_code 02h
        xor     ax, ax
        mov     ss, ax
        mov     sp, 7C00h
        mov     es, ax
        mov     dx, [BDA_RESET]         ; the data area is cleared but for this word
        mov     di, 0400h
        mov     cx, (0502h - 0400h) / 2
        rep     stosw
        cmp     dx, WARM_BOOT
        jne     .cold
        mov     [BDA_RESET], dx
.cold:
        post_code 03h
        call    detect_cpu
        mov     [BDA_CPU], al

        post_code 04h
        call    init_pic
        post_code 05h
        call    init_pit
        post_code 06h
        call    init_dma
        post_code 07h
        call    init_vectors
        post_code 08h
        call    enable_a20
        call    size_base_memory
        call    init_equipment
        post_code 09h
        call    post_segments
        call    pci_init
        call    post_segments
        post_code 0Ah
        call    scan_video_rom
        call    post_segments
        post_code 0Bh
        call    sign_on
        post_code 0Ch
        sti                             ; the keyboard's answers are waited for in HLT, with the timer
        call    init_keyboard
        call    init_mouse
        post_code 0Dh
        call    init_clock
        post_code 0Eh
        call    find_ports
        post_code 0Fh
        call    unmask_interrupts
        post_code 10h
        call    post_segments
        call    floppy_init
        post_code 11h
        call    post_segments
        call    disk_init
        post_code 12h
        call    post_segments
        call    scan_option_roms
        call    post_segments
        post_code 13h
        call    disable_a20
        mov     word [BDA_RESET], 0
        int     19h
        jmp     post_cold               ; INT 19h does not come back

; DS = 0040h, ES = 0, DF clear: what every part of POST may rely on. Uses AX.
post_segments:
        mov     ax, BDA_SEG
        mov     ds, ax
        xor     ax, ax
        mov     es, ax
        cld
        ret

; Both 8259A: edge triggered, vectors 08h and 70h, cascade on IRQ2; every input masked but the timer and the cascade
; [8259A p.10]. Uses AX.
init_pic:
        mov     al, 11h                 ; ICW1: ICW4 comes, cascade, edge
        out     PIC1, al
        out     PIC2, al
        jmp     short $+2
        mov     al, 08h                 ; ICW2
        out     PIC1_MASK, al
        mov     al, 70h
        out     PIC2_MASK, al
        jmp     short $+2
        mov     al, 04h                 ; ICW3
        out     PIC1_MASK, al
        mov     al, 02h
        out     PIC2_MASK, al
        jmp     short $+2
        mov     al, 01h                 ; ICW4: 8086 mode, normal EOI
        out     PIC1_MASK, al
        out     PIC2_MASK, al
        jmp     short $+2
        mov     al, 11111010b
        out     PIC1_MASK, al
        mov     al, 0FFh
        out     PIC2_MASK, al
        ret

; Counter 0: 18.2 Hz square wave; 1: refresh, 15.09 us; 2: set up for the speaker, which stays off [8254 p.9]. Uses AX.
init_pit:
        mov     al, 00110110b           ; counter 0, both bytes, mode 3
        out     PIT_CONTROL, al
        xor     al, al
        out     PIT0, al
        jmp     short $+2
        out     PIT0, al
        mov     al, 01010100b           ; counter 1, low byte, mode 2
        out     PIT_CONTROL, al
        mov     al, 18
        out     PIT1, al
        mov     al, 10110110b           ; counter 2, both bytes, mode 3
        out     PIT_CONTROL, al
        mov     al, 33h                 ; 1331: 896 Hz, the beep of the AT
        out     PIT2, al
        mov     al, 05h
        out     PIT2, al
        in      al, PORT_B
        and     al, 0F0h                ; speaker off, parity checks on
        out     PORT_B, al
        ret

; Both 8237A: cleared, single mode, the second cascades into the first [8237A p.8]. Uses AX, CX.
init_dma:
        out     0Dh, al                 ; master clear, any value; masks every channel
        out     0DAh, al
        xor     al, al
        out     08h, al                 ; command: everything at its default
        out     0D0h, al
        mov     al, 40h
        mov     cx, 4
.next:
        out     0Bh, al                 ; single mode, verify, channels 0-3
        cmp     al, 40h
        je      .first
        out     0D6h, al
.first:
        inc     al
        loop    .next
        mov     al, 0C0h                ; channel 4: cascade
        out     0D6h, al
        xor     al, al
        out     0D4h, al                ; channel 4 is open
        ret

; Equipment from CMOS; whether there is a coprocessor is asked of the coprocessor, and a pointing device of that
; device. Uses AX.
init_equipment:
        mov     al, CMOS_EQUIP
        call    cmos_read
        and     ax, 00F1h
        mov     [BDA_EQUIP], ax
        call    detect_coprocessor
        jz      .none
        or      byte [BDA_EQUIP], 02h
.none:
        ret

; Opens the interrupt lines that are served: timer, keyboard, cascade, floppy; IRQ13 with a coprocessor. Disks and
; the clock open theirs when they need them. Uses AX.
unmask_interrupts:
        in      al, PIC1_MASK
        and     al, 10111000b
        out     PIC1_MASK, al
        test    byte [BDA_EQUIP], 02h
        jz      .none
        in      al, PIC2_MASK
        and     al, 11011111b
        out     PIC2_MASK, al
.none:
        ret
