; shutdown - what ends in a reset: faults while a double fault is delivered, stacks and tables that are not there, the reset
; lines of the keyboard controller and port 92h. The CMOS byte 0Fh brings the BIOS back to the test, as a 286's software did.
;
; Run:    ./run-peer.sh bochs shutdown.img
; Ends:   shutdown: 13 passed, 0 failed
; After:  Intel SDM vol. 3A 6.15 (interrupt 8, shutdown), 9.1 (state after reset); IBM AT TR (shutdown byte 0Ah, 40:67).
; Peers:  Bochs proves all; with QEMU SeaBIOS does not come back to the test.

%define ROM_NAME "shutdown"
%include "rom.inc"
%include "level.inc"
%include "pages.inc"

        absolute 0x800
        cells   after_eip
        cells   after_esp
        section .text

; The code must reset the machine; %%back is where the BIOS's way leads.
%macro resets 2+                        ; name, code
        mov     dword [after_eip], %%back
        call    arm
        %2
        mov     esp, [after_esp]        ; it went on
        check   {%1}, 0, 1
        jmp     %%end
%%back: check   {%1}, 1, 1
%%end:
%endmacro
%macro no_gate 1
        mov     byte [IDT + (%1) * 8 + 5], INT32 & ~PRESENT
%endmacro

arm:    lea     eax, [esp + 4]
        mov     [after_esp], eax
        mov     dword [0x467], back_in_real - $$ + 0x7C00
        mov     al, 0x8F
        out     0x70, al
        mov     al, 0x0A
        out     0x71, al
        ret

main:
        call    find_level
        mov     eax, cr0
        and     eax, ~0x60000000
        mov     cr0, eax
        stage   0x10
        call    test_double
        stage   0x11
        call    test_tables
        stage   0x12
        call    test_pages
        stage   0x13
        call    test_real
        stage   0x14
        jmp     test_lines

; A contributory fault or a page fault while #DF is delivered.
test_double:
        no_gate DF
        no_gate GP
        mov     eax, BEYOND
        resets  "#GP, #NP, #DF, #NP", mov fs, eax
        mov     byte [IDT + DF * 8 + 5], CALL32
        no_gate DE
        xor     ecx, ecx
        resets  "#DE, #NP, #DF, #GP", div ecx
        mov     word [IDT + DF * 8 + 2], 0
        no_gate UD
        no_gate NP
        resets  "#UD, #NP, #NP, #DF, #GP", ud2
        ; In ring 3, whose stack for #DF is not there.
        mov     dword [TSS + 8], 0
        resets  "ring 3, no stack for any handler", call .ring3
        ret
.ring3: push    dword UDATA
        push    dword USER_STACK
        push    dword 2
        push    dword UCODE
        push    dword .user
        iretd
.user:  hlt

test_tables:
        resets  "an IDT of no bytes", call .no_idt
        resets  "an IDT that ends before #DF", call .short_idt
        ; A GDT that is gone: no handler's CS can be loaded.
        resets  "a GDT of 8 bytes", call .no_gdt
        ret
.no_idt:
        lidt    [.null]
        int3
.short_idt:
        lidt    [.seven]
        mov     eax, BEYOND
        mov     fs, eax
.no_gdt:
        lgdt    [.eight]
        ud2
.null   dw      0
        dd      0
.seven  dw      8 * 8 - 1
        dd      IDT
.eight  dw      7
        dd      GDT

test_pages:
        resets  "the page of the IDT is missing", call .no_idt
        resets  "the page of the stack is missing", call .no_stack
        ret
.no_idt:
        call    paging_on
        mov     dword [TABLE0 + (IDT >> 12) * 4], 0
        call    flush
        ud2
.no_stack:
        call    paging_on
        mov     esp, LINEAR + 0x1000
        call    .no_stack
        hlt

; Real mode: an interrupt whose entry or stack is over a limit.
test_real:
        cmp     dword [level], 4
        jb      .old
        resets  "real mode, a vector table of no bytes", jmp .no_table
.old:   resets  "real mode, PUSH with SP 1", jmp .push
        ret
.no_table:
        mov     dword [scratch], .table16
        jmp     .enter
.push:  mov     dword [scratch], .push16
.enter: jmp     CODE16:.sixteen
        bits    16
.sixteen:
        mov     ax, DATA16
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     sp, BOOT_STACK - 0x400
        lidt    [.idtr]
        mov     eax, cr0
        and     al, 0xFE
        mov     cr0, eax
        jmp     0:.real
.real:  xor     ax, ax
        mov     ds, ax
        mov     ss, ax
        jmp     [scratch]
.table16:
        lidt    [.null]
        int     0x21
        jmp     $
.push16:
        mov     sp, 1
        push    ax
        jmp     $
.idtr   dw      0x3FF
        dd      0
.null   dw      0
        dd      0
        bits    32

; The lines of the board.
test_lines:
        resets  "8042, command FEh", call .pulse
        resets  "port 92h, bit 0", call .fast
        ret
.pulse: in      al, 0x64
        test    al, 2
        jnz     .pulse
        mov     al, 0xFE
        out     0x64, al
        jmp     .wait
.fast:  in      al, 0x92
        and     al, 0xFE
        out     0x92, al
        or      al, 1
        out     0x92, al
.wait:  mov     ecx, 100000000
        loop    $
        ret

; From the BIOS.
        bits    16
back_in_real:
        cli
        cld
        xor     ax, ax
        mov     ds, ax
        mov     ss, ax
        mov     sp, 0x5800
        mov     al, 0x8F
        out     0x70, al
        mov     al, 0
        out     0x71, al
        mov     al, 0x0D
        out     0x70, al
        in      al, 0x71
        in      al, 0x92
        or      al, 2
        and     al, 0xFE
        out     0x92, al
        mov     al, 0xFF
        out     0x21, al
        out     0xA1, al
        lgdt    [boot_gdtr]
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        jmp     8:.protected
        bits    32
.protected:
        mov     eax, 0x10
        mov     ds, eax
        mov     es, eax
        mov     fs, eax
        mov     gs, eax
        mov     ss, eax
        mov     esp, 0x5800
        mov     eax, cr0
        and     eax, ~0x60000000
        mov     cr0, eax
        call    build_descriptors
        mov     esp, [after_esp]
        jmp     [after_eip]

rom_end
