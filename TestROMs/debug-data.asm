; debug-data - breakpoints on data of each length at each alignment, by each kind of instruction, within REP strings, and on
; ports with CR4.DE.
;
; Run:    ./run-peer.sh bochs debug-data.img
; Ends:   debug-data: 118 passed, 0 failed
; After:  Intel SDM vol. 3B 17.2.4, 17.2.5 (kinds, lengths, masked address bits), 17.3.1.2 (traps), 3A 2.5 (CR4.DE).
; Peers:  Bochs proves all.

%define ROM_NAME "debug-data"
%include "rom.inc"
%include "level.inc"
%include "steps.inc"

DATA            equ     WORK + 0x100    ; what breakpoints watch

main:
        call    find_level
        stage   0x10
        call    test_lengths
        stage   0x11
        call    test_data
        stage   0x12
        call    test_strings
        stage   0x13
        jmp     test_ports

; Reads and writes of 1, 2 and 4 bytes from 4 bytes before a breakpoint to 4 behind it: which trap is compared with the rule.
; EBX = kind, ECX = the mask of the length, EDX = offset of the address in the breakpoint's register.
%macro each_access 4                    ; name, kind, length, offset
        mov     ebx, %2
        mov     ecx, (%3) - 1
        mov     edx, %4
        call    try_accesses
        check   {%1}, eax, 0
%endmacro

test_lengths:
        each_access "writes, 1 byte", ON_WRITE, 1, 0
        each_access "writes, 2 bytes", ON_WRITE, 2, 0
        each_access "writes, 4 bytes", ON_WRITE, 4, 0
        each_access "accesses, 1 byte", ON_ACCESS, 1, 0
        each_access "accesses, 2 bytes", ON_ACCESS, 2, 0
        each_access "accesses, 4 bytes", ON_ACCESS, 4, 0
        each_access "accesses, 1 byte, at 3", ON_ACCESS, 1, 3
        each_access "accesses, 2 bytes, bit 0 of the address is masked", ON_ACCESS, 2, 1
        each_access "accesses, 4 bytes, bits 0 and 1 are masked", ON_ACCESS, 4, 3
        ret

try_accesses:
        watch
        xor     ebp, ebp                ; the count of differences
        xor     esi, esi                ; the case: size, write, offset + 4
.case:  lea     eax, [DATA + edx]
        mov     dr1, eax
        lea     eax, [ebx + ecx * 4]
        shl     eax, 20
        or      eax, 0x408
        mov     dword [STEPS], 0
        mov     dr7, eax
        mov     edi, esi
        shr     edi, 3
        add     edi, DATA - 4           ; where
        mov     eax, esi
        and     eax, 7
        call    [.access + eax * 4]
        unwatch
        ; The rule: the bytes overlap, and it is a write if only writes count.
        mov     eax, esi
        and     eax, 3
        movzx   eax, byte [.sizes + eax]
        add     eax, edi                ; behind the access
        push    edx
        add     edx, DATA
        push    ecx
        not     ecx
        and     edx, ecx                ; the breakpoint's first byte
        not     ecx
        cmp     eax, edx
        jbe     .miss
        add     edx, ecx                ; its last
        cmp     edi, edx
        ja      .miss
        cmp     ebx, ON_WRITE
        jne     .hit
        test    esi, 4
        jz      .miss
.hit:   mov     eax, 1
        jmp     .compare
.miss:  xor     eax, eax
.compare:
        pop     ecx
        pop     edx
        cmp     [STEPS], eax
        je      .next
        inc     ebp
.next:  inc     esi
        mov     eax, esi
        and     eax, 3
        cmp     eax, 3
        jne     .size
        inc     esi
.size:  cmp     esi, 9 * 8
        jb      .case
        mov     eax, ebp
        ret
.sizes  db      1, 2, 4
.access dd      .r1, .r2, .r4, 0, .w1, .w2, .w4
.r1:    mov     al, [edi]
        ret
