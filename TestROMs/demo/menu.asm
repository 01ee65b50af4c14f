; The start: segments, the main screen, the choice of what to do.

start:
        cli
        mov     ax, cs
        mov     ss, ax
        mov     sp, 0xFFF0
        sti
        cld
        mov     es, ax
        ; What the boot sector keeps for us
        xor     bx, bx
        mov     ds, bx
        mov     si, boot_registers
        mov     di, registers_at_boot
        mov     cx, 13
        rep     movsw
        mov     bl, [boot_drive]
        mov     ds, ax
        mov     [drive], bl
        call    find_processor
        mov     byte [choice], 0
        call    set_mode

main_screen:
        call    clear_screen
        call    draw_frame
        mov     si, .logo
        call    draw
        mov     si, .text
        call    draw
        call    draw_shadow
.menu:
        call    draw_menu
.key:
        call    wait_key
        ; Up and down move, Enter chooses, letters choose at once.
        cmp     ah, 0x48
        je      .up
        cmp     ah, 0x50
        je      .down
        cmp     al, 13
        je      .chosen
        and     al, 0xDF
        mov     bx, 0
.letter:
        mov     si, [bx + items]
        cmp     al, [si]
        je      .found
        add     bx, 4
        cmp     bx, items_end - items
        jb      .letter
        jmp     .key
.found:
        shr     bx, 1
        shr     bx, 1
        mov     [choice], bl
        call    draw_menu
.chosen:
        mov     bl, [choice]
        xor     bh, bh
        add     bx, bx
        add     bx, bx
        call    [bx + items + 2]
        jmp     main_screen
.up:
        dec     byte [choice]
        jns     .menu
        mov     byte [choice], (items_end - items) / 4 - 1
        jmp     .menu
.down:
        inc     byte [choice]
        cmp     byte [choice], (items_end - items) / 4
        jb      .menu
        mov     byte [choice], 0
        jmp     .menu

; The name in letters of half blocks
%define B_ 0xDB
%define U_ 0xDF
%define L_ 0xDC
%define S_ 0x20
.logo:
        db      COLOR 0x1B, AT 3, 24
        db      B_, U_, U_, U_, U_, S_, B_, S_, S_, S_, S_, S_, B_, S_, U_, B_, U_, S_, B_, U_
        db      U_, U_, U_, S_, U_, U_, B_, U_, U_
        db      COLOR 0x1E, S_
        db      B_, U_, U_, U_, B_, S_, B_, U_, U_, U_, U_
        db      COLOR 0x1B, AT 4, 24
        db      U_, U_, U_, U_, B_, S_, B_, S_, S_, B_, S_, S_, B_, S_, S_, B_, S_, S_, B_, U_
        db      U_, U_, S_, S_, S_, S_, B_, S_, S_
        db      COLOR 0x1E, S_
        db      B_, U_, U_, U_, B_, S_, B_, U_, U_, U_, B_
        db      COLOR 0x1B, AT 5, 24
        db      L_, L_, L_, L_, B_, S_, U_, L_, U_, S_, U_, L_, U_, S_, L_, B_, L_, S_, B_, S_
        db      S_, S_, S_, S_, S_, S_, B_, S_, S_
        db      COLOR 0x1E, S_
        db      B_, L_, L_, L_, B_, S_, B_, L_, L_, L_, B_
        db      END
.text:
        db      COLOR BODY, AT 7, 6, "A PC emulator in pure Swift. This is its demo disk: a small monitor"
        db      AT 8, 14, "in real mode, for the 8086 and all that followed it."
        db      END

draw_shadow:
        mov     ax, 0x0001
        mov     cx, MENU_TOP * 256 + 256 + MENU_LEFT + 2
        mov     dx, (MENU_TOP + ITEMS + 2) * 256 + MENU_LEFT + MENU_WIDTH + 1
        mov     bh, 0x08
        jmp     fill

MENU_TOP        equ 10
MENU_LEFT       equ 15
MENU_WIDTH      equ 50
ITEMS           equ (items_end - items) / 4

; The menu's box with its lines, the choice in other colours
draw_menu:
        mov     cx, MENU_TOP * 256 + MENU_LEFT
        mov     dx, (MENU_TOP + ITEMS + 1) * 256 + MENU_LEFT + MENU_WIDTH - 1
        mov     bh, PANEL
        call    box
        xor     bx, bx
.next:
        mov     dh, bl
        add     dh, MENU_TOP + 1
        mov     dl, MENU_LEFT + 1
        mov     ah, PANEL
        mov     al, PANEL_KEY
        cmp     bl, [choice]
        jne     .place
        mov     ah, CHOSEN
        mov     al, CHOSEN_KEY
.place:
        mov     [color], ah
        mov     [place], dx
        push    ax
        push    bx
        show    "  "
        pop     bx
        pop     ax
        push    ax
        mov     [color], al
        push    bx
        add     bx, bx
        add     bx, bx
        mov     si, [bx + items]
        lodsb
        call    put
        pop     bx
        pop     ax
        mov     [color], ah
        push    bx
        call    draw
        mov     al, MENU_LEFT + MENU_WIDTH - 1
        call    pad
        pop     bx
        inc     bx
        cmp     bl, ITEMS
        jb      .next
        mov     byte [color], BODY
        ret

items:  dw      item_memory, memory
        dw      item_registers, registers
        dw      item_hardware, hardware
        dw      item_clock, clock
        dw      item_keyboard, keyboard
        dw      item_colors, colors
        dw      item_tune, tune
        dw      item_boot, boot_again
        dw      item_power, power_off
items_end:
; The first letter chooses.
item_memory:        db "M   Memory: look around in it", END
item_registers:     db "R   Registers, flags and interrupt vectors", END
item_hardware:      db "H   Hardware: what is in this PC", END
item_clock:         db "C   Clock", END
item_keyboard:      db "K   Keyboard test", END
item_colors:        db "A   All colours, all characters", END
item_tune:          db "T   Tune on the PC speaker", END
item_boot:          db "B   Boot again", END
item_power:         db "P   Power off", END
