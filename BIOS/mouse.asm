; mouse.asm: the pointing device on the 8042's auxiliary port: POST, INT 15h/C2h, IRQ12 (INT 74h).
; Keys: [PS/2 TR Mouse], [PS/2 TR Keyboard and auxiliary device controller], [RBIL 15C200-15C209, MEMORY.LST (EBDA)].

; In the extended BIOS data area.
EBDA_MOUSE_CALL equ 22h         ; dword: the handler that a program has installed
EBDA_MOUSE_INDEX equ 26h        ; byte, bits 2-0: bytes of the packet under way
EBDA_MOUSE_SIZE equ 27h         ; byte, bits 2-0: bytes of a packet, 0 for eight; bit 7: there is a handler
EBDA_MOUSE_DATA equ 28h         ; eight bytes: the packet, or a command's answer
MOUSE_HANDLER   equ 80h

; Command bytes of the 8042: system flag, translation, and
KBC_REST        equ 65h         ; keyboard interrupt, auxiliary device held
KBC_MOUSE       equ 47h         ; both interrupts, nothing held
KBC_ASK         equ 54h         ; no interrupt, keyboard held

; Status of INT 15h/C2h in AH.
MOUSE_NO_SERVICE equ 01h
MOUSE_BAD_INPUT equ 02h
MOUSE_INTERFACE equ 03h
MOUSE_RESEND    equ 04h
MOUSE_NO_HANDLER equ 05h

MOUSE_REPLY     equ 2000        ; cycles of 15 us in which an acknowledge comes: 30 ms

; POST: resets the mouse. Without one nothing is said. DS = 0040h. Uses AX, BX, CX, DI, ES.
init_mouse:
        mov     byte [BDA_KBC], KBC_REST
        mov     es, [BDA_EBDA]
        mov     byte [es:EBDA_MOUSE_SIZE], 3
        mov     ax, 02FFh
        call    mouse_ask
        jc      .none
        cmp     byte [es:EBDA_MOUSE_DATA], 0AAh
        jne     .none
        or      byte [BDA_EQUIP], 04h
        in      al, PIC2_MASK
        and     al, 11101111b
        out     PIC2_MASK, al
.none:
        ret

; ---------------------------------------------------------------------------------------------------------------
; Commands. ES = extended BIOS data area.

; Sends the command AL and puts its AH bytes of answer at EBDA_MOUSE_DATA. CF set: AH says why not. Uses AX, BX, CX, DI.
mouse_ask:
        mov     bx, ax
        call    mouse_open
        mov     al, bl
        call    mouse_send
        jc      mouse_close
        mov     bl, bh
        ; fall through

; Takes BL bytes to EBDA_MOUSE_DATA and closes; a self test may take its time.
mouse_answer:
        mov     di, EBDA_MOUSE_DATA
.next:
        test    bl, bl
        jz      mouse_close             ; CF is clear
        mov     cx, 65535               ; a second
        call    mouse_receive
        jc      mouse_close
        stosb
        dec     bl
        jmp     .next

; Sends the command AL with its option AH. As mouse_ask.
mouse_set:
        mov     bx, ax
        call    mouse_open
        mov     al, bl
        call    mouse_send
        jc      mouse_close
        mov     al, bh
        call    mouse_send
        ; fall through

; The 8042 as it was. Changes nothing else.
mouse_close:
        pushf
        push    ax
        mov     al, 60h
        call    kbc_command
        mov     al, [BDA_KBC]
        call    kbc_data
        call    kbc_wait_input
        pop     ax
        popf
        ret

; Lets only the mouse speak, and without interrupts. Interrupts are on: a packet that is half there may become whole,
; and what the 8042 holds goes to its handler. Uses AX, CX.
mouse_open:
        mov     cx, 1000                ; 15 ms
.packet:
        test    byte [es:EBDA_MOUSE_INDEX], 07h
        jz      .hold
        call    wait_refresh
        loop    .packet
        and     byte [es:EBDA_MOUSE_INDEX], ~07h & 0FFh
.hold:
        mov     al, 0ADh                ; keyboard held
        call    kbc_command
        mov     al, 0A7h                ; mouse held
        call    kbc_command
        call    kbc_wait_input
        mov     cx, 200                 ; 3 ms
