; loopalu - for the gate on host instructions: registers, flags and branches. One iteration = 64 rounds.
bits 32
global init32, main32, bench_name, xinfo
section .text
init32: ret
        align   256                     ; all of it on one page
main32: pushad
        mov     ebp, [esp+36]
        mov     eax, 12345h
        xor     edx, edx
outer:  mov     ecx, 64
inner:  lea     ebx, [eax+eax*4+17]
        mov     esi, ebx
        shr     esi, 5
        xor     eax, esi
        add     eax, ecx
        adc     edx, 3
        test    al, 6
        jz      .even
        rol     edx, 3
        sub     edx, eax
        jmp     .on
.even:  inc     edx
        and     ebx, 0FFFFh
        or      edx, ebx
.on:    cmp     dl, bl
        jb      .less
        movzx   edi, dl
        add     eax, edi
.less:  imul    esi, eax, 73
        cmp     esi, edx
        jg      .more
        not     edx
.more:  dec     ecx
        jnz     inner
        dec     ebp
        jnz     outer
        xor     eax, edx
        mov     [esp+28], eax
        popad
        ret
section .data
bench_name db "loopalu",0
        align 4
xinfo   dd 0
