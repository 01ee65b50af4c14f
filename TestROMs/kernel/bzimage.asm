; bzimage.asm: an image as the Linux boot protocol has it, version 2.12: boot sector, set-up code in real mode, and a
; protected-mode part at 1 MB. It prints what the loader left in the header, the command line and the initial file system.
; Run: swift86 boot --headless --debug-console stdio --debug-exit --kernel bzimage.img --initrd FILE --append "a b"
; Expected last line: passed. Key: [Linux boot].

SETUP   equ     2                       ; sectors behind the boot sector
RAMDISK_MAX equ 0007FFFFFh              ; 8 MB

        org     0
        bits    16

        times   1F1h db 0
        db      SETUP
        dw      0
        dd      (kernel_end - kernel + 15) / 16
        dw      0, 0FFFFh, 0
        dw      0AA55h
        jmp     short setup
        db      "HdrS"
        dw      020Ch
        dd      0
        dw      0, 0
loader: db      0
flags:  db      01h
        dw      0
        dd      100000h
ramdisk:
        dd      0, 0
        dd      0
heap:   dw      0, 0
line:   dd      0
        dd      RAMDISK_MAX
        dd      1000h
        db      1, 12
        dw      0
        dd      255, 0
        dq      0
        dd      0, 0
        dq      0
        dq      100000h
        dd      100000h
        dd      0

; A string of the set-up code at DS:SI. CS is 20h higher.
type:
        lodsb
        test    al, al
        jz      .done
        out     0E9h, al
        mov     ah, 0Eh
        mov     bx, 7
        int     10h
        jmp     type
.done:
        ret

setup:
        mov     si, text
        call    type
        mov     ax, ds
        mov     dx, cs
        sub     dx, 20h
        cmp     ax, dx
        jne     .bad
        mov     dx, es
        cmp     ax, dx
        jne     .bad
        mov     dx, ss
        cmp     ax, dx
        jne     .bad
        cmp     sp, 8000h
        jb      .bad
        cmp     byte [loader], 0
        je      .bad
        cmp     byte [flags], 81h
        jne     .bad
        mov     ax, sp
        sub     ax, [heap]
        cmp     ax, 400h                ; a little stack above the heap
        ja      .bad
        cli
        xor     eax, eax
        mov     ax, ds
        shl     eax, 4
        mov     ebp, eax
        add     eax, table
        mov     [pointer+2], eax
        lgdt    [pointer]
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        jmp     dword 08h:100000h
.bad:
        mov     si, .wrong
        call    type
        mov     al, 1
        out     0F4h, al
.wrong: db      "FAILED: segments, stack or header", 10, 0

text:   db      "set-up code", 10, 0
        align   8, db 0
table:  dq      0, 00CF9B000000FFFFh, 00CF93000000FFFFh
pointer:
        dw      pointer - table - 1
        dd      0

        times   (SETUP + 1) * 512 - ($ - $$) db 0
kernel:
        section high vstart=100000h
        bits    32
        mov     eax, 10h
        mov     ds, eax
        mov     es, eax
        mov     ss, eax
        mov     esp, 90000h
        jmp     begin

%include "print.inc"

begin:
        cmp     dword [tail], 600DF00Dh
        need    e, "the end of the kernel"
        say     "command line: "
        mov     esi, [ebp+line]
        call    print_string
        say     10
        mov     eax, [ebp+ramdisk]
        mov     ebx, [ebp+ramdisk+4]
        test    ebx, ebx
        jz      .none
        lea     ecx, [eax+ebx-1]
        cmp     ecx, RAMDISK_MAX
        need    be, "a file system as low as the header says"
        test    eax, 0FFFh
        need    z, "a file system at a page"
.none:
        mov     esi, eax
        mov     eax, ebx
        show    "file system"
.byte:
        test    ebx, ebx
        jz      .done
        lodsb
        out     0E9h, al
        dec     ebx
        jmp     .byte
.done:
        say     "passed", 10
        quit    0
        times   40000 db 0              ; more than one segment
tail:   dd      600DF00Dh
kernel_size equ $ - $$
        section .text
kernel_end equ kernel + kernel_size
