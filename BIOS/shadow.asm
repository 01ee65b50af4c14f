; shadow.asm: RAM in the place of this ROM, so that POST can fill in tables there. [i440FX 3.2.13]
; 386 and later only; FS reaches all memory (pci_flat_fs).

        cpu     386

PAM0            equ     59h             ; bits 4 and 5: F0000h-FFFFFh reads and writes RAM
SHADOW_CODE     equ     7E00h           ; behind the boot sector, nothing is there yet

; Copies the ROM, from its place below 4 GB, into RAM at F0000h. The code that does it cannot stand there meanwhile.
; Uses EAX, CX, DX, ESI, EDI.
shadow_bios:
        push    ds
        push    es
        push    cs
        pop     ds
        xor     ax, ax
        mov     es, ax
        mov     si, .code
        mov     di, SHADOW_CODE
        mov     cx, .code_end - .code
        rep     movsb
        pop     es
        pop     ds
        call    0000h:SHADOW_CODE
        ret
.code:
        mov     eax, 80000000h | PAM0 & 0FCh
        mov     dx, PCI_INDEX
        out     dx, eax
        mov     dx, PCI_DATA + (PAM0 & 3)
        in      al, dx
        or      al, 30h
        out     dx, al
        mov     esi, 0FFFF0000h
        mov     edi, 0F0000h
        mov     cx, 4000h
.next:
        mov     eax, [fs:esi]
        mov     [fs:edi], eax
        add     esi, 4
        add     edi, 4
        loop    .next
        retf
.code_end:

; From now on it cannot be written. Uses EAX, BX, DX, DI.
shadow_lock:
        xor     bx, bx
        mov     di, PAM0 & 0FCh
        call    pci_read
        and     ax, ~(20h << 8) & 0FFFFh
        jmp     pci_write

; Makes the CX bytes at F000:SI sum up to zero by the byte at F000:DI. ES = F000h. Uses AX, CX, SI.
table_sum:
        mov     byte [es:di], 0
        xor     ah, ah
.next:
        es lodsb
        add     ah, al
        loop    .next
        neg     ah
        mov     [es:di], ah
        ret

        cpu     8086