.r2:    mov     ax, [edi]
        ret
.r4:    mov     eax, [edi]
        ret
.w1:    mov     [edi], al
        ret
.w2:    mov     [edi], ax
        ret
.w4:    mov     [edi], eax
        ret

; One instruction with a breakpoint on DATA..DATA+3: how many traps, and where.
%macro hits 4+                          ; name, kind, how many, code
        watch
        breakpoint 2, %2, 4, DATA
        mov     ebx, DATA
        mov     esi, DATA
        mov     edi, DATA
        xor     eax, eax
        %4
%%end:  unwatch
        steps_are {%1}, %3
%if %3
        step_is {%1, ", EIP"}, 0, %%end
        step_bits {%1}, 0, 4
%endif
%endmacro

test_data:
        hits    "INC", ON_WRITE, 1, inc dword [ebx]
        hits    "CMP is no write", ON_WRITE, 0, cmp dword [ebx], 0
        hits    "CMP", ON_ACCESS, 1, cmp dword [ebx], 0
        hits    "TEST", ON_ACCESS, 1, test [ebx], eax
        hits    "XCHG", ON_WRITE, 1, xchg [ebx], eax
        hits    "LEA is no access", ON_ACCESS, 0, lea eax, [ebx]
        hits    "BT", ON_ACCESS, 1, bt dword [ebx], 3
        hits    "BTS", ON_WRITE, 1, bts dword [ebx], 3
        hits    "MUL", ON_ACCESS, 1, mul dword [ebx]
        hits    "MOVZX", ON_ACCESS, 1, movzx eax, byte [ebx + 3]
        hits    "SETC", ON_WRITE, 1, setc [ebx + 1]
        hits    "SHL by 0 reads", ON_ACCESS, 1, shl dword [ebx], 0
        hits    "STOSB", ON_WRITE, 1, stosb
        hits    "LODSB", ON_ACCESS, 1, lodsb
        hits    "SCASW", ON_ACCESS, 1, scasw
        hits    "XLAT", ON_ACCESS, 1, xlatb
        ; The stack: PUSH, CALL, PUSHA, POP, RET.
        mov     [scratch], esp
        mov     esp, DATA + 4
        hits    "PUSH", ON_WRITE, 1, push eax
        mov     esp, DATA + 8
        hits    "PUSHA", ON_WRITE, 1, pushad
        mov     esp, DATA + 4
        watch
        breakpoint 2, ON_WRITE, 4, DATA
        call    .called
.called:
        unwatch
        steps_are "CALL", 1
        step_is "CALL, EIP", 0, .called
        mov     esp, [scratch]
        ; In ring 3, where the trap has a stack of its own.
        watch
        breakpoint 2, ON_ACCESS, 4, DATA
        try_ring 3, .user
.user:  mov     dword [ss:DATA], .returned
        mov     esp, DATA
        ret
.returned:
        mov     esp, DATA
        pop     eax
.popped:
        leave_ring
        expect_left "POP and RET"
        unwatch
        steps_are "POP and RET", 3
        step_is "RET, EIP", 1, .returned
        step_is "POP, EIP", 2, .popped
        cmp     dword [level], 4
        jb      .no_486
        cpu     486
        hits    "XADD", ON_WRITE, 1, xadd [ebx], eax
        cpu     386
.no_486:
        ; One instruction that meets two.
        watch
        breakpoint 0, ON_ACCESS, 1, DATA
        breakpoint 1, ON_WRITE, 1, DATA + 0x10
        mov     esi, DATA
        mov     edi, DATA + 0x10
        movsb
.two:   unwatch
        steps_are "MOVSB meets two", 1
        step_bits "MOVSB meets two", 0, 3
        step_is "MOVSB meets two, EIP", 0, .two
        step_flags "data: the frame has RF clear", 0, 0x10000, 0
        ; With single step: one exception.
        watch
        breakpoint 1, ON_WRITE, 1, DATA
        pushfd
        or      dword [esp], 0x100
        popfd
        mov     [DATA], al
