; The ends: boot again, power off.

boot_again:
        mov     ax, 0x0003
        int     0x10
        int     0x19

; By APM, if the BIOS has it; otherwise a word to the user.
power_off:
        call    clear_screen
        mov     si, .title
        mov     di, .keys
        call    draw_bars
        mov     cx, 9 * 256 + 18
        mov     dx, 14 * 256 + 61
        mov     bh, 0x4F
        call    box
        show    COLOR 0x4F, AT 11, 27, "Switch this computer off?", AT 12, 27, "Enter or Y: yes. Esc: no."
        call    wait_key
        cmp     al, 13
        je      .yes
        and     al, 0xDF
        cmp     al, 'Y'
        je      .yes
        ret
.yes:
        mov     ax, 0x5300              ; is there APM?
        xor     bx, bx
        int     0x15
        jc      .no_apm
        cmp     bx, 0x504D              ; "PM"
        jne     .no_apm
        show    COLOR BODY, AT 17, 18, "If you can read this for long, the BIOS has failed:", AT 18, 18
        show    "you may switch the computer off by hand."
        mov     ax, 0x5304              ; no connection but ours
        xor     bx, bx
        int     0x15
        mov     ax, 0x5301              ; connect, in real mode
        xor     bx, bx
        int     0x15
        mov     ax, 0x530E              ; as version 1.2 (or 1.1, where it is older)
        xor     bx, bx
        mov     cx, 0x0102
        int     0x15
        mov     ax, 0x530D              ; power management on, for all devices
        mov     bx, 1
        mov     cx, 1
        int     0x15
        mov     ax, 0x5308
        mov     bx, 1
        mov     cx, 1
        int     0x15
        mov     ax, 0x5307              ; all devices off
        mov     bx, 1
        mov     cx, 3
        int     0x15
.no_apm:
        mov     cx, 17 * 256
        mov     dx, 18 * 256 + 79
        mov     bh, BODY
        call    fill
        show    COLOR STRONG, AT 17, 18, "This computer cannot switch itself off.", AT 18, 18
        show    "You may do it by hand now."
        jmp     wait_key
.title: db      "Power off", END
.keys:  db      COLOR BAR_KEY, "Enter", COLOR BAR, " Off  ", COLOR BAR_KEY, "Esc", COLOR BAR, " Back", END
