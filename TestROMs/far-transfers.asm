; far-transfers - every access byte with every RPL in every ring: far JMP, CALL, RETF and IRET, gates to such code, gates of
; such a type in the IDT, stacks of such a type for inner and outer rings; then operand sizes, and what is checked first.
;
; Run:    ./run-peer.sh bochs far-transfers.img
; Ends:   far-transfers: 71 passed, 0 failed
; After:  Intel SDM vol. 2 JMP, CALL, RET, IRET, INT n; vol. 3A 5.8, 6.12, 6.13.
; Peers:  Bochs proves all; QEMU: see README.md.

%define ROM_NAME "far-transfers"
%include "rom.inc"
%include "matrix.inc"

G_CALL          equ     FREE + 0x08
D_SMALL         equ     FREE + 0x10

%macro every_ring 3                     ; name, action, rule
        matrix  {%1, ", ring 0"}, 0, %2, %3
        matrix  {%1, ", ring 1"}, 1, %2, %3
        matrix  {%1, ", ring 2"}, 2, %2, %3
        matrix  {%1, ", ring 3"}, 3, %2, %3
%endmacro

main:
        mov     dword [far_offset], landing
        mov     dword [want_accessed], 0
        stage   0x10
        every_ring "JMP", do_jmp, direct_rule
        every_ring "CALL", do_call, direct_rule
        stage   0x11
        every_ring "RETF", do_retf, return_rule
        every_ring "IRET", do_iret, return_rule
        stage   0x12
        gate    G_CALL, D_TEST | 3, landing, CALL32 | DPL3, 0   ; the RPL in a gate means nothing
        every_ring "CALL by a gate", do_call_gate, gate_rule
        every_ring "JMP by a gate", do_jmp_gate, jmp_gate_rule
        stage   0x13
        vector  0x31, D_TEST, landing, INT32 | DPL3
        every_ring "INT by a gate", do_int, gate_rule
        vector  UD, D_TEST, landing, INT32
        every_ring "#UD by a gate", do_ud, event_rule
        stage   0x14
        every_ring "INT by each type of gate", do_each_gate, each_gate_rule
        every_ring "#UD by each type of gate", do_each_event, each_event_rule
        call    build_vectors
        stage   0x15
        gate    G_CALL, CODE_R1, landing, CALL32 | DPL3, 0
        vector  0x31, CODE_R1, landing, INT32 | DPL3
        vector  UD, CODE_R1, landing, INT32
        matrix  "CALL by a gate, SS1", 3, do_call_gate_stack, inner_stack_rule
        matrix  "INT by a gate, SS1", 3, do_int_stack, inner_stack_rule
        matrix  "#UD by a gate, SS1", 3, do_ud_stack, inner_event_rule
        call    build_vectors
        mov     dword [TSS + 16], DATA_R1
        stage   0x16
        matrix  "RETF to ring 3, SS", 0, do_retf_stack, outer_stack_rule
        matrix  "RETF to ring 2 from ring 1, SS", 1, do_retf_stack2, outer_stack2_rule
        stage   0x17
        call    test_sizes
        stage   0x18
        jmp     test_order

landing:
        int     BACK

; The actions.
do_jmp: jmp     far [far_offset]
do_call:
        call    far [far_offset]
do_retf:
        mov     eax, [selector]
        and     eax, 3
        push    dword [enter_ring.data + eax * 4]
        push    dword USER_STACK
        push    dword [selector]
        push    dword landing
        retf
do_iret:
        mov     eax, [selector]
        and     eax, 3
        push    dword [enter_ring.data + eax * 4]
        push    dword USER_STACK
        pushfd
        push    dword [selector]
        push    dword landing
        iretd
do_call_gate:
        call    G_CALL:0
do_jmp_gate:
        jmp     G_CALL:0
do_int: int     0x31
do_ud:  db      0x0F, 0x0B
do_each_gate:
        call    put_gate
        int     0x31
do_each_event:
        call    put_event
        db      0x0F, 0x0B
