; kbdinit.asm: the 8042 and the keyboard behind it at POST. Keys: [PC/AT TR 1-41] keyboard controller.

; Waits until the 8042 takes a byte. Bounded, about 15 ms. Uses no register.
kbc_wait_input:
        push    ax
        push    cx
        mov     cx, 1000
.next:
        in      al, KBD_STATUS
        test    al, 02h
        jz      .done
        call    wait_refresh
        loop    .next
.done:
        pop     cx
        pop     ax
        ret

; Sends the command in AL to the 8042. Uses no register.
kbc_command:
        call    kbc_wait_input
        out     KBD_COMMAND, al
        ret

; Sends the byte in AL to port 60h: a parameter of a command, or a byte for the keyboard. Uses no register.
kbc_data:
        call    kbc_wait_input
        out     KBD_DATA, al
        ret

; AL = the next byte that the 8042 has for us; CF set when none comes within CX timer ticks. A byte comes within
; a millisecond or takes its time, so after the first millisecond it waits in HLT. Interrupts are on. Uses CX, DX.
kbc_receive:
        mov     dx, 64
.at_once:
        in      al, KBD_STATUS
        test    al, 01h
        jnz     .got
        call    wait_refresh
        dec     dx
        jnz     .at_once
.tick:
        hlt
        in      al, KBD_STATUS
        test    al, 01h
        jnz     .got
        loop    .tick
        stc
        ret
.got:
        in      al, KBD_DATA
        clc
        ret

; Takes everything out of the 8042. Uses AX, CX.
kbc_flush:
        mov     cx, 64
.next:
        in      al, KBD_STATUS
        test    al, 01h
        jz      .done
        in      al, KBD_DATA
        call    wait_refresh
        loop    .next
.done:
        ret

; Sends the byte in AL to the keyboard and waits for its acknowledge, three times if need be. CF set if none comes.
; Uses AX, CX, DX, SI.
kbd_send_wait:
        mov     ah, al
        mov     si, 3
.again:
        mov     al, ah
        call    kbc_data
.receive:
        mov     cx, 4
        call    kbc_receive
        jc      .next
        cmp     al, 0FAh
        je      .done
        cmp     al, 0FEh
        jne     .receive                ; something older
.next:
        dec     si
        jnz     .again
        stc
.done:
        ret                             ; CF is clear after an equal compare

; Self test, keyboard interrupt and translation on, keyboard reset. What fails is said, and POST goes on. IRQ1 is
; masked. DS = 0040h. Uses everything but DS, ES.
init_keyboard:
        mov     word [BDA_KBD_HEAD], BDA_KBD_BUF
        mov     word [BDA_KBD_TAIL], BDA_KBD_BUF
        mov     word [BDA_KBD_START], BDA_KBD_BUF
        mov     word [BDA_KBD_END], BDA_KBD_BUF + 32
        mov     byte [BDA_KBD_MODE], KM_ENHANCED
        mov     al, 0ADh                ; keyboard off
        call    kbc_command
        mov     al, 0A7h                ; mouse off: a warm boot may find it talking
        call    kbc_command
        call    kbc_wait_input
        call    kbc_flush
        mov     al, 0AAh                ; controller self test
        call    kbc_command
        mov     cx, 10
        call    kbc_receive
        jc      .no_controller
        cmp     al, 55h
        jne     .no_controller
        mov     al, 0ABh                ; interface test
        call    kbc_command
        mov     cx, 10
        call    kbc_receive
        jc      .no_controller
        test    al, al
        jnz     .no_controller
        mov     al, 60h                 ; command byte: translate, system flag, no interrupt yet, the mouse held
        call    kbc_command
        mov     al, 64h
        call    kbc_data
        mov     al, 0AEh                ; keyboard on
        call    kbc_command
        call    kbc_wait_input

        mov     al, 0FFh                ; reset; its self test takes up to 0.9 s
        call    kbd_send_wait
        jc      .no_keyboard
.bat:
        mov     cx, 20
        call    kbc_receive
        jc      .no_keyboard
        cmp     al, 0AAh
        je      .tested
        cmp     al, 0FAh
        je      .bat
.no_keyboard:
        mov     si, text_no_keyboard
        call    print_text
.tested:
        call    kbc_flush
.interrupts:
        mov     al, 60h
        call    kbc_command
        mov     al, 65h                 ; and its interrupt
        call    kbc_data
        jmp     kbc_wait_input
.no_controller:
        mov     si, text_no_controller
        call    print_text
        jmp     .interrupts

text_no_keyboard:       db      "Keyboard does not answer", 13, 10, 0
text_no_controller:     db      "Keyboard controller error", 13, 10, 0