.both:  steps_end
        unwatch
        step_is "data and single step, EIP", 0, .both
        step_bits "data and single step", 0, DR6_BS | 2
        step_bits "single step behind it", 1, DR6_BS
        ret

test_strings:
        watch
        breakpoint 0, ON_WRITE, 1, DATA + 2
        mov     edi, DATA
        mov     ecx, 5
.a:     rep stosb
.b:     unwatch
        steps_are "REP STOSB", 1
        step_is "REP STOSB traps within it", 0, .a
        check   "REP STOSB goes on, ECX", ecx, 0
        check   "REP STOSB goes on, EDI", edi, DATA + 5
        watch
        breakpoint 0, ON_WRITE, 1, DATA + 4
        mov     edi, DATA
        mov     ecx, 5
.c:     rep stosb
.d:     unwatch
        steps_are "REP STOSB, the last element", 1
        step_is "REP STOSB, the last element traps behind it", 0, .d
        watch
        breakpoint 0, ON_ACCESS, 4, DATA
        mov     esi, DATA - 8
        mov     edi, DATA + 0x20
        mov     ecx, 6
        rep movsd
        unwatch
        steps_are "REP MOVSD", 1
        watch
        breakpoint 0, ON_ACCESS, 4, DATA
        mov     esi, DATA
        mov     edi, DATA + 0x20
        mov     ecx, 4
        rep movsb
        unwatch
        steps_are "REP MOVSB through four bytes", 4
        watch
        breakpoint 0, ON_ACCESS, 4, DATA
        xor     ecx, ecx
        mov     edi, DATA
        rep stosb
        unwatch
        steps_are "REP STOSB of nothing", 0
        ret

%macro on_port 4+                       ; name, how many, length, code; the breakpoint is on ports 80h on
        watch
        breakpoint 3, ON_PORT, %3, 0x80
        mov     edx, 0x80
        mov     edi, DATA
        mov     esi, DATA
        mov     ecx, 3
        %4
%%end:  unwatch
        steps_are {%1}, %2
%if %2 = 1
        step_is {%1, ", EIP"}, 0, %%end
        step_bits {%1}, 0, 8
%endif
%endmacro

; Ports, with CR4.DE.
test_ports:
        cmp     dword [level], 5
        jae     .yes
        ret
.yes:   cpu     586
        mov     eax, cr4
        or      al, 8
        mov     cr4, eax
        on_port "OUT 80h, AL", 1, 1, {out 0x80, al}
        on_port "IN AL, 80h", 1, 1, {in al, 0x80}
        on_port "IN AL, DX", 1, 1, {in al, dx}
        on_port "OUT 81h", 0, 1, {out 0x81, al}
        on_port "OUT 81h, a length of 2", 1, 2, {out 0x81, al}
        on_port "OUT 83h, a length of 4", 1, 4, {out 0x83, al}
        on_port "OUT 84h, a length of 4", 0, 4, {out 0x84, al}
        on_port "IN AX, 80h", 1, 1, {in ax, 0x80}
        on_port "IN EAX, 7Eh", 1, 1, {in eax, 0x7E}
        on_port "IN AX, 7Eh", 0, 1, {in ax, 0x7E}
        on_port "INSB", 1, 1, insb
        on_port "OUTSW", 1, 1, outsw
        on_port "REP OUTSB", 3, 1, rep outsb
        on_port "memory at 80h", 0, 4, {mov al, [0x80]}
        ; DR4 and DR5 are gone.
        try
        db      0x0F, 0x21, 0xE0        ; MOV EAX, DR4
        expect_fault "MOV from DR4 with DE", UD, 0
        try
        db      0x0F, 0x23, 0xE8        ; MOV DR5, EAX
        expect_fault "MOV to DR5 with DE", UD, 0
        mov     eax, cr4
        and     al, ~8
        mov     cr4, eax
        cpu     386
        ret

rom_end
