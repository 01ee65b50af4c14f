; services.asm: a bootable floppy that checks the BIOS's services. Each check prints a line on port E9h; the end is
; "PASSED" or the number of failures, and port F4h ends the machine: 0 passed, 1 failed.
; Run: make -C BIOS check (QEMU: -device isa-debugcon -device isa-debug-exit,iobase=0xf4).
; What has to be typed: nothing; keys come from INT 16h/05h.

        %include "bios.inc"
        cpu     386                     ; 16-bit code of an 8086 but for E820h, which asks first
        bits    16
        org     7C00h
SECTORS         equ     16              ; behind the boot sector, in the first track

boot:
        cli
        xor     ax, ax
        mov     ss, ax
        mov     sp, 7C00h
        mov     ds, ax
        mov     es, ax
        sti
        cld
        mov     ax, 0200h | SECTORS
        mov     cx, 0002h
        mov     dh, 0
        mov     bx, second
        int     13h
        jnc     second
        mov     si, text_read_error
.print:
        lodsb
        out     0E9h, al
        test    al, al
        jnz     .print
        jmp     finish.failed
text_read_error: db     "read error", 10, 0
failures:       dw      0
        times   510-($-$$) db 0
        dw      0AA55h

second:
        jmp     tests

; check NAME, CONDITION: passed if the condition (e, c, nz, ...) holds now.
%macro check 2
        jmp     short %%test
%%name: db      %1, 0
%%test:
        j%2     %%good
        push    si
        mov     si, %%name
        call    failed
        pop     si
        jmp     short %%end
%%good: push    si
        mov     si, %%name
        call    passed
        pop     si
%%end:
%endmacro

passed:
        pusha
        call    print
        mov     si, .text
        jmp     failed.end
.text:  db      ": ok", 10, 0
failed:
        pusha
        inc     word [cs:failures]
        call    print
        mov     si, .text
.end:
        call    print
        popa
        ret
.text:  db      ": FAILED", 10, 0
print:
        cs      lodsb
        test    al, al
        jz      .done
        out     0E9h, al
        jmp     print
.done:
        ret

tests:
        call    test_tables
        call    test_sizes
        call    test_map
        call    test_move
        call    test_a20
        call    test_clock
        call    test_waits
        call    test_keys
        call    test_ports
        call    test_apm
        call    test_mouse
        call    test_pci
finish:
        cmp     word [failures], 0
        jne     .failed
        mov     si, .passed
        call    print
        mov     al, 0
        jmp     .exit
.failed:
        mov     si, .text
        call    print
        mov     al, 1
.exit:
        out     0F4h, al
        cli
        hlt
.passed: db     "PASSED", 10, 0
.text:  db      "FAILED", 10, 0

test_tables:
        mov     ah, 0C0h
        int     15h
        check   "15/C0 carry", nc
        test    ah, ah
        check   "15/C0 ah", z
        cmp     word [es:bx], 8
        check   "15/C0 length", e
        cmp     byte [es:bx+2], 0FCh
        check   "15/C0 model", e
        mov     ax, 0F000h
        mov     es, ax
        cmp     byte [es:0FFFEh], 0FCh
        check   "model byte", e
        cmp     byte [es:0FFF0h], 0EAh
        check   "reset vector", e
        mov     ah, 0C1h
        int     15h
        check   "15/C1 carry", nc
        cmp     byte [es:0], 1
        check   "EBDA size", e
        mov     ax, es
        shr     ax, 6
        mov     cx, ax
        int     12h
        cmp     ax, cx
        check   "EBDA follows base memory", e
        xor     ax, ax
        mov     es, ax
        mov     ah, 0FFh
        clc
        int     15h
        check   "15/FF carry", c
        cmp     ah, 86h
        check   "15/FF ah", e
        mov     ax, 4F1Eh
        stc
        int     15h
        check   "15/4F carry", c
        cmp     ax, 4F1Eh
        check   "15/4F ax", e
        ret

test_sizes:
        mov     ah, 88h
        int     15h
        check   "15/88 carry", nc
        mov     si, ax
        mov     ax, 0E801h
        int     15h
        check   "15/E801 carry", nc
        cmp     ax, cx
        check   "15/E801 ax cx", e
        cmp     bx, dx
        check   "15/E801 bx dx", e
        shl     bx, 6
        add     bx, ax
        cmp     bx, si
        check   "15/E801 is 15/88", e
        ret

; The map: base memory first, entries in order, the extended part as large as 15/88 says.
test_map:
        xor     ebx, ebx
        mov     [.extended], ebx
        mov     word [.count], 0
.next:
        mov     eax, 0E820h
        mov     edx, 534D4150h
        mov     ecx, 20
        mov     di, .entry
        int     15h
        jc      .end
        cmp     eax, 534D4150h
        jne     .bad
        cmp     ecx, 20
        jne     .bad
        inc     word [.count]
        cmp     dword [.entry], 100000h
        jne     .not_extended
        mov     eax, [.entry+8]
        mov     [.extended], eax
.not_extended:
        test    ebx, ebx
        jnz     .next
.end:
        cmp     word [.count], 4        ; five, but for a machine without extended memory
        check   "15/E820 entries", ae
        mov     ah, 88h
        int     15h
        movzx   eax, ax
        shl     eax, 10
        cmp     eax, [.extended]
        check   "15/E820 extended memory", e
        mov     eax, 0E820h
        xor     ebx, ebx
        xor     edx, edx
        mov     ecx, 20
        int     15h
        check   "15/E820 without SMAP", c
        ret
.bad:
        cmp     al, al
        check   "15/E820 answer", ne
        ret
.entry: times 20 db 0
.count: dw 0
.extended: dd 0
        %include "tests/services2.asm"
        %include "tests/mouse.asm"
        %include "tests/services4.asm"
        times   512 * (SECTORS + 1) - ($-$$) db 0
        times   1474560 - ($-$$) db 0F6h
