; kernel.asm: the option ROM that starts a kernel which was named on the command line. It stands at D0000h in machines that
; have one, and is the expansion ROM of a PCI function for a BIOS that looks there. It takes INT 19h over, and asks port 8910h for the kernel (Sources/PCCore/Kernel/KernelLoader.swift says how).
; Keys: [PCI Firmware 5.1], [PC/AT TR, BIOS listing, "ROM scan"], [ACPI INT 15 E820H], [Linux boot],
; [Multiboot 3.2].
;
; Nothing of a kernel is loaded below 10000h: the stack stays good.

        org     0
        cpu     386
        bits    16

LOADER          equ     8910h
MAP             equ     8000h
ENTRY           equ     20              ; bytes of an entry of the memory map
MOST            equ     128             ; entries
SMAP            equ     534D4150h
MULTIBOOT       equ     2BADB002h

        db      55h, 0AAh, 1            ; one block of 512 bytes
        jmp     near initialise
        db      "Swift86 kernel", 0
        times   18h - ($ - $$) db 0
        dw      pcir, 0                 ; no Plug and Play header
        align   4, db 0
pcir:   db      "PCIR"
        dw      1234h, 8910h, 0, 18h
        db      0, 0, 0, 0FFh           ; revision, class
        dw      1, 0                    ; blocks
        db      0, 80h                  ; for the PC's processor; the last image
        dw      0

; Called at the scan for ROMs.
initialise:
        push    ds
        push    ax
        xor     ax, ax
        mov     ds, ax
        mov     word [19h*4], start
        mov     [19h*4+2], cs
        pop     ax
        pop     ds
        retf

; INT 19h.
start:
        cli
        cld
        xor     ax, ax
        mov     ss, ax
        mov     sp, 7C00h
        mov     ds, ax
        mov     es, ax
        sti
        mov     ax, 2401h               ; A20 on, for loaders of old and Multiboot
        int     15h
        in      al, 92h
        or      al, 02h
        and     al, 0FEh                ; no reset
        out     92h, al

        mov     di, MAP
        xor     ebx, ebx
.next:
        mov     eax, 0E820h
        mov     edx, SMAP
        mov     ecx, ENTRY
        int     15h
        jc      .end
        cmp     eax, SMAP
        jne     .end
        cmp     ecx, ENTRY
        jb      .end
        add     di, ENTRY
        cmp     di, MAP + MOST * ENTRY
        jae     .end
        test    ebx, ebx
        jnz     .next
.end:
        cld
        sub     di, MAP
        int     12h
        shl     eax, 16
        mov     ax, di
        mov     dx, LOADER
        out     dx, eax
        in      eax, dx
        cmp     al, 1
        je      linux
        cmp     al, 2
        je      multiboot
        mov     si, text
.character:
        cs lodsb
        test    al, al
        jz      .fail
        mov     bx, 7
        mov     ah, 0Eh
        int     10h
        jmp     .character
.fail:
        int     18h
        jmp     .fail

text:   db      "The kernel does not fit into memory.", 13, 10, 0

; The set-up code, 20h paragraphs behind the boot sector, with all segments but CS at that.
linux:
        in      eax, dx
        cli
        mov     ds, ax
        mov     es, ax
        mov     fs, ax
        mov     gs, ax
        mov     ss, ax
        mov     bx, ax
        shr     eax, 16
        mov     sp, ax
        add     bx, 20h
        push    bx
        push    word 0
        xor     eax, eax
        xor     ebx, ebx
        retf

; Flat segments, no paging, no interrupts. EBX = the information.
multiboot:
        in      eax, dx
        mov     ebx, eax
        in      eax, dx
        mov     ecx, eax
        cli
        xor     eax, eax
        mov     ax, cs
        shl     eax, 4
        lea     edx, [eax+gdt]
        push    edx
        push    word gdt.end - gdt - 1
        mov     bp, sp
        lgdt    [bp]
        lea     edx, [eax+.flat]
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        push    dword 08h
        push    edx
        o32 retf
        bits    32
.flat:
        mov     eax, 10h
        mov     ds, eax
        mov     es, eax
        mov     fs, eax
        mov     gs, eax
        mov     ss, eax
        mov     esp, 7C00h
        mov     eax, MULTIBOOT
        jmp     ecx

        align   8, db 0
gdt:    dq      0
        dq      00CF9B000000FFFFh       ; 08h code
        dq      00CF93000000FFFFh       ; 10h data
.end:

        times 511 - ($ - $$) db 0
        db      0                       ; what makes all bytes add up to 0: sum.py
