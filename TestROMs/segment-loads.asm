; segment-loads - every access byte with every RPL in every ring: DS, ES, FS, GS and SS by MOV, POP and LDS, then LAR, LSL,
; VERR, VERW, LLDT and LTR: the error code, the accessed and busy bits, what stays untouched. LDT selectors too.
;
; Run:    ./run-peer.sh bochs segment-loads.img
; Ends:   segment-loads: 86 passed, 0 failed
; After:  Intel SDM vol. 2 MOV, POP, LDS, LAR, LSL, VERR, LLDT, LTR; vol. 3A 5.5, 5.6, 5.7, 5.10, Table 3-1, 3-2.
; Peers:  Bochs proves all; QEMU looks at no limits: 2 lines fail there.

%define ROM_NAME "segment-loads"
%include "rom.inc"
%include "matrix.inc"

%macro every_ring 3                     ; name, action, rule
        matrix  {%1, ", ring 0"}, 0, %2, %3
        matrix  {%1, ", ring 1"}, 1, %2, %3
        matrix  {%1, ", ring 2"}, 2, %2, %3
        matrix  {%1, ", ring 3"}, 3, %2, %3
%endmacro

main:
        mov     dword [far_offset], 0
        mov     dword [want_accessed], 1
        stage   0x10
        every_ring "MOV DS", mov_ds, data_rule
        every_ring "MOV ES", mov_es, data_rule
        every_ring "MOV FS", mov_fs, data_rule
        every_ring "MOV GS", mov_gs, data_rule
        every_ring "POP ES", pop_es, data_rule
        every_ring "POP FS", pop_fs, data_rule
        every_ring "LDS", do_lds, data_rule
        every_ring "LGS", do_lgs, data_rule
        stage   0x11
        every_ring "MOV SS", mov_ss, stack_rule
        every_ring "POP SS", pop_ss, stack_rule
        every_ring "LSS", do_lss, stack_rule
        stage   0x12
        mov     dword [want_accessed], 0
        every_ring "LAR", do_lar, lar_rule
        every_ring "LSL", do_lsl, lsl_rule
        every_ring "VERR", do_verr, verr_rule
        every_ring "VERW", do_verw, verw_rule
        stage   0x13
        matrix  "LLDT, ring 0", 0, do_lldt, lldt_rule
        matrix  "LLDT, ring 3", 3, do_lldt, denied_rule
        matrix  "LTR, ring 0", 0, do_ltr, ltr_rule
        matrix  "LTR, ring 3", 3, do_ltr, denied_rule
        stage   0x14
        call    test_busy
        stage   0x15
        call    test_ldt
        stage   0x16
        jmp     test_kept

; The actions.
mov_ds: mov     eax, [selector]
        mov     ds, eax
        int     BACK
mov_es: mov     eax, [selector]
        mov     es, eax
        int     BACK
mov_fs: mov     eax, [selector]
        mov     fs, eax
        int     BACK
mov_gs: mov     eax, [selector]
        mov     gs, eax
        int     BACK
pop_es: push    dword [selector]
        pop     es
        int     BACK
pop_fs: push    dword [selector]
        pop     fs
        int     BACK
do_lds: lds     eax, [far_offset]
        int     BACK
do_lgs: lgs     eax, [far_offset]
        int     BACK
mov_ss: mov     eax, [selector]
        mov     ss, eax
        int     BACK
pop_ss: push    dword [selector]
        pop     ss
        int     BACK
do_lss: mov     [far_offset], esp
        lss     esp, [far_offset]
        int     BACK
; A clear ZF comes back as #BP.
do_lar: mov     eax, [selector]
        lar     eax, eax
        jmp     by_zf
do_lsl: mov     eax, [selector]
        lsl     eax, eax
        jmp     by_zf
do_verr:
        verr    [selector]
        jmp     by_zf
do_verw:
        verw    [selector]
by_zf:  jz      .yes
        ud2
.yes:   int     BACK
do_lldt:
        lldt    [selector]
        int     BACK
do_ltr: ltr     [selector]
        mov     byte [GDT + TSS_SEL + 5], TSS32
        mov     eax, TSS_SEL
        ltr     ax
        int     BACK

