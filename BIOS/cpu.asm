; cpu.asm: which class of processor this is, and whether a coprocessor answers.

; Answers CPU_8086 ... CPU_80386 in AL. Uses AX, CX, flags.
; [80286 PRM B-1]: an 8086 has bits 12-15 of FLAGS always set; [80386 PRM 14]: in real mode a 286 has them clear,
; and from the 386 on bits 12-14 can be set.
detect_cpu:
        pushf
        xor     ax, ax
        push    ax
        popf
        pushf
        pop     ax
        and     ah, 0F0h
        cmp     ah, 0F0h
        je      .before_286
        mov     ax, 7000h
        push    ax
        popf
        pushf
        pop     ax
        popf
        and     ah, 70h
        mov     al, CPU_80286
        jz      .done
        mov     al, CPU_80386
.done:
        ret
.before_286:
        popf
        ; An 8086 shifts by all of CL; from the 80186 on the count is taken modulo 32.
        mov     ax, 1
        mov     cl, 32
        shl     ax, cl
        or      ax, ax                  ; 186: AX is still 1
        mov     al, CPU_8086
        jz      .done
        mov     al, CPU_80186
        ret

; ZF clear if a coprocessor answers FNINIT and FNSTSW. Without one the word keeps what it held.
; DS = 0040h. Uses AX.
detect_coprocessor:
        push    word [BDA_KBD_BUF]      ; POST owns the keyboard buffer at this time
        mov     word [BDA_KBD_BUF], 5A5Ah
        fninit
        fnstsw  [BDA_KBD_BUF]
        mov     ax, [BDA_KBD_BUF]
        pop     word [BDA_KBD_BUF]
        cmp     al, 0
        je      .found
        cmp     al, al                  ; ZF set: none
        ret
.found:
        or      al, 1                   ; ZF clear
        ret