.taken:
        in      al, KBD_STATUS
        test    al, 01h
        jz      .empty
        call    wait_refresh
        loop    .taken
        in      al, KBD_DATA            ; nobody wants it
.empty:
        ; fall through

; The same for a mouse that may speak already. Uses AL.
mouse_listen:
        mov     al, 60h
        call    kbc_command
        mov     al, KBC_ASK
        call    kbc_data
        jmp     kbc_wait_input

; Sends the byte AL to the mouse and waits for the acknowledge. CF set: AH says why not. Uses AX, CX.
mouse_send:
        mov     ah, al
        mov     al, 0D4h
        call    kbc_command
        mov     al, ah
        call    kbc_data
        mov     cx, MOUSE_REPLY
.reply:
        call    mouse_receive
        jc      .done
        cmp     al, 0FAh
        je      .done                   ; CF is clear
        mov     ah, MOUSE_RESEND
        cmp     al, 0FEh
        stc
        je      .done
        mov     ah, MOUSE_INTERFACE
        cmp     al, 0FCh
        stc
        je      .done
        loop    .reply                  ; something older
        stc
.done:
        ret

; AL = the next byte of the mouse, which comes within CX cycles of 15 us; otherwise CF set, AH = status. Uses AX, CX.
mouse_receive:
        in      al, KBD_STATUS
        mov     ah, al
        test    al, 01h
        jz      .none
        in      al, KBD_DATA
        test    ah, 40h                 ; the 8042 itself speaks: nobody is there
        jnz     .error
        test    ah, 20h
        jnz     .done                   ; CF is clear
.none:
        call    wait_refresh
        loop    mouse_receive
.error:
        mov     ah, MOUSE_INTERFACE
        stc
.done:
        ret

; ---------------------------------------------------------------------------------------------------------------
; INT 15h/C2h: AL = service. AH = status, CF set where it is not 0.
service_pointing:
        sti
        mov     es, [BDA_EBDA]
        mov     ah, MOUSE_NO_SERVICE
        cmp     al, 9
        ja      mouse_failed
        mov     si, ax
        and     si, 0Fh
        shl     si, 1
        mov     ah, MOUSE_BAD_INPUT     ; for those that find it so
        jmp     [cs:si+.table]
.table: dw      mouse_enable, mouse_reset, mouse_rate, mouse_resolution, mouse_type, mouse_initialise, mouse_extended
        dw      mouse_handler, mouse_write, mouse_read

mouse_result:
        jnc     service_nothing
mouse_failed:
        mov     [bp+F_AH], ah
        jmp     service_failed

; 00h: BH = 0 disable, 1 enable.
mouse_enable:
        cmp     bh, 1
        ja      mouse_failed
        mov     cl, KBC_REST
        mov     ax, 00F5h
        jb      .send
        mov     ah, MOUSE_NO_HANDLER
        test    byte [es:EBDA_MOUSE_SIZE], MOUSE_HANDLER
        jz      mouse_failed
        mov     cl, KBC_MOUSE
        mov     ax, 00F4h
.send:
        mov     [BDA_KBC], cl
        call    mouse_ask
        jmp     mouse_result

; 01h: BL = AAh, BH = device ID.
mouse_reset:
        mov     ax, 02FFh
        call    mouse_ask
        jc      mouse_failed
        mov     ax, [es:EBDA_MOUSE_DATA]
        mov     [bp+F_BX], ax
        jmp     service_nothing

; 02h: BH = 0-6: sample rate.
mouse_rate:
        cmp     bh, 6
        ja      mouse_failed
        mov     bl, bh
        xor     bh, bh
        mov     ah, [cs:bx+.rates]
        mov     al, 0F3h
        call    mouse_set
        jmp     mouse_result
.rates: db      10, 20, 40, 60, 80, 100, 200

; 03h: BH = 0-3: resolution, 1 to 8 counts a millimetre.
mouse_resolution:
        cmp     bh, 3
        ja      mouse_failed
        mov     ah, bh
        mov     al, 0E8h
        call    mouse_set
        jmp     mouse_result