; Data, or code that can be read; conforming code for every ring.
data_rule:
        test    al, 0x10
        jz      want_gp
        and     al, 0x0A
        cmp     al, 0x08                ; code, execute-only
        je      want_gp
        mov     eax, esi
        and     al, 0x0C
        cmp     al, 0x0C                ; conforming
        je      .present
        call    rights
        cmp     ah, al
        jb      want_gp
.present:
        test    esi, PRESENT
        jz      want_np
        jmp     want_back

; Writable data with CPL = RPL = DPL.
stack_rule:
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

want_no:
        mov     eax, UD << 16
        ret

; ZF by a set of system types in EBP, and by the rights; present or not. Keeps what is not named.
%macro zf_rule 1
        test    al, 0x10
        jnz     .segment
        mov     ebp, %1
        push    ecx
        mov     ecx, esi
        and     ecx, 15
        bt      ebp, ecx
        pop     ecx
        jnc     want_no
        jmp     .rights
.segment:
        and     al, 0x0C
        cmp     al, 0x0C
        je      want_back
.rights:
        call    rights
        cmp     ah, al
        jb      want_no
        jmp     want_back
%endmacro
lar_rule:
        zf_rule 0x1A3E                  ; TSS, LDT, call gates, the task gate
lsl_rule:
        zf_rule 0x0A0E                  ; TSS, LDT

verr_rule:
        test    al, 0x10
        jz      want_no
        and     al, 0x0A
        cmp     al, 0x08
        je      want_no
        mov     eax, esi
        and     al, 0x0C
        cmp     al, 0x0C
        je      want_back
        call    rights
        cmp     ah, al
        jb      want_no
        jmp     want_back
verw_rule:
        and     al, 0x1A
        cmp     al, 0x12
        jne     want_no
        call    rights
        cmp     ah, al
        jb      want_no
        jmp     want_back

; An LDT or an available TSS, present. DPL and RPL do not matter.
lldt_rule:
        and     al, 0x1F
        cmp     al, 2
        jne     want_gp
        test    esi, PRESENT
        jz      want_np
        jmp     want_back
ltr_rule:
        and     al, 0x17                ; 1 and 9
        cmp     al, 1
        jne     want_gp
        test    esi, PRESENT
        jz      want_np
        jmp     want_back
denied_rule:
        jmp     want_gp0

; LTR makes the TSS busy and leaves the rest of the byte; LLDT and the questions leave everything.
test_busy:
        descriptor D_TEST, TSS, 103, TSS32 | DPL2, 0
        mov     eax, D_TEST | 1
        ltr     ax
        movzx   eax, byte [GDT + D_TEST + 5]
        check   "LTR, a TSS of 32 bits, busy", eax, TSS32_BUSY | DPL2
        str     ax
        movzx   eax, ax
        check   "LTR, RPL stays in TR", eax, D_TEST | 1
        descriptor D_TEST, TSS, 43, TSS16, 0
        mov     eax, D_TEST
        ltr     ax
        movzx   eax, byte [GDT + D_TEST + 5]
        check   "LTR, a TSS of 16 bits, busy", eax, TSS16_BUSY
        descriptor D_TEST, LDT, 0xFF, LDT_TYPE, 0
        mov     eax, D_TEST
        lldt    ax
        movzx   eax, byte [GDT + D_TEST + 5]
        check   "LLDT leaves the descriptor", eax, LDT_TYPE
        xor     eax, eax
        lldt    ax
        descriptor D_TEST, 0, 0xFFFFF, DATA_RW, PAGES | BIG
        mov     eax, D_TEST
        lar     ebx, eax
        lsl     ebx, eax
        verr    ax
        verw    ax
        movzx   eax, byte [GDT + D_TEST + 5]
        check   "LAR, LSL, VERR and VERW set no accessed bit", eax, DATA_RW
        descriptor TSS_SEL, TSS, 103, TSS32, 0
        mov     eax, TSS_SEL
        ltr     ax
        ret

