; pcibios.asm: the PCI BIOS, in real mode (INT 1Ah/B1h) and, by the BIOS32 service directory, in 32-bit protected mode; and
; the table of the interrupt lines. Keys: [PCI BIOS 2.1], [BIOS32] Standard BIOS 32-bit Service Directory, [PIR] PCI IRQ
; Routing Table Specification.
;
; The services are one text that is assembled twice. They use no data, so that CS alone need lead to them.

PCI_SIGNATURE   equ     20494350h       ; "PCI "
PCI_SERVICE     equ     49435024h       ; "$PCI"
PCI_UNSUPPORTED equ     81h
PCI_BAD_VENDOR  equ     83h
PCI_NOT_FOUND   equ     86h
PCI_BAD_REG     equ     87h
PCI_SMALL       equ     89h

int1a_pci:
        push    ds
        push    ax
        mov     ax, BDA_SEG
        mov     ds, ax
        cmp     byte [BDA_CPU], CPU_80386
        pop     ax
        pop     ds
        push    bp
        mov     bp, sp
        jb      .absent
        call    pci16_service
        jc      .failed
        and     word [bp+6], ~FLAG_CARRY
        pop     bp
        iret
.absent:
        mov     ah, PCI_UNSUPPORTED
.failed:
        or      word [bp+6], FLAG_CARRY
        pop     bp
        iret

        cpu     386

%macro pci_services 1
        bits    %1

; Function AL. Carry set where it fails; AH says why.
pci%1_service:
        call    pci%1_answers
        jne     .unsupported
        cmp     al, 01h
        je      .present
        cmp     al, 02h
        je      .find_device
        cmp     al, 03h
        je      .find_class
        cmp     al, 08h
        jb      .unsupported
        cmp     al, 0Dh
        jbe     .access
%if %1 = 16
        cmp     al, 0Eh
        je      pci_routing
%endif
.unsupported:
        mov     ah, PCI_UNSUPPORTED
        stc
        ret

; B101h: the signature, version 2.1, mechanism 1, and bus 0 alone.
.present:
        mov     edx, PCI_SIGNATURE
        mov     bx, 0210h
        mov     cl, 0
        mov     ax, 0001h
        clc
        ret

; B102h: the device CX of the vendor DX, and of several the one with the number SI.
.find_device:
        cmp     dx, 0FFFFh
        je      .bad_vendor
        push    ecx
        push    edi
        xor     edi, edi
        shl     ecx, 16
        mov     cx, dx
        jmp     .search
; B103h: the same for the class ECX.
.find_class:
        push    ecx
        push    edi
        mov     edi, 08h
.search:
        push    edx
        push    esi
        push    ebx
        push    eax
        xor     bx, bx
.next:
        call    pci%1_select
        in      eax, dx
        cmp     eax, 0FFFFFFFFh
        je      .other
        test    di, di
        jz      .compare
        shr     eax, 8
.compare:
        cmp     eax, ecx
        jne     .other
        test    si, si
        jz      .found
        dec     si
.other:
        inc     bl
        jnz     .next
        pop     eax
        pop     ebx
        mov     ah, PCI_NOT_FOUND
        stc
        jmp     .end_search
.found:
        pop     eax
        pop     edx                     ; all of EBX but what is found
        xchg    ebx, edx
        mov     bx, dx
        mov     ah, 0
        clc
.end_search:
        pop     esi
        pop     edx
        pop     edi
        pop     ecx
        ret
.bad_vendor:
        mov     ah, PCI_BAD_VENDOR
        stc
        ret

; B108h-B10Dh: a byte, word or dword of register DI of function BX into CL, CX or ECX, or out of it.
.access:
        push    edx
        test    di, 0FF00h
        jnz     .bad_register
        call    pci%1_select
        push    eax
        cmp     al, 08h
        je      .read_byte
        cmp     al, 0Bh
        je      .write_byte
        test    di, 0001h
        jnz     .unaligned
        cmp     al, 09h
        je      .read_word
        cmp     al, 0Ch
        je      .write_word
        test    di, 0002h
        jnz     .unaligned
        cmp     al, 0Ah
        jne     .write_dword
        in      eax, dx
        mov     ecx, eax
        jmp     .good
.write_dword:
        mov     eax, ecx
        out     dx, eax
        jmp     .good
.read_byte:
        in      al, dx
        mov     cl, al
        jmp     .good
.write_byte:
        mov     al, cl
        out     dx, al
        jmp     .good
.read_word:
        in      ax, dx
        mov     cx, ax
        jmp     .good
.write_word:
        mov     ax, cx
        out     dx, ax
.good:
        pop     eax
        pop     edx
        mov     ah, 0
        clc
        ret
.unaligned:
        pop     eax
