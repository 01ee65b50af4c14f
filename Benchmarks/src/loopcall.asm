; loopcall - for the gate on host instructions: calls and returns, direct, through a table, recursive with a frame. One
; iteration = the 11th Fibonacci number the slow way, with a call through a table at each leaf.
bits 32
global init32, main32, bench_name, xinfo
section .text
init32: ret
        align   256                     ; all of it on one page
main32: pushad
        mov     ebp, [esp+36]
        xor     edi, edi
outer:  push    dword 11
        call    fib
        add     esp, 4
        rol     edi, 1
        add     edi, eax
        dec     ebp
        jnz     outer
        mov     [esp+28], edi
        popad
        ret
fib:    push    ebp
        mov     ebp, esp
        push    ebx
        mov     eax, [ebp+8]
        cmp     eax, 2
        jb      .leaf
        dec     eax
        push    eax
        call    fib
        mov     ebx, eax
        mov     eax, [ebp+8]
        sub     eax, 2
        push    eax
        call    fib
        add     esp, 8
        add     eax, ebx
        pop     ebx
        pop     ebp
        ret
.leaf:  call    [leaves+eax*4]
        pop     ebx
        pop     ebp
        ret
zero:   xor     eax, eax
        inc     edi
        ret
one:    mov     eax, 1
        xor     edi, 55h
        ret
section .data
bench_name db "loopcall",0
        align 4
leaves  dd zero, one
xinfo   dd 0
