; a20 - the gate of address line 20, by port 92h, by the keyboard controller and by INT 15h: data, code, stacks, page tables
; and directories, in real and protected mode, in every odd megabyte; the TLB and decoded code when it changes.
;
; Run:    ./run-peer.sh bochs a20.img
; Ends:   a20: 62 passed, 0 failed
; After:  Intel SDM vol. 3A 8.7.13.4 (A20M#), 3B 20.1.1 (addresses over 1 MB), IBM PS/2 TR (port 92h, 8042 output port).
; Peers:  Bochs and QEMU prove all.

%define ROM_NAME "a20"
%include "rom.inc"
%include "pages.inc"
%include "real.inc"

LOW             equ     0x14000         ; what is in the first megabyte, and the same place one above
HIGH            equ     LOW + 0x100000
RESULTS         equ     0x5000
DIRECTORY_HIGH  equ     0x124000        ; page tables in the second megabyte

main:
        stage   0x10
        call    test_port92
        stage   0x11
        call    test_keyboard
        stage   0x12
        call    test_megabytes
        stage   0x13
        call    test_code
        stage   0x14
        call    test_accesses
        stage   0x15
        call    test_paging
        stage   0x16
        call    test_tables
        stage   0x17
        call    test_real_mode
        stage   0x18
        jmp     test_bios

; Port 92h; bit 0 would reset the machine.
fast_off:
        push    eax
        in      al, 0x92
        and     al, 0xFC
        out     0x92, al
        pop     eax
        ret
fast_on:
        push    eax
        in      al, 0x92
        and     al, 0xFC
        or      al, 2
        out     0x92, al
        pop     eax
        ret

; Waits until the 8042 takes a byte.
kbd_wait:
        push    eax
.next:  in      al, 0x64
        test    al, 2
        jnz     .next
        pop     eax
        ret
; AL = the output port.
kbd_output:
        call    kbd_wait
        push    eax
        mov     al, 0xD1
        out     0x64, al
        pop     eax
        call    kbd_wait
        out     0x60, al
        call    kbd_wait
        push    eax
        mov     al, 0xFF                ; a pulse of no line: some wait for it
        out     0x64, al
        pop     eax
        jmp     kbd_wait
kbd_command:
        call    kbd_wait
        out     0x64, al
        jmp     kbd_wait

; EAX = 1 where the line is open, 0 where it is masked; by memory, which it leaves as it was.
is_open:
        push    ebx
        push    ecx
        mov     ebx, [LOW]
        mov     ecx, [HIGH]
        mov     dword [LOW], 0x11111111
        mov     dword [HIGH], 0x22222222
        xor     eax, eax
        cmp     dword [LOW], 0x11111111
        sete    al
        mov     [HIGH], ecx
        mov     [LOW], ebx
        pop     ecx
        pop     ebx
        ret

test_port92:
        call    is_open
        check   "open after the boot sector", eax, 1
        call    fast_off
        call    is_open
        check   "port 92h, off", eax, 0
        in      al, 0x92
        and     eax, 2
        check   "port 92h, off, can be read", eax, 0
        call    fast_on
        call    is_open
        check   "port 92h, on", eax, 1
        in      al, 0x92
        and     eax, 2
        check   "port 92h, on, can be read", eax, 2
        call    fast_on
        call    is_open
        check   "port 92h, on again", eax, 1
        ret

; With port 92h off the 8042 alone decides.
test_keyboard:
        call    fast_off
        mov     al, 0xDF
        call    kbd_output
        call    is_open
        check   "8042, output port DFh", eax, 1
        mov     al, 0xD0                ; read it
        call    kbd_command
.wait:  in      al, 0x64
        test    al, 1
        jz      .wait
        in      al, 0x60
        and     eax, 2
        check   "8042, the output port, can be read", eax, 2
        mov     al, 0xDD
        call    kbd_output
        call    is_open
        check   "8042, output port DDh", eax, 0
        mov     al, 0xDF
        call    kbd_command
        call    is_open
        check   "8042, command DFh", eax, 1
        mov     al, 0xDD
        call    kbd_command
        call    is_open
        check   "8042, command DDh", eax, 0
        jmp     fast_on

; Only bit 20 is masked: odd megabytes show the even ones below them.
test_megabytes:
        mov     dword [LOW], 0xA0A0A0A0
        mov     dword [LOW + 0x100000], 0xA1A1A1A1
        mov     dword [LOW + 0x200000], 0xA2A2A2A2
        mov     dword [LOW + 0x300000], 0xA3A3A3A3
        mov     dword [LOW + 0x800000], 0xA8A8A8A8
        mov     dword [LOW + 0x900000], 0xA9A9A9A9
        call    fast_off
        mov     eax, [LOW]
        mov     ebx, [LOW + 0x100000]
        mov     ecx, [LOW + 0x200000]
        mov     edx, [LOW + 0x300000]
        mov     esi, [LOW + 0x800000]
        mov     edi, [LOW + 0x900000]
        call    fast_on
        check   "off, the first megabyte", eax, 0xA0A0A0A0
        check   "off, the second shows the first", ebx, 0xA0A0A0A0
        check   "off, the third", ecx, 0xA2A2A2A2
        check   "off, the fourth shows the third", edx, 0xA2A2A2A2
        check   "off, the ninth", esi, 0xA8A8A8A8
        check   "off, the tenth shows the ninth", edi, 0xA8A8A8A8
        check   "on, the second", [LOW + 0x100000], 0xA1A1A1A1
        check   "on, the fourth", [LOW + 0x300000], 0xA3A3A3A3
        check   "on, the tenth", [LOW + 0x900000], 0xA9A9A9A9
        call    fast_off
        mov     dword [LOW + 0x100000], 0xB1B1B1B1
        call    fast_on
        check   "a write while off goes to the first", [LOW], 0xB1B1B1B1
        check   "a write while off leaves the second", [LOW + 0x100000], 0xA1A1A1A1
        ; The end of the first megabyte runs into its start, or on.
        mov     ebx, [0x100000]
        mov     dword [0x100000], 0xC1C1C1C1
        mov     ecx, [0]
        call    fast_off
        mov     eax, [0x100000]
        call    fast_on
        check   "off, 100000h is 0", eax, ecx
        check   "on, 100000h", [0x100000], 0xC1C1C1C1
        mov     [0x100000], ebx
        ret

; MOV EAX, n / RET in both places: what runs follows the line.
%macro function 2
        mov     byte [%1], 0xB8
        mov     dword [(%1) + 1], %2
        mov     byte [(%1) + 5], 0xC3
%endmacro
test_code:
        function LOW, 0x10101010
        function HIGH, 0x20202020
        mov     esi, HIGH
        mov     ecx, 3
.again: call    esi
        mov     ebx, eax
        call    fast_off
        call    esi
        mov     edx, eax
        call    fast_on
        dec     ecx
        jnz     .again
        check   "code, on", ebx, 0x20202020
        check   "code, off", edx, 0x10101010
        call    fast_off
        mov     dword [HIGH + 1], 0x30303030    ; changes the code below
        mov     esi, LOW
        call    esi
        call    fast_on
        check   "code that is changed through the mask", eax, 0x30303030
        mov     esi, HIGH
        call    esi
        check   "code above is as it was", eax, 0x20202020
        ret

; Strings, stacks, read-modify-write, misaligned accesses over the megabyte's end.
test_accesses:
        mov     edi, HIGH
        mov     ecx, 8
        mov     eax, 0x77777777
        rep stosd
        mov     edi, LOW
        mov     ecx, 8
        xor     eax, eax
        rep stosd
        call    fast_off
        mov     edi, HIGH
        mov     ecx, 4
        mov     eax, 0x55555555
        rep stosd
        inc     dword [HIGH + 16]
        mov     ebx, esp
        mov     esp, HIGH + 24
        push    dword 0x66666666
        pop     eax
        push    eax
        mov     esp, ebx
        mov     esi, HIGH
        mov     edi, LOW + 0x1000
        mov     ecx, 6
        rep movsd
        call    fast_on
        check   "REP STOSD", [LOW + 12], 0x55555555
        check   "INC", [LOW + 16], 1
        check   "PUSH", [LOW + 20], 0x66666666
        check   "REP MOVSD", [LOW + 0x1000], 0x55555555
        check   "REP MOVSD, the last", [LOW + 0x1000 + 20], 0x66666666
        check   "nothing was written above", [HIGH + 20], 0x77777777
        ; From 1FFFFEh the two halves are at 0FFFFEh and 200000h.
        mov     dword [0x1FFFFC], 0xABCD1234
        mov     dword [0x200000], 0x56789ABC
        mov     ecx, [0x0FFFFC]
        call    fast_off
        mov     eax, [0x1FFFFE]
        call    fast_on
        mov     ebx, [0x1FFFFE]
        shr     ecx, 16
        or      ecx, 0x9ABC0000
        check   "off, over the end of a megabyte", eax, ecx
        check   "on, over the end of a megabyte", ebx, 0x9ABCABCD
        ret

; Paging: linear addresses are not masked, physical ones are.
test_paging:
        mov     dword [LOW], 0x10101010
        mov     dword [HIGH], 0x20202020
        call    paging_on
        map_to  0, HIGH | P | W | U
        map_to  1, LOW | P | W | U
        mov     eax, [LINEAR]
        call    fast_off
        mov     ebx, [LINEAR]
        mov     ecx, [LINEAR + 0x1000]
        mov     edx, [HIGH]             ; maps itself
        call    fast_on
        mov     esi, [LINEAR]
        check   "a page above, on", eax, 0x20202020
        check   "a page above, off: the TLB forgets it", ebx, 0x10101010
        check   "a page below, off", ecx, 0x10101010
        check   "a page that maps itself, off", edx, 0x10101010
        check   "a page above, on again", esi, 0x20202020
        ; The linear address 100000h to a frame below: nothing to mask.
        mov     dword [TABLE0 + 0x114 * 4], 0x15000 | P | W | U
        mov     dword [0x15000], 0x30303030
        call    flush
        call    fast_off
        mov     eax, [HIGH]
        call    fast_on
        check   "a linear address above, off", eax, 0x30303030
        call    paging_off
        ret

; A page directory and a table in the second megabyte are read through the mask as well.
test_tables:
        call    paging_on
        call    paging_off
        mov     esi, DIRECTORY
        mov     edi, DIRECTORY_HIGH
        mov     ecx, 1024
        rep movsd
        mov     esi, DIRECTORY
        mov     edi, DIRECTORY_HIGH - 0x100000
        mov     ecx, 1024
        rep movsd
        mov     dword [DIRECTORY_HIGH + 4], (DIRECTORY_HIGH + 0x1000) | P | W | U
        mov     dword [DIRECTORY_HIGH - 0x100000 + 4], (DIRECTORY_HIGH + 0x2000) | P | W | U
        mov     edi, DIRECTORY_HIGH - 0x100000 + 0x1000
        mov     ecx, 0x800
        xor     eax, eax
        rep stosd
        mov     edi, DIRECTORY_HIGH + 0x1000
        mov     ecx, 0x800
        rep stosd
        mov     dword [DIRECTORY_HIGH + 0x1000], 0x31000 | P | W | U
        mov     dword [DIRECTORY_HIGH - 0x100000 + 0x2000], 0x32000 | P | W | U
        mov     dword [0x31000], 0x31313131
        mov     dword [0x32000], 0x32323232
        mov     eax, DIRECTORY_HIGH
        mov     cr3, eax
        mov     eax, cr0
        or      eax, 0x80000000
        mov     cr0, eax
        jmp     short .on
.on:    mov     ebx, [LINEAR]
        call    fast_off
        mov     ecx, [LINEAR]
        mov     eax, cr3
        mov     cr3, eax
        mov     [LINEAR + 4], eax
        call    fast_on
        mov     edx, [LINEAR]
        call    paging_off
        check   "the directory above, on", ebx, 0x31313131
        check   "the directory above, off", ecx, 0x32323232
        check   "the directory above, on again", edx, 0x31313131
        check   "CR3 itself is not masked", eax, DIRECTORY_HIGH
        mov     eax, [DIRECTORY_HIGH - 0x100000 + 0x2000]
        and     eax, A | D
        check   "off, A and D go below", eax, A | D
        mov     eax, [DIRECTORY_HIGH + 0x2000]
        check   "off, nothing goes above", eax, 0
        ret

; Real mode: FFFF:0010 and up.
test_real_mode:
        mov     edi, RESULTS
        mov     ecx, 16
        or      eax, -1
        rep stosd
        in_real .real
%macro result 3
        check   {%1}, [RESULTS + (%2) * 4], %3
%endmacro
        result  "FFFF:4E10, off, is 0000:4E00", 0, 0xFFFF1111
        result  "FFFF:4E10, on, is not", 1, 0xFFFF2222
        result  "a write to FFFF:4E10, off", 2, 0xFFFF3333
        result  "code at FFFF:4E30, on", 3, 0xFFFF5555
        result  "code at FFFF:4E30, off", 4, 0xFFFF4444
        result  "code at FFFF:4E30, on again", 5, 0xFFFF5555
        result  "a stack at FFFF, off", 6, 0xFFFF7777
        ret
        bits    16
.off:   in      al, 0x92
        and     al, 0xFC
        out     0x92, al
        ret
.on:    in      al, 0x92
        and     al, 0xFC
        or      al, 2
        out     0x92, al
        ret
.real:  mov     ax, 0xFFFF
        mov     fs, ax
        call    .off
        mov     word [0x4E00], 0x1111
        mov     bx, [fs:0x4E10]
        mov     [RESULTS], bx
        call    .on
        mov     word [fs:0x4E10], 0x2222
        mov     word [0x4E00], 0x1111
        mov     bx, [fs:0x4E10]
        mov     [RESULTS + 4], bx
        call    .off
        mov     word [fs:0x4E10], 0x3333
        mov     bx, [0x4E00]
        mov     [RESULTS + 8], bx
        mov     byte [0x4E20], 0xB8
        mov     word [0x4E21], 0x4444
        mov     byte [0x4E23], 0xCB
        call    .on
        mov     byte [fs:0x4E30], 0xB8
        mov     word [fs:0x4E31], 0x5555
        mov     byte [fs:0x4E33], 0xCB
        call    0xFFFF:0x4E30
        mov     [RESULTS + 12], ax
        call    .off
        call    0xFFFF:0x4E30
        mov     [RESULTS + 16], ax
        call    .on
        call    0xFFFF:0x4E30
        mov     [RESULTS + 20], ax
        mov     word [0x4E40], 0
        call    .off
        mov     bx, sp
        mov     ax, 0xFFFF
        mov     ss, ax
        mov     sp, 0x4E52
        push    word 0x7777
        xor     ax, ax
        mov     ss, ax
        mov     sp, bx
        mov     bx, [0x4E40]
        mov     [RESULTS + 24], bx
        jmp     .on
        bits    32

; INT 15h, AH = 24h.
test_bios:
        mov     edi, RESULTS
        mov     ecx, 16
        or      eax, -1
        rep stosd
        in_real .real
        result  "INT 15h, 2400h", 0, 0
        result  "INT 15h, 2402h, off", 1, 0
        result  "INT 15h, 2400h, memory", 2, 0xFFFF1111
        result  "INT 15h, 2401h", 3, 0
        result  "INT 15h, 2402h, on", 4, 1
        result  "INT 15h, 2401h, memory", 5, 0xFFFF2222
        call    fast_on
        call    is_open
        check   "open at the end", eax, 1
        ret
        bits    16
.real:  mov     ax, 0xFFFF
        mov     fs, ax
        mov     ax, 0x2401
        int     0x15
        mov     word [fs:0x4E10], 0x2222
        mov     word [0x4E00], 0x1111
        mov     ax, 0x2400
        int     0x15
        cli
        mov     al, 0
        movzx   eax, ax
        mov     [RESULTS], eax
        mov     ax, 0x2402
        int     0x15
        cli
        movzx   eax, ax
        mov     [RESULTS + 4], eax
        mov     bx, [fs:0x4E10]
        mov     [RESULTS + 8], bx
        mov     ax, 0x2401
        int     0x15
        cli
        mov     al, 0
        movzx   eax, ax
        mov     [RESULTS + 12], eax
        mov     ax, 0x2402
        int     0x15
        cli
        movzx   eax, ax
        mov     [RESULTS + 16], eax
        mov     bx, [fs:0x4E10]
        mov     [RESULTS + 20], bx
        ret
        bits    32

rom_end
