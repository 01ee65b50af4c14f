; loopmem - for the gate on host instructions: loads, stores and read-modify-write of 8, 16 and 32 bits. One iteration =
; 64 rounds over 16 KB.
bits 32
global init32, main32, bench_name, xinfo
DATA    equ 300000h
section .text
init32: ret
        align   256                     ; all of it on one page
main32: pushad
        mov     ebp, [esp+36]
        xor     edx, edx
        xor     esi, esi
outer:  mov     ecx, 64
inner:  add     esi, 1004h
        and     esi, 3FFCh
        mov     eax, [DATA+esi]
        add     eax, ecx
        mov     [DATA+esi], eax
        add     [DATA+esi+4], eax
        movzx   ebx, byte [DATA+esi+1]
        mov     [DATA+ebx*4], cl
        add     dx, [DATA+ebx*2]
        inc     byte [DATA+esi+2]
        cmp     byte [DATA+esi+3], 0
        je      .zero
        xor     edx, [DATA+ebx*8]
.zero:  push    edx
        mov     edi, [esp]
        mov     [DATA+esi+8], di
        pop     edx
        dec     ecx
        jnz     inner
        dec     ebp
        jnz     outer
        mov     [esp+28], edx
        popad
        ret
section .data
bench_name db "loopmem",0
        align 4
xinfo   dd 0