do_call_gate_stack:
        mov     eax, [selector]
        mov     [TSS + 16], eax
        call    G_CALL:0
do_int_stack:
        mov     eax, [selector]
        mov     [TSS + 16], eax
        int     0x31
do_ud_stack:
        mov     eax, [selector]
        mov     [TSS + 16], eax
        db      0x0F, 0x0B
do_retf_stack:
        push    dword [selector]
        push    dword USER_STACK
        push    dword UCODE
        push    dword landing
        retf
do_retf_stack2:
        push    dword [selector]
        push    dword RING2_STACK
        push    dword CODE_R2
        push    dword landing
        retf
put_gate:
        mov     edi, IDT + 0x31 * 8
        jmp     put
put_event:
        mov     edi, IDT + UD * 8
; A gate to the null selector, of the type of the case.
put:    mov     dword [edi], landing - $$ + 0x7C00
        mov     ah, [GDT + D_TEST + 5]
        mov     al, 0
        movzx   eax, ax
        mov     [edi + 4], eax
        ret

; ESI = access byte, CL = RPL, DL = CPL, EBX = selector.
direct_rule:
        test    al, 0x10
        jz      .system
        test    al, 0x08
        jz      want_gp                 ; data
        call    rights
        test    esi, 0x04
        jnz     .conforming
        cmp     cl, dl
        ja      want_gp
        cmp     ah, dl
        jne     want_gp
        jmp     .present
.conforming:
        cmp     ah, dl
        ja      want_gp
.present:
        test    esi, PRESENT
        jz      want_np
        mov     eax, ebx
        or      al, dl
        mov     [want_cs], eax
        jmp     want_back
.system:
        and     al, 0x0F
        mov     ebp, 0x1232             ; available TSS, call gates, the task gate
        movzx   eax, al
        bt      ebp, eax
        jnc     want_gp
        mov     ebp, eax
        call    rights
        cmp     ah, al
        jb      want_gp
        test    esi, PRESENT
        jz      want_np
        and     ebp, 7
        cmp     ebp, 1
        je      want_ts                 ; the limit of the TSS
        jmp     want_gp0                ; the gate leads to the null selector

return_rule:
        and     al, 0x18
        cmp     al, 0x18
        jne     want_gp                 ; a system descriptor, or data
        cmp     cl, dl
        jb      want_gp
        call    rights
        test    esi, 0x04
        jnz     .conforming
        cmp     ah, cl
        jne     want_gp
.conforming:
        cmp     ah, cl
        ja      want_gp
        test    esi, PRESENT
        jz      want_np
        mov     eax, ebx
        or      al, cl
        mov     [want_cs], eax
        jmp     want_back

; A CALL or interrupt by a gate whose DPL is 3.
gate_rule:
        and     al, 0x18
        cmp     al, 0x18
        jne     want_gp
        call    rights
        cmp     ah, dl
        ja      want_gp
        test    esi, PRESENT
        jz      want_np
        test    esi, 0x04
        jz      .inner
        mov     ah, dl
.inner: movzx   eax, ah
        or      eax, ebx
        mov     [want_cs], eax
        jmp     want_back
jmp_gate_rule:
        and     al, 0x18
        cmp     al, 0x18
        jne     want_gp
        call    rights
        cmp     ah, dl
        ja      want_gp
        je      .present
        test    esi, 0x04
        jz      want_gp
.present:
        test    esi, PRESENT
        jz      want_np
        mov     eax, ebx
        or      al, dl
        mov     [want_cs], eax
        jmp     want_back
event_rule:
        or      ebx, 1                  ; EXT
        call    gate_rule
        and     dword [want_cs], ~1     ; which is not in the selector of what came through
        cmp     eax, BACK << 16
        jne     .end
        and     ebx, ~1
        mov     eax, esi
        call    gate_rule
.end:   ret

; A gate of that type in the IDT: task, interrupt and trap gates are some. INT looks at the DPL.
each_gate_rule:
        mov     ebx, 0x31 * 8 + 2
        call    .type
        jc      want_gp
        call    rights
        cmp     ah, dl
        jb      want_gp
        test    esi, PRESENT
        jz      want_np
        jmp     want_gp0