; The LDT's own limit, and a null LDT.
test_ldt:
        descriptor D_TEST, LDT, 16 + 6, LDT_TYPE, 0     ; the third descriptor lacks its last byte
        mov     eax, D_TEST
        lldt    ax
        descriptor 0x04, 0, 0xFFFFF, DATA_RW, PAGES | BIG
        descriptor 0x0C, 0, 0xFFFFF, DATA_RW, PAGES | BIG
        descriptor 0x14, 0, 0xFFFFF, DATA_RW, PAGES | BIG
        try
        mov     eax, 0x04
        mov     es, eax
        mov     eax, 0x0C
        mov     fs, eax
        expect_none "entry 0 of the LDT is no null selector"
        try
        mov     eax, 0x14
        mov     fs, eax
        expect_fault "a descriptor that the LDT cuts off", GP, 0x14
        mov     eax, 0x14
        lar     ebx, eax
        setz    cl
        movzx   ecx, cl
        check   "LAR of a descriptor that the LDT cuts off", ecx, 0
        try
        mov     eax, 4
        mov     ss, eax
        push    ss
        pop     ebx
        mov     eax, KDATA
        mov     ss, eax
        expect_none "SS by the LDT"
        check   "SS by the LDT, the selector", ebx, 4
        xor     eax, eax
        lldt    ax
        try
        mov     eax, 4
        mov     fs, eax
        expect_fault "the LDT is gone", GP, 4
        mov     eax, 4
        verr    ax
        setz    cl
        check   "VERR without an LDT", ecx, 0
        ; A GDT that ends within a descriptor.
        sgdt    [scratch]
        mov     word [.gdtr], TSS_SEL + 6
        lgdt    [.gdtr]
        try
        mov     eax, TSS_SEL
        mov     fs, eax
        expect_fault "a descriptor that the GDT cuts off", GP, TSS_SEL
        mov     eax, TSS_SEL
        lsl     ebx, eax
        setz    cl
        check   "LSL of a descriptor that the GDT cuts off", ecx, 0
        lgdt    [rom_gdtr]
        ret
.gdtr   dw      0
        dd      GDT

; A load that fails keeps the register with its hidden part; the far pointer's offset is not taken either.
test_kept:
        descriptor D_TEST, WORK, 0xFFFF, DATA_RW, BIG
        mov     dword [WORK + 0x40], 0xCAFE0040
        mov     eax, D_TEST
        mov     fs, eax
        mov     gs, eax
        mov     ebx, 0x11111111
        mov     dword [far_offset], 0x22222222
        mov     dword [far_selector], BEYOND
        mov     dword [last_fault], NONE
        mov     dword [resume_esp], esp
        mov     dword [resume_eip], .kept
        lfs     ebx, [far_offset]
.kept:  mov     dword [resume_eip], 0
        mov     eax, [fs:0x40]
        mov     ecx, fs
        check   "LFS that fails", [last_fault], GP << 16 | BEYOND
        check   "LFS that fails keeps FS", ecx, D_TEST
        check   "LFS that fails keeps what FS hides", eax, 0xCAFE0040
        check   "LFS that fails keeps EBX", ebx, 0x11111111
        mov     eax, [gs:0x40]
        check   "GS keeps what it hides", eax, 0xCAFE0040
        mov     eax, KDATA
        mov     fs, eax
        mov     gs, eax
        ; The memory operand counts a word, and its own faults go first.
        descriptor D_TEST, WORK, 0xFFF, DATA_RW, BIG
        mov     eax, D_TEST
        mov     fs, eax
        mov     word [WORK + 0xFFE], KDATA
        try
        mov     es, [fs:0xFFE]
        expect_none "MOV ES of the last word of a segment"
        mov     eax, D_TEST
        mov     fs, eax
        try
        mov     es, [fs:0xFFF]
        expect_fault "MOV ES of a word over the limit", GP, 0
        mov     eax, D_TEST
        mov     fs, eax
        mov     dword [WORK + 0xFFC], BEYOND
        try
        les     eax, [fs:0xFFC]
        expect_fault "LES over the limit, whatever the selector", GP, 0
        ret

rom_end
