; multiboot.asm: a Multiboot 1 kernel that prints all that it was told and checks the state that it was started in.
; As an ELF file with a BSS in a second part (multiboot.img), or with -DFLAT placed by the header's addresses (flat.img).
; Run: swift86 boot --headless --debug-console stdio --debug-exit --kernel multiboot.img --append "one two"
; With "reset" as its command line it resets the machine once and has to be started again.
; Expected last line: passed. Key: [Multiboot 3.2, 3.3].

BASE    equ     200000h
        org     BASE

BSS     equ     300000h
MARK    equ     500000h                 ; survives a reset
MAGIC   equ     1BADB002h
%ifdef FLAT
FLAGS   equ     00010003h
%else
FLAGS   equ     00000007h               ; aligned modules, memory, a video mode if there is one
%endif

image:
%ifndef FLAT
        db      7Fh, "ELF", 1, 1, 1
        times   9 db 0
        dw      2, 3
        dd      1, start, 52, 0, 0
        dw      52, 32, 2, 0, 0, 0
        dd      1, 0, BASE, BASE, end - image, end - image, 7, 4096
        dd      1, end - image - 4, BSS, BSS, 4, 5000, 6, 4
%else
        times   100 db 0CCh             ; what is before the load address is left out
%endif

load:
        align   4, db 0
header:
        dd      MAGIC, FLAGS, -(MAGIC + FLAGS) & 0FFFFFFFFh
%ifdef FLAT
        dd      header, load, end, BSS + 5000, start
%else
        dd      0, 0, 0, 0, 0
%endif
        dd      0, 800, 600, 32

%include "print.inc"

start:
        cmp     eax, 2BADB002h
        need    e, "the magic number"
        mov     ebp, ebx
        mov     esp, stack_end
        pushfd
        pop     eax
        test    eax, 00020200h
        need    z, "interrupts and virtual 8086 mode off"
        mov     eax, cr0
        and     eax, 80000001h
        cmp     eax, 1
        need    e, "protected mode without paging"
        mov     ebx, [100000h]          ; A20: other loaders have modules here
        mov     eax, 12345678h
        mov     [200000h], eax
        mov     dword [100000h], 0
        cmp     [200000h], eax
        mov     [100000h], ebx
        need    e, "A20"
        mov     edi, BSS
%ifndef FLAT
        cmp     dword [edi], 600DF00Dh
        need    e, "the second part"
        add     edi, 4
%endif
        mov     ecx, BSS + 5000
        sub     ecx, edi
        xor     eax, eax
        repe    scasb
        need    e, "a BSS of zeros"

        mov     eax, [ebp]
        show    "flags"
        mov     eax, [ebp+4]
        show    "lower"
        mov     eax, [ebp+8]
        show    "upper"
        say     "command line: "
        mov     esi, [ebp+16]
        call    print_string
        say     10, "loader: "
        mov     esi, [ebp+64]
        call    print_string
        say     10

        mov     edi, [ebp+24]
        mov     ebx, [ebp+20]
        mov     eax, ebx
        show    "modules"
.module:
        test    ebx, ebx
        jz      .modules_done
        test    dword [edi], 0FFFh
        need    z, "a module at a page"
        say     "module: "
        mov     esi, [edi+8]
        call    print_string
        say     " = "
        mov     esi, [edi]
.byte:
        cmp     esi, [edi+4]
        je      .module_done
        lodsb
        out     0E9h, al
        jmp     .byte
.module_done:
        say     10
        add     edi, 16
        dec     ebx
        jmp     .module
.modules_done:

        mov     edi, [ebp+48]
        mov     ebx, edi
        add     ebx, [ebp+44]
.range:
        cmp     edi, ebx
        jae     .map_done
        cmp     dword [edi], 20
        need    e, "20 bytes of a memory range"
        cmp     dword [edi+20], 1
        jne     .next
        mov     eax, [edi+4]
        show    "usable from"
        mov     eax, [edi+12]
        show    "       size"
.next:
        add     edi, [edi]
        add     edi, 4
        jmp     .range
.map_done:

        mov     esi, [ebp+16]           ; the last word of the command line
.word:
        lodsb
        cmp     al, ' '
        je      .second
        test    al, al
        jnz     .word
        jmp     .passed
.second:
        cmp     dword [esi], "rese"
        jne     .passed
        cmp     dword [MARK], "done"
        je      .again
        mov     dword [MARK], "done"
        say     "reset", 10
        mov     al, 0FEh
        out     64h, al
        hlt
.again:
        say     "started again", 10
.passed:
        say     "passed", 10
        quit    0

stack:  times   256 db 0
stack_end:
        dd      600DF00Dh
end:
