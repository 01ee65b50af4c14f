; fpu-exceptions - how the coprocessor meets the CPU: #NM by EM, TS and MP, #MF with CR0.NE, IRQ 13 and port F0h without it,
; which instructions wait, pointers and opcode in the four layouts of FNSTENV and FNSAVE, faults of memory operands.
;
; Run:    ./run-peer.sh bochs fpu-exceptions.img
; Ends:   fpu-exceptions: 125 passed, 0 failed
; After:  Intel SDM vol. 1 8.1.8-8.1.10 (pointers, layouts), 8.6, 8.7 (#MF, FERR#), vol. 3A 2.5 (EM, MP, TS, NE), 6.15.
; Peers:  Bochs proves all; QEMU's TCG raises #MF late, keeps no opcode and knows no FERR#.

%define ROM_NAME "fpu-exceptions"
%include "rom.inc"
%include "level.inc"
%include "v86.inc"
%include "pages.inc"
%include "real.inc"

MF              equ     16
DATA            equ     WORK + 0x100
ENV             equ     WORK + 0x200    ; what FNSTENV and FNSAVE write
ZERO            equ     DATA
ONE             equ     DATA + 4
NE              equ     0x20
MASKED          equ     0x37F
UNMASKED        equ     0x37B           ; but for division by zero

%macro cr0_bits 2                       ; of EM, MP, TS and NE these are cleared, these set
        mov     eax, cr0
        and     eax, ~(%1)
        or      eax, %2
        mov     cr0, eax
%endmacro
; Leaves #Z waiting: 1.0 / 0.
%macro divide_by_zero 0
        fninit
        mov     word [DATA + 8], UNMASKED
        fldcw   [DATA + 8]
        fld1
        fdiv    dword [ZERO]
%endmacro

main:
        call    find_level
        mov     eax, cr0
        mov     [scratch4], eax
        mov     dword [ZERO], 0
        mov     dword [ONE], 0x3F800000
        stage   0x10
        call    test_nm
        stage   0x11
        call    test_mf
        stage   0x12
        call    test_layouts
        stage   0x13
        call    test_save
        stage   0x14
        call    test_memory
        stage   0x15
        call    test_irq13
        mov     eax, [scratch4]
        mov     cr0, eax
        fninit
        ret

; ESC with EM or TS, WAIT with MP and TS.
%macro both 4                           ; name, bits, ESC faults, WAIT faults
        cr0_bits 0xE, %2
        try
        fnop
%if %3
        expect_fault {%1, ", ESC"}, NM, 0
%else
        expect_none {%1, ", ESC"}
%endif
        try
        db      0x9B
%if %4
        expect_fault {%1, ", WAIT"}, NM, 0
%else
        expect_none {%1, ", WAIT"}
%endif
        cr0_bits 0xE, 0
%endmacro
test_nm:
        cr0_bits 0xE, 0
        fninit
        both    "neither", 0, 0, 0
        both    "MP", 2, 0, 0
        both    "EM", 4, 1, 0
        both    "EM and MP", 6, 1, 0
        both    "TS", 8, 1, 0
        both    "TS and MP", 0xA, 1, 1
        both    "TS and EM", 0xC, 1, 0
        both    "TS, EM and MP", 0xE, 1, 1
        cr0_bits 0xE, 8
        try
        fninit
        expect_fault "TS, FNINIT", NM, 0
        try
        fnstsw  ax
        expect_fault "TS, FNSTSW", NM, 0
        try_ring 3, .user
.user:  fld1
        expect_fault "TS, ring 3", NM, 0
        v86     IOPL3, fnop
        expect_fault "TS, virtual-8086 mode", NM, 0
        cr0_bits 0xE, 2
        ret

; What waits, with CR0.NE.
%macro waits 2+                         ; name, code
        divide_by_zero
        try
%%it:   %2
        expect_fault {%1}, MF, 0
        check   {%1, ", EIP"}, [fault_eip], %%it
        fnclex
%endmacro
%macro waits_not 2+
        divide_by_zero
        try
        %2
        expect_none {%1}
        fnclex
%endmacro
test_mf:
        cmp     dword [level], 4
        jae     .yes
        ret
.yes:   cr0_bits 0, NE
        waits   "FNOP", fnop
        waits   "FLD1", fld1
        waits   "WAIT", db 0x9B
        waits   "FADD of memory", fadd dword [ONE]
        waits   "FLDCW", fldcw [DATA + 8]
        waits   "FLDENV", fldenv [ENV]
        waits   "FRSTOR", frstor [ENV]
        waits   "FFREE", ffree st7
        waits   "FXCH", fxch
        waits_not "FNINIT", fninit
        waits_not "FNCLEX", fnclex
        waits_not "FNSTSW AX", fnstsw ax
        waits_not "FNSTSW", fnstsw [ENV]
        waits_not "FNSTCW", fnstcw [ENV]
        waits_not "FNSTENV", fnstenv [ENV]
        waits_not "FNSAVE", fnsave [ENV]
        divide_by_zero
        fnstsw  ax
        movzx   eax, ax
        check   "the status word: ES, B, Z and TOP", eax, 0xB884
        ; The fault comes before the operand's own, and before nothing else than #NM and #UD.
        xor     eax, eax
        try
        mov     fs, eax
        fadd    dword [fs:0]
        expect_fault "#MF goes before the operand", MF, 0
        cr0_bits 0, 8
        try
        fnop
        expect_fault "#NM goes before #MF", NM, 0
        clts
        try_ring 3, .user
.user:  fnop
        expect_fault "#MF in ring 3", MF, 0
        ; Masking it takes ES away, unmasking brings it.
        mov     word [ENV], MASKED
        fnclex
        fldcw   [ENV]
        fninit
        fld1
        fdiv    dword [ZERO]
        fnstsw  ax
        and     eax, 0x8084
        check   "masked: Z without ES", eax, 0x0004
        mov     word [ENV], UNMASKED
        fldcw   [ENV]
        fnstsw  ax
        and     eax, 0x8084
        check   "FLDCW that unmasks sets ES", eax, 0x8084
        try
        fnop
        expect_fault "and the next one faults", MF, 0
        fnclex
        fnstsw  ax
        and     eax, 0x80FF
        check   "FNCLEX clears all", eax, 0
        ; A handler that clears it and goes on.
        vector  MF, KCODE, .handler, INT32
        mov     dword [scratch], 0
        divide_by_zero
        fnop
        fnop
        check   "a handler, one fault", [scratch], 1
        call    build_vectors
        fninit
        ret
.handler:
        inc     dword [scratch]
        fnclex
        iretd

; The last instruction: FADD DWORD [ONE] at .it, D8 05.
test_layouts:
        fninit
        fld1
.it:    fadd    dword [ONE]
        fnstcw  [ENV + 0x40]            ; which is not noted
        fnstenv [ENV]
        word_is "32 bits, control word", ENV, MASKED
        word_is "32 bits, status word", ENV + 4, 0x3800
        word_is "32 bits, tag word", ENV + 8, 0x3FFF
        check   "32 bits, instruction's offset", [ENV + 12], .it
        word_is "32 bits, instruction's selector", ENV + 16, KCODE
        masked  "32 bits, opcode", ENV + 16, 0x07FF0000, 0x00050000
        check   "32 bits, operand's offset", [ENV + 20], ONE
        word_is "32 bits, operand's selector", ENV + 24, KDATA
        o16 fnstenv [ENV]
        word_is "16 bits, control word", ENV, MASKED
        word_is "16 bits, status word", ENV + 2, 0x3800
        word_is "16 bits, tag word", ENV + 4, 0x3FFF
        word_is "16 bits, instruction's offset", ENV + 6, .it
        word_is "16 bits, instruction's selector", ENV + 8, KCODE
        word_is "16 bits, operand's offset", ENV + 10, ONE & 0xFFFF
        word_is "16 bits, operand's selector", ENV + 12, KDATA
        ; FNSTENV masks all; FLDENV brings it back.
        divide_by_zero
        fnstenv [ENV]
        fnstcw  [ENV + 0x40]
        word_is "FNSTENV keeps the control word", ENV, UNMASKED
        word_is "FNSTENV masks all", ENV + 0x40, MASKED
        fninit
        fldenv  [ENV]
        fnstcw  [ENV + 0x40]
        fnstsw  [ENV + 0x44]
        fnclex
        word_is "FLDENV, the control word", ENV + 0x40, UNMASKED
        word_is "FLDENV, the status word", ENV + 0x44, 0xB884
        ; Real mode: linear addresses, 16 and 32 bits.
        fninit
        in_real .real
        word_is "real mode, 16 bits, instruction", ENV + 6, .real_it
        word_is "real mode, 16 bits, opcode", ENV + 8, 0x0006
        word_is "real mode, 16 bits, operand", ENV + 10, (ONE & 0xFFFF)
        word_is "real mode, 16 bits, operand's bits 16-19", ENV + 12, (ONE >> 16) << 12
        word_is "real mode, 32 bits, instruction's bits 0-15", ENV + 0x40 + 12, .real_it
        masked  "real mode, 32 bits, opcode", ENV + 0x40 + 16, 0x07FF, 0x0006
        word_is "real mode, 32 bits, operand's bits 0-15", ENV + 0x40 + 20, (ONE & 0xFFFF)
        masked  "real mode, 32 bits, operand's bits 16-31", ENV + 0x40 + 24, 0x0FFFF000, (ONE >> 16) << 12
        v86     IOPL3, call .v86
        expect_end "virtual-8086 mode"
        word_is "virtual-8086 mode, instruction", ENV + 6, .v86_it
        word_is "virtual-8086 mode, opcode", ENV + 8, 0x0006
        word_is "virtual-8086 mode, operand's bits 16-19", ENV + 12, (ONE >> 16) << 12
        ret
        bits    16
.real:  mov     ax, WORK >> 4
        mov     es, ax
        fld1
.real_it:
        fadd    dword [es:ONE - WORK]   ; a prefix and D8 06
        o16 fnstenv [es:ENV - WORK]
        o32 fnstenv [es:ENV - WORK + 0x40]
        ret
.v86:   fld1
.v86_it:
        fadd    dword [es:ONE - WORK]
        o16 fnstenv [es:ENV - WORK]
        ret
        bits    32

; FNSAVE and FRSTOR.
test_save:
        fninit
        fldpi
        fld1
        mov     dword [ENV + 108], 0x5A5A5A5A
        fnsave  [ENV]
        check   "FNSAVE writes 108 bytes", [ENV + 108], 0x5A5A5A5A
        word_is "FNSAVE, status word", ENV + 4, 0x3000
        word_is "FNSAVE, tag word", ENV + 8, 0x0FFF
        check   "FNSAVE, ST(0)", [ENV + 28 + 4], 0x80000000
        word_is "FNSAVE, ST(0), exponent", ENV + 28 + 8, 0x3FFF
        check   "FNSAVE, ST(1)", [ENV + 38], 0x2168C235
        fnstenv [ENV + 0x100]
        word_is "FNSAVE leaves it initialized, control word", ENV + 0x100, MASKED
        word_is "FNSAVE leaves it initialized, status word", ENV + 0x104, 0
        word_is "FNSAVE leaves it initialized, tag word", ENV + 0x108, 0xFFFF
        frstor  [ENV]
        fstp    dword [ENV + 0x200]
        fstp    qword [ENV + 0x208]
        check   "FRSTOR, ST(0)", [ENV + 0x200], 0x3F800000
        check   "FRSTOR, ST(1)", [ENV + 0x20C], 0x400921FB
        fninit
        fldpi
        mov     dword [ENV + 94], 0x5A5A5A5A
        o16 fnsave [ENV]
        check   "16-bit FNSAVE writes 94 bytes", [ENV + 94], 0x5A5A5A5A
        check   "16-bit FNSAVE, ST(0)", [ENV + 14], 0x2168C235
        o16 frstor [ENV]
        fstp    dword [ENV + 0x200]
        check   "16-bit FRSTOR, ST(0)", [ENV + 0x200], 0x40490FDB
        ; Tags of what is zero, special, empty.
        fninit
        fldz
        fld1
        fld     dword [.infinity]
        fnstenv [ENV]
        word_is "tags: zero, valid, special", ENV + 8, 0x4BFF
        ret
.infinity dd    0x7F800000

; Operands that fault leave everything as it was.
%macro kept 4+                          ; name, vector, code, code of one instruction
        fninit
        fld1
        fnstsw  [DATA + 0x20]
        try
        %4
        expect_fault {%1}, %2, %3
        fnstsw  ax
        movzx   eax, ax
        movzx   ebx, word [DATA + 0x20]
        check   {%1, ", the status word"}, eax, ebx
%endmacro
test_memory:
        call    paging_on
        kept    "FLD from a missing page", PF, 0, fld dword [LINEAR]
        kept    "FLD of 80 bits from a missing page", PF, 0, fld tword [LINEAR]
        kept    "FSTP to a missing page", PF, 2, fstp qword [LINEAR]
        kept    "FISTP to a missing page", PF, 2, fistp qword [LINEAR]
        kept    "FBSTP to a missing page", PF, 2, fbstp [LINEAR]
        kept    "FDIV by memory in a missing page", PF, 0, fdiv dword [LINEAR]
        kept    "FNSTSW to a missing page", PF, 2, fnstsw [LINEAR]
        map     1, P | W | U
        kept    "FLD over the end of a page", PF, 0, fld qword [LINEAR + 0x1FFC]
        kept    "FSTP over the end of a page", PF, 2, fstp tword [LINEAR + 0x1FF8]
        kept    "FNSAVE over the end of a page", PF, 2, fnsave [LINEAR + 0x1FF0]
        call    paging_off
        fninit
        ret

; Without NE the board answers FERR# with IRQ 13; a write to port F0h lets the handler's instructions through.
test_irq13:
        cmp     dword [level], 4
        jb      .old
        cr0_bits NE, 0
.old:   mov     al, 0
        out     0xF0, al                ; what came before has latched the line on an AT
        mov     al, 0x11
        out     0x20, al
        out     0xA0, al
        mov     al, 0x20
        out     0x21, al
        mov     al, 0x28
        out     0xA1, al
        mov     al, 0x04
        out     0x21, al
        mov     al, 0x02
        out     0xA1, al
        mov     al, 0x01
        out     0x21, al
        out     0xA1, al
        mov     al, 0xFB                ; only the slave, and of it only IRQ 13
        out     0x21, al
        mov     al, 0xDF
        out     0xA1, al
        vector  0x2D, KCODE, .handler, INT32
        mov     dword [scratch], 0
        mov     dword [scratch2], 0
        sti
        divide_by_zero
.next:  fld1                            ; this waits for the interrupt
        cli
        check   "IRQ 13 comes, once", [scratch], 1
        fnstsw  ax
        and     eax, 0x3884
        check   "and the instruction that waited is done", eax, 0x3000
        mov     eax, [scratch2]
        and     eax, 0x84
        check   "the handler sees the exception", eax, 0x84
        ; FNSTSW and the like do not wait.
        mov     dword [scratch], 0
        cli
        divide_by_zero
        fnstsw  ax
        and     eax, 0x84
        check   "FNSTSW without NE does not wait", eax, 0x84
        fnclex
        mov     al, 0
        out     0xF0, al
        mov     al, 0x0B                ; ISR: nothing is left in service
        out     0xA0, al
        in      al, 0xA0
        movzx   eax, al
        check   "the slave has nothing in service", eax, 0
        mov     al, 0xFF
        out     0x21, al
        out     0xA1, al
        fninit
        jmp     build_vectors
.handler:
        push    eax
        inc     dword [scratch]
        mov     al, 0
        out     0xF0, al
        fnstsw  ax
        mov     [scratch2], ax
        fnclex
        mov     al, 0x20
        out     0xA0, al
        out     0x20, al
        pop     eax
        iretd

rom_end
