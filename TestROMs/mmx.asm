; mmx - the MMX registers on top of the coprocessor's: tags, TOP and exponents, EMMS, #UD by EM, #NM by TS, #MF of an exception
; that waits, faults of memory operands, FNSAVE and FRSTOR. Needs MMX; prints nothing on a CPU without.
;
; Run:    ./run-peer.sh bochs mmx.img
; Ends:   mmx: 63 passed, 0 failed
; After:  Intel SDM vol. 1 9.5, 9.6 (EMMS, mixing), vol. 3A ch. 12 (12.1-12.6: MMX system programming).
; Peers:  Bochs proves all; QEMU's TCG keeps TOP and exponents as they are and knows no #MF here.

%define ROM_NAME "mmx"
%include "rom.inc"
%include "level.inc"
%include "v86.inc"
%include "pages.inc"

MF              equ     16
DATA            equ     WORK + 0x100
ENV             equ     WORK + 0x200
NE              equ     0x20

%macro cr0_bits 2                       ; these are cleared, these set
        mov     eax, cr0
        and     eax, ~(%1)
        or      eax, %2
        mov     cr0, eax
%endmacro

main:
        call    find_level
        cmp     dword [level], 5
        jb      .no
        mov     eax, 1
        cpu     586
        cpuid
        cpu     686
        test    edx, 0x800000
        jnz     .yes
.no:    ret
.yes:   mov     eax, cr0
        mov     [scratch4], eax
        cr0_bits 0xE, NE
        stage   0x10
        call    test_state
        stage   0x11
        call    test_aliases
        stage   0x12
        call    test_faults
        stage   0x13
        call    test_memory
        mov     eax, [scratch4]
        mov     cr0, eax
        fninit
        ret

; What an instruction leaves in the tag word and TOP. FLD1 three times puts TOP to 5.
%macro leaves 4+                        ; name, tag word, TOP, code
        fninit
        fld1
        fld1
        fld1
        %4
        fnstenv [ENV]
        word_is {%1, ", the tag word"}, ENV + 8, %2
        masked  {%1, ", TOP"}, ENV + 4, 0x3800, (%3) << 11
%endmacro
test_state:
        leaves  "no MMX instruction", 0x03FF, 5, nop
        leaves  "EMMS", 0xFFFF, 0, emms
        mov     dword [DATA], 0x11223344
        mov     dword [DATA + 4], 0x55667788
        ; FNSTENV works the tags out by what is in the registers: all FFFFh in the exponent is special (2).
        fninit
        movd    mm0, [DATA]
        fnsave  [ENV]
        masked  "MOVD, TOP", ENV + 4, 0x3800, 0
        movzx   eax, word [ENV + 8]
        mov     ecx, 8
        xor     ebx, ebx
.tags:  mov     edx, eax
        and     edx, 3
        cmp     edx, 3                  ; empty
        jne     .used
        inc     ebx
.used:  shr     eax, 2
        loop    .tags
        check   "MOVD, no tag is empty", ebx, 0
        check   "MOVD, R0", [ENV + 28], 0x11223344
        check   "MOVD, R0, its upper half", [ENV + 32], 0
        word_is "MOVD, R0, its exponent", ENV + 36, 0xFFFF
        ; A read of MMX registers does so too, but writes no exponent.
        fninit
        fld1
        movd    ebp, mm7                ; R7 is ST(0)
        fnsave  [ENV]
        masked  "MOVD from MM7, TOP", ENV + 4, 0x3800, 0
        word_is "MOVD from MM7 leaves the exponent", ENV + 28 + 70 + 8, 0x3FFF
        check   "MOVD from MM7, the low half", ebp, 0
        check   "MOVD from MM7, the register stays", [ENV + 28 + 70 + 4], 0x80000000
        ret

; MM0-MM7 are R0-R7, whatever TOP is.
test_aliases:
        fninit
        fld1
        fldpi                           ; R6
        movq    [DATA + 0x10], mm6
        check   "MM6 is R6, the low half", [DATA + 0x10], 0x2168C235
        check   "MM6 is R6, the upper half", [DATA + 0x14], 0xC90FDAA2
        movq    mm0, [DATA]
        emms
        fninit
        movq    mm0, [DATA]
        movq    mm1, mm0
        paddb   mm1, mm0
        movd    mm2, [DATA + 4]
        punpckldq mm2, mm0
        fnsave  [ENV]
        check   "MOVQ, the low half", [ENV + 28], 0x11223344
        check   "MOVQ, the upper half", [ENV + 32], 0x55667788
        check   "PADDB", [ENV + 38], 0x22446688
        check   "PADDB, the upper half", [ENV + 42], 0xAACCEE10
        check   "PUNPCKLDQ", [ENV + 52], 0x11223344
        word_is "PUNPCKLDQ, the exponent", ENV + 56, 0xFFFF
        ; FRSTOR brings them back.
        frstor  [ENV]
        movq    [DATA + 0x10], mm1
        emms
        check   "FRSTOR", [DATA + 0x10], 0x22446688
        ; A read by the coprocessor: a value with exponent FFFFh is no number.
        fninit
        movq    mm0, [DATA]
        fxam
        fnstsw  ax
        emms
        fninit
        and     eax, 0x4500
        check   "FXAM of an MMX value with bit 63 clear: unsupported", eax, 0
        ret

%macro faults 4+
        try
%%it:   %4
        expect_fault {%1}, %2, %3
        check   {%1, ", EIP"}, [fault_eip], %%it
%endmacro
test_faults:
        fninit
        cr0_bits 0xE, 4                 ; EM
        faults  "EM", UD, 0, movd mm0, eax
        faults  "EM, EMMS", UD, 0, emms
        faults  "EM, memory that is missing", UD, 0, paddb mm0, [0xF0000000]
        cr0_bits 0xE, 0xC               ; and TS
        faults  "EM and TS", UD, 0, emms
        cr0_bits 0xE, 8
        faults  "TS", NM, 0, movd mm0, eax
        faults  "TS, EMMS", NM, 0, emms
        faults  "LOCK with TS", UD, 0, db 0xF0, 0x0F, 0x6E, 0xC0
        try_ring 3, .user
.user:  paddw   mm0, mm1
        expect_fault "TS, ring 3", NM, 0
        v86     IOPL3, paddw mm0, mm1
        expect_fault "TS, virtual-8086 mode", NM, 0
        cr0_bits 0xE, 2
        ; An exception of the coprocessor that waits.
        mov     word [DATA + 8], 0x37B
        mov     dword [DATA + 0x20], 0
        fninit
        fldcw   [DATA + 8]
        fld1
        fdiv    dword [DATA + 0x20]
        faults  "an exception that waits", MF, 0, movd mm0, eax
        faults  "an exception that waits, EMMS", MF, 0, emms
        fnstsw  ax
        and     eax, 0x3800
        check   "an exception that waits, TOP stays", eax, 0x3800
        fnclex
        fninit
        ret

; A fault of the operand leaves tags and TOP.
%macro kept 4+
        fninit
        fld1
        try
        %4
        expect_fault {%1}, %2, %3
        fnstenv [ENV]
        word_is {%1, ", the tag word"}, ENV + 8, 0x3FFF
        masked  {%1, ", TOP"}, ENV + 4, 0x3800, 0x3800
%endmacro
test_memory:
        call    paging_on
        kept    "MOVQ from a missing page", PF, 0, movq mm0, [LINEAR]
        kept    "MOVQ to a missing page", PF, 2, movq [LINEAR], mm0
        kept    "MOVD from a missing page", PF, 0, movd mm0, [LINEAR]
        kept    "PADDB of a missing page", PF, 0, paddb mm0, [LINEAR]
        map     1, P | W | U
        kept    "MOVQ over the end of a page", PF, 0, movq mm0, [LINEAR + 0x1FFC]
        mov     dword [LINEAR + 0x1FFC], 0x12345678
        kept    "MOVQ to memory over the end of a page", PF, 2, movq [LINEAR + 0x1FFC], mm0
        check   "MOVQ over the end of a page writes nothing", [LINEAR + 0x1FFC], 0x12345678
        call    paging_off
        fninit
        ret

rom_end