.bad_register:
        pop     edx
        mov     ah, PCI_BAD_REG
        stc
        ret

; Selects register DI of function BX; DX = the port that it is seen at.
pci%1_select:
        push    eax
        movzx   eax, bx
        shl     eax, 8
        or      eax, 80000000h
        mov     dx, di
        mov     al, dl
        and     al, 0FCh
        mov     dx, PCI_INDEX
        out     dx, eax
        mov     dx, di
        and     dx, 3
        add     dx, PCI_DATA
        pop     eax
        ret

; ZF set where configuration mechanism 1 answers.
pci%1_answers:
        push    eax
        push    edx
        mov     dx, PCI_INDEX
        in      eax, dx
        push    eax
        mov     eax, 80000000h
        out     dx, eax
        in      eax, dx
        cmp     eax, 80000000h
        pop     eax
        out     dx, eax
        pop     edx
        pop     eax
        ret
%endmacro

        pci_services 16
        pci_services 32

; The far call of 32-bit code. It leaves the direction flag as it was; nothing here uses it.
pci32_entry:
        call    pci32_service
        retf

; BIOS32: which service EAX is where: EBX base, ECX length, EDX entry.
bios32_entry:
        test    bl, bl
        jnz     .no_function
        cmp     eax, PCI_SERVICE
        jne     .none
        call    pci32_answers
        jne     .none
        mov     ebx, 0F0000h
        mov     ecx, 10000h
        mov     edx, pci32_entry
        mov     al, 0
        retf
.none:
        mov     al, 80h
        retf
.no_function:
        mov     al, 81h
        retf
        bits    16

; B10Eh: the slots of the routing table into the buffer that ES:DI describes: its length, a far pointer to it.
pci_routing:
        cmp     word [es:di], pir_end - pir_slots
        mov     word [es:di], pir_end - pir_slots
        jb      .small
        push    cx
        push    si
        push    di
        push    ds
        push    es
        les     di, [es:di+2]
        push    cs
        pop     ds
        mov     si, pir_slots
        mov     cx, (pir_end - pir_slots) / 2
        cld
        rep     movsw
        pop     es
        pop     ds
        pop     di
        pop     si
        pop     cx
        mov     bx, PIR_EXCLUSIVE
        mov     ah, 0
        clc
        ret
.small:
        mov     ah, PCI_SMALL
        stc
        ret

; Makes a byte sum up to 0 with what stands before it: SUM collects while bytes are placed.
%macro summed_bytes 1-*
        %rep %0
        db      %1
        %assign SUM SUM + (%1)
        %rotate 1
        %endrep
%endmacro

        align   16, db 0
BIOS32_AT       equ     bios32_entry - $$
        db      "_32_"
        dd      0F0000h + BIOS32_AT
        db      0, 1                    ; revision, paragraphs
        db      (100h - (('_' + '3' + '2' + '_' + (BIOS32_AT & 0FFh) + (BIOS32_AT >> 8) + 0Fh + 1) & 0FFh)) & 0FFh
        times   5 db 0

; Device 1 is the PIIX with the router. Pin P of device D leads to line (D + P - 2) mod 4, register 60h on of the router.
PIR_EXCLUSIVE   equ     0C00h           ; IRQ10 and 11, as pci_set_up_piix has it
PIR_DEVICES     equ     8
%assign SUM 0
        align   16, db 0
        summed_bytes '$', 'P', 'I', 'R', 00h, 01h
        summed_bytes (32 + 16 * PIR_DEVICES) & 0FFh, (32 + 16 * PIR_DEVICES) >> 8
        summed_bytes 0, 1 << 3          ; the router: bus, device and function
        summed_bytes PIR_EXCLUSIVE & 0FFh, PIR_EXCLUSIVE >> 8
        summed_bytes 86h, 80h, 2Eh, 12h ; compatible with the PIIX
        summed_bytes 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
; The sum of the slots: device numbers, the four links and bitmaps of each, slot numbers.
%assign DEVICE 1
%rep PIR_DEVICES
%assign SUM SUM + DEVICE * 8 + 4 * 60h + 0 + 1 + 2 + 3 + 4 * (0F8h + 0DEh) + DEVICE - 1
%assign DEVICE DEVICE + 1
%endrep
        db      (100h - (SUM & 0FFh)) & 0FFh
pir_slots:
%assign DEVICE 1
%rep PIR_DEVICES
        db      0, DEVICE << 3
%assign PIN 1
%rep 4
        db      60h + ((DEVICE + PIN + 2) & 3)
        dw      0DEF8h                  ; every input that is not the board's own
%assign PIN PIN + 1
%endrep
        db      DEVICE - 1, 0           ; slot number, 0 for what is soldered
%assign DEVICE DEVICE + 1
%endrep
pir_end:
        cpu     8086