.type:  test    esi, 0x10
        jnz     .none
        and     eax, 0x0F
        mov     ebp, 0xC0E0
        bt      ebp, eax
        cmc
        ret
.none:  stc
        ret
each_event_rule:
        mov     ebx, UD * 8 + 3
        call    each_gate_rule.type
        jc      want_gp
        test    esi, PRESENT
        jz      want_np
        mov     ebx, 1
        jmp     want_gp

; Writable data with RPL = DPL = 1.
inner_stack_rule:
        and     al, 0x1A
        cmp     al, 0x12
        jne     want_ts
        cmp     cl, 1
        jne     want_ts
        call    rights
        cmp     ah, 1
        jne     want_ts
        test    esi, PRESENT
        jz      want_ss
        jmp     want_back
inner_event_rule:
        or      ebx, 1
        jmp     inner_stack_rule
; The same for ring 3 and 2, with #GP.
outer_stack_rule:
        mov     dl, 3
        jmp     outer_rule
outer_stack2_rule:
        mov     dl, 2
outer_rule:
        and     al, 0x1A
        cmp     al, 0x12
        jne     want_gp
        cmp     cl, dl
        jne     want_gp
        call    rights
        cmp     ah, dl
        jne     want_gp
        test    esi, PRESENT
        jz      want_ss
        jmp     want_back

; 16-bit operands: the offset has 16 bits, and what is pushed are words.
test_sizes:
        mov     dword [scratch], KCODE << 16 | (.w1 - $$ + 0x7C00)
        mov     dword [scratch2], KCODE << 16 | (.w2 - $$ + 0x7C00)
        mov     dword [scratch3], .w3
        mov     dword [scratch4], KCODE
        mov     ebx, esp
        jmp     far word [scratch]
        ud2
.w1:    call    far word [scratch2]
.after: ud2
.w2:    sub     ebx, esp
        check   "CALL far of memory, 16 bits, pushes two words", ebx, 4
        check   "CALL far of memory, 16 bits, IP and CS", [esp], KCODE << 16 | (.after - $$ + 0x7C00)
        mov     word [esp], .w4 - $$ + 0x7C00
        mov     ebx, esp
        o16 retf
        ud2
.w4:    sub     ebx, esp
        check   "RETF, 16 bits, takes two words", ebx, -4
        mov     ebx, esp
        call    far [scratch3]
        ud2
.w3:    sub     ebx, esp
        check   "CALL far of memory, 32 bits, pushes two dwords", ebx, 8
        add     esp, 8
        push    dword 0x1234            ; what RETF n takes
        push    dword 0x5678
        push    word KCODE
        push    word .w5
        mov     ebx, esp
        o16 retf 6
        ud2
.w5:    sub     ebx, esp
        check   "RETF n, 16 bits", ebx, -10
        pop     ax
        pushfw
        push    word KCODE
        push    word .w6
        mov     ebx, esp
        o16 iret
        ud2
.w6:    sub     ebx, esp
        check   "IRET, 16 bits, takes three words", ebx, -6
        ; The upper half of the selector's dword means nothing.
        mov     ebx, esp
        push    dword 0xABCD0000 | KCODE
        push    dword .w7
        retf
        ud2
.w7:    sub     ebx, esp
        check   "RETF ignores what stands above CS", ebx, 0
        pushfd
        push    dword 0xABCD0000 | KCODE
        push    dword .w8
        iretd
        ud2
.w8:    check   "IRET ignores what stands above CS", 0, 0
        ; JMP far o16 in 32-bit code with an immediate: five bytes.
        db      0x66, 0xEA
        dw      .w9, KCODE
        ud2
.w9:    db      0x66, 0x9A
        dw      .w10, KCODE
        ud2