; 04h: BH = device ID.
mouse_type:
        mov     ax, 01F2h
        call    mouse_ask
        jc      mouse_failed
        mov     al, [es:EBDA_MOUSE_DATA]
        mov     [bp+F_BH], al
        jmp     service_nothing

; 05h: BH = bytes in a packet, 1-8. The mouse is reset.
mouse_initialise:
        mov     al, bh
        dec     al
        cmp     al, 7
        ja      mouse_failed
        and     bh, 07h
        and     byte [es:EBDA_MOUSE_SIZE], MOUSE_HANDLER
        or      [es:EBDA_MOUSE_SIZE], bh
        mov     ax, 02FFh
        call    mouse_ask
        jmp     mouse_result

; 06h: BH = 0: BL = status, CL = resolution, DL = sample rate; 1: scaling 1:1; 2: scaling 2:1.
mouse_extended:
        cmp     bh, 2
        ja      mouse_failed
        mov     ax, 00E7h
        je      .send
        dec     al                      ; E6h
        cmp     bh, 1
        je      .send
        mov     ax, 03E9h
        call    mouse_ask
        jc      mouse_failed
        jmp     mouse_three
.send:
        call    mouse_ask
        jmp     mouse_result

; 07h: ES:BX = handler, 0:0 for none.
mouse_handler:
        mov     cx, [bp+F_ES]
        mov     ax, cx
        or      ax, bx
        pushf
        cli
        and     byte [es:EBDA_MOUSE_SIZE], ~MOUSE_HANDLER & 0FFh
        mov     [es:EBDA_MOUSE_CALL], bx
        mov     [es:EBDA_MOUSE_CALL+2], cx
        test    ax, ax
        jz      .done
        or      byte [es:EBDA_MOUSE_SIZE], MOUSE_HANDLER
.done:
        popf
        jmp     service_nothing

; 08h: BL = a byte for the mouse, which acknowledges it.
mouse_write:
        mov     al, bl
        mov     ah, 0
        call    mouse_ask
        jmp     mouse_result

; 09h: BL, CL, DL = three bytes of the mouse.
mouse_read:
        call    mouse_listen
        mov     bl, 3
        call    mouse_answer
        jc      mouse_failed
mouse_three:
        mov     ax, [es:EBDA_MOUSE_DATA]
        mov     [bp+F_BL], al
        mov     [bp+F_CL], ah
        mov     al, [es:EBDA_MOUSE_DATA+2]
        mov     [bp+F_DL], al
        jmp     service_nothing

; ---------------------------------------------------------------------------------------------------------------
; IRQ12: collects a packet. The handler finds its first bytes in four words on the stack, the first one deepest; it
; returns with RETF and leaves them. Keyboard and timer may interrupt it, the mouse may not.
int74_handler:
        enter_service
        in      al, KBD_STATUS
        and     al, 21h
        cmp     al, 21h
        jne     .done
        in      al, KBD_DATA
        mov     es, [BDA_EBDA]
        mov     bl, [es:EBDA_MOUSE_INDEX]
        and     bx, 07h
        mov     [es:bx+EBDA_MOUSE_DATA], al
        inc     bx
        mov     ah, [es:EBDA_MOUSE_SIZE]
        mov     al, bl
        xor     al, ah
        test    al, 07h
        jz      .whole
        inc     byte [es:EBDA_MOUSE_INDEX]
        jmp     .done
.whole:
        and     byte [es:EBDA_MOUSE_INDEX], ~07h & 0FFh
        test    ah, MOUSE_HANDLER
        jz      .done
        mov     cx, 4
        mov     si, EBDA_MOUSE_DATA
        xor     ax, ax
.word:
        test    bx, bx
        jz      .push                   ; the packet is shorter
        mov     al, [es:si]
        inc     si
        dec     bx
        jmp     .next
.push:
        xor     al, al
.next:
        push    ax
        loop    .word
        sti
        call    far [es:EBDA_MOUSE_CALL]
        cli
        add     sp, 8
.done:
        mov     al, EOI
        out     PIC2, al
        out     PIC1, al
        leave_service