.w10:   add     esp, 4
        check   "JMP and CALL by immediates of 16 bits", 0, 0
        ; LDS and the like take their order from memory: offset, then selector.
        mov     dword [scratch], 0x11112222
        mov     dword [scratch + 4], UDATA
        mov     eax, 0x33334444
        o16 les ax, [scratch + 2]
        mov     ecx, es
        mov     edx, KDATA
        mov     es, edx
        check   "LES, 16 bits", eax, 0x33331111
        check   "LES, 16 bits, the selector", ecx, UDATA
        ret

; Which of two errors comes.
%macro small_stack 2                    ; ESP of a stack of 0-FFFh in ring 3, code
        try_ring 3, %%here
%%here: mov     eax, D_SMALL | 3
        mov     ss, eax
        mov     esp, %1
        %2
%endmacro
test_order:
        descriptor D_SMALL, USER_STACK - 0x1000, 0xFFF, DATA_RW | DPL3, BIG
        descriptor D_TEST, 0, 0x0FFF, CODE_XR | DPL3, BIG
        small_stack 6, call D_TEST:landing
        expect_fault "CALL far: the stack goes before the limit of CS", SSF, 0
        small_stack 6, call BEYOND:landing
        expect_fault "CALL far: the selector goes before the stack", GP, BEYOND
        descriptor D_TEST, 0, 0xFFFFF, (CODE_XR | DPL3) & ~PRESENT, PAGES | BIG
        small_stack 6, call D_TEST:landing
        expect_fault "CALL far: not present goes before the stack", NP, D_TEST
        gate    G_CALL, UCODE, landing, CALL32 | DPL3, 0
        small_stack 6, call G_CALL:0
        expect_fault "CALL by a gate to the same ring, without room", SSF, 0
        small_stack 0xFFC, retf
        expect_fault "RETF: the stack goes first", SSF, 0
        small_stack 0xFFC, iretd
        expect_fault "IRET: the stack goes first", SSF, 0
        descriptor D_TEST, 0, 0x0FFF, (CODE_XR | DPL3) & ~PRESENT, BIG
        try_ring 3, .np
.np:    jmp     D_TEST | 3:landing
        expect_fault "JMP: not present goes before the limit", NP, D_TEST
        try_ring 3, .rpl
.rpl:   push    dword D_TEST            ; RPL 0
        push    dword landing
        retf
        expect_fault "RETF: RPL under CPL goes before not present", GP, D_TEST
        gate    G_CALL, D_TEST, landing, CALL32 & ~PRESENT, 0
        try_ring 3, .gate
.gate:  call    G_CALL:0
        expect_fault "CALL by a gate: its DPL goes before its P", GP, G_CALL
        ; RETF to an outer ring: CS is looked at before SS.
        try
        push    dword 0
        push    dword USER_STACK
        push    dword D_TEST | 3
        push    dword landing
        retf
        expect_fault "RETF to ring 3: CS not present goes before SS null", NP, D_TEST
        descriptor D_TEST, 0, 0x0FFF, CODE_XR | DPL3, BIG
        try
        push    dword 0
        push    dword USER_STACK
        push    dword D_TEST | 3
        push    dword landing
        retf
        expect_fault "RETF to ring 3: SS null goes before the limit of CS", GP, 0
        check   "RETF to ring 3: nothing was popped", [fault_esp_at_entry], BOOT_STACK - 4 - 16 - 12
        ; The accessed bits of a transfer that comes through.
        descriptor D_TEST, 0, 0xFFFFF, CODE_XR | DPL3, PAGES | BIG
        descriptor D_SMALL, 0, 0xFFFFF, DATA_RW | DPL3, PAGES | BIG
        try
        push    dword D_SMALL | 3
        push    dword USER_STACK
        push    dword D_TEST | 3
        push    dword landing
        retf
        expect_left "RETF to ring 3"
        movzx   eax, byte [GDT + D_TEST + 5]
        check   "RETF sets accessed in CS", eax, (CODE_XR | DPL3) + 1
        movzx   eax, byte [GDT + D_SMALL + 5]
        check   "RETF sets accessed in SS", eax, (DATA_RW | DPL3) + 1
        ret

rom_end
