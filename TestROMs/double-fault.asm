; double-fault - which exception follows when one comes while another is delivered: every kind of first event with #NP, #GP,
; #TS, #SS and #PF as the second, their error codes with EXT, then chains of three.
;
; Run:    ./run-peer.sh bochs double-fault.img
; Ends:   double-fault: 115 passed, 0 failed
; After:  Intel SDM vol. 3A 6.15 (interrupt 8, Table 6-4 and 6-5), 6.13 (EXT).
; Peers:  Bochs proves all; QEMU sets no EXT, and gives #TS for #SS.

%define ROM_NAME "double-fault"
%include "rom.inc"
%include "level.inc"
%include "pages.inc"
%include "timer.inc"

D_ABSENT        equ     FREE
D_ABSENT3       equ     FREE + 0x08
BENIGN          equ     0
CONTRIBUTORY    equ     1
PAGE            equ     2

main:
        call    find_level
        descriptor D_ABSENT, 0, 0xFFFFF, (DATA_RW | DPL1) & ~PRESENT, PAGES | BIG
        descriptor D_ABSENT3, 0, 0xFFFFF, (DATA_RW | DPL3) & ~PRESENT, PAGES | BIG
        call    paging_on               ; all pages of LINEAR are missing
        stage   0x10
        call    test_contributory
        stage   0x11
        call    test_page_fault
        stage   0x12
        call    test_benign
        stage   0x13
        call    test_timer
        stage   0x14
        call    test_ring0
        stage   0x15
        call    test_chains
        call    paging_off
        ret

; What is wrong with the gate of vector EDI, so that its delivery from ring 3 raises the second exception.
bad_np: mov     byte [IDT + edi * 8 + 5], (INT32 | DPL3) & ~PRESENT
        ret
bad_gp: mov     byte [IDT + edi * 8 + 5], CALL32 | DPL3
        ret
bad_ts: mov     dword [TSS + 16], 0
        jmp     to_ring1
bad_ss: mov     dword [TSS + 16], D_ABSENT | 1
        jmp     to_ring1
bad_pf: mov     dword [TSS + 12], LINEAR + 0x1000
to_ring1:
        mov     word [IDT + edi * 8 + 2], CODE_R1
        mov     byte [IDT + edi * 8 + 5], INT32 | DPL3
        ret
good:   call    build_vectors
        mov     dword [TSS + 12], RING1_STACK
        mov     dword [TSS + 16], DATA_R1
        clts
        ret

; The first event comes in ring 3, with these flags.
%macro pair 8                          ; name, vector, label, class, EXT, flags, what is wrong, what must come
        mov     edi, %2
        call    %7
        mov     eax, cr0
        or      al, 0x0A                ; MP and TS, for WAIT
        mov     cr0, eax
        mov     eax, UDATA
        try
        mov     ds, eax
        push    dword UDATA
        push    dword USER_STACK
        push    dword 2 | (%6)
        push    dword UCODE
        push    dword %3
        iretd
        caught
        call    good
        check   {%1}, [last_fault], %8
%endmacro
%macro first 6                          ; name, vector, label, class, EXT, flags
%if %4 = BENIGN
        pair    {%1, ", then #NP"}, %2, %3, %4, %5, %6, bad_np, NP << 16 | (%2) * 8 | 2 | %5
        pair    {%1, ", then #GP"}, %2, %3, %4, %5, %6, bad_gp, GP << 16 | (%2) * 8 | 2 | %5
        pair    {%1, ", then #TS"}, %2, %3, %4, %5, %6, bad_ts, TS << 16 | %5
        pair    {%1, ", then #SS"}, %2, %3, %4, %5, %6, bad_ss, SSF << 16 | D_ABSENT | %5
%else
        pair    {%1, ", then #NP"}, %2, %3, %4, %5, %6, bad_np, DF << 16
        pair    {%1, ", then #GP"}, %2, %3, %4, %5, %6, bad_gp, DF << 16
        pair    {%1, ", then #TS"}, %2, %3, %4, %5, %6, bad_ts, DF << 16
        pair    {%1, ", then #SS"}, %2, %3, %4, %5, %6, bad_ss, DF << 16
%endif
%if %4 = PAGE
        pair    {%1, ", then #PF"}, %2, %3, %4, %5, %6, bad_pf, DF << 16
%else
        pair    {%1, ", then #PF"}, %2, %3, %4, %5, %6, bad_pf, PF << 16 | 2
%endif
        check   {%1, ", then #PF, CR2"}, [fault_cr2], LINEAR + 0xFFC
%endmacro

test_contributory:
        first   "#DE", DE, .de, CONTRIBUTORY, 1, 0
        mov     word [TSS], 0           ; the link to the task before
        first   "#TS", TS, .ts, CONTRIBUTORY, 1, 0x4000
        first   "#NP", NP, .np, CONTRIBUTORY, 1, 0
        first   "#SS", SSF, .ss, CONTRIBUTORY, 1, 0
        first   "#GP", GP, .gp, CONTRIBUTORY, 1, 0
        ret
.de:    xor     ecx, ecx
        div     ecx
.ts:    iretd
.np:    mov     eax, D_ABSENT3
        mov     fs, eax
.ss:    mov     eax, D_ABSENT3 | 3
        mov     ss, eax
.gp:    hlt

test_page_fault:
        first   "#PF", PF, .pf, PAGE, 1, 0
        ret
.pf:    mov     eax, [LINEAR + 0x8000]

test_benign:
        first   "#DB", DBG, .step, BENIGN, 1, 0x100
        first   "INT3", BRK, .int3, BENIGN, 0, 0
        first   "INTO", OF, .into, BENIGN, 0, 0
        mov     dword [WORK], 5
        mov     dword [WORK + 4], 6
        first   "#BR", BR, .bound, BENIGN, 1, 0
        first   "#UD", UD, .ud, BENIGN, 1, 0
        first   "#NM", NM, .nm, BENIGN, 1, 0
        first   "INT n", 0x31, .int, BENIGN, 0, 0
        first   "INT n of vector 0", DE, .int0, BENIGN, 0, 0
        first   "INT n of vector 8", DF, .int8, BENIGN, 0, 0
        cmp     dword [level], 4
        jb      .end
        mov     eax, cr0
        or      eax, 0x40000
        mov     cr0, eax
        first   "#AC", AC, .ac, BENIGN, 1, 0x40000
        mov     eax, cr0
        and     eax, ~0x40000
        mov     cr0, eax
.end:   ret
.step:  nop
        nop
        jmp     .step
.int3:  int3
.into:  mov     al, 0x7F
        inc     al
        into
.bound: mov     eax, 7
        bound   eax, [WORK]
.ud:    ud2
.nm:    db      0x9B                    ; WAIT, with MP and TS
        ud2
.int:   int     0x31
.int0:  int     0
.int8:  int     8
.ac:    mov     eax, [WORK + 1]

; An interrupt of the board.
test_timer:
        call    timer_begin
        call    request_timer
        pair    "an interrupt, then #NP", TIMER, .wait, 0, 1, 0x200, bad_np, NP << 16 | TIMER * 8 | 3
        call    timer_end
        call    request_timer
        pair    "an interrupt, then #GP", TIMER, .wait, 0, 1, 0x200, bad_gp, GP << 16 | TIMER * 8 | 3
        call    timer_end
        call    request_timer
        pair    "an interrupt, then #TS", TIMER, .wait, 0, 1, 0x200, bad_ts, TS << 16 | 1
        call    timer_end
        call    request_timer
        pair    "an interrupt, then #SS", TIMER, .wait, 0, 1, 0x200, bad_ss, SSF << 16 | D_ABSENT | 1
        call    timer_end
        call    request_timer
        pair    "an interrupt, then #PF", TIMER, .wait, 0, 1, 0x200, bad_pf, PF << 16 | 2
        jmp     timer_end
.wait:  jmp     .wait

; In ring 0, where no stack is changed; the saved state is that of the first.
test_ring0:
        mov     edi, DE
        call    bad_np
        xor     ecx, ecx
        try
.de:    div     ecx
        caught
        call    good
        check   "ring 0, #DE, then #NP", [last_fault], DF << 16
        check   "#DF, EIP of the first", [fault_eip], .de
        check   "#DF, CS of the first", [fault_cs], KCODE
        mov     edi, PF
        call    bad_gp
        try
.pf:    mov     eax, [LINEAR + 0x8123]
        caught
        call    good
        check   "ring 0, #PF, then #GP", [last_fault], DF << 16
        check   "ring 0, #PF, then #GP, CR2 of the first", [fault_cr2], LINEAR + 0x8123
        ; INT n beyond the IDT, whose #GP has no gate.
        mov     edi, GP
        call    bad_np
        try
        int     0x40
        caught
        call    good
        check   "INT n beyond the IDT, then #NP", [last_fault], DF << 16
        ret

; Three.
%macro chain 7                          ; name, label in ring 3, vector and fault of it, vector and fault of it, what comes
        mov     edi, %3
        call    %4
        mov     edi, %5
        call    %6
        try_ring 3, %2
        caught
        call    good
        check   {%1}, [last_fault], %7
%endmacro
test_chains:
        chain   "#UD, then #NP, then #PF", test_benign.ud, UD, bad_np, NP, bad_pf, PF << 16 | 2
        chain   "#UD, then #NP, then #GP", test_benign.ud, UD, bad_np, NP, bad_gp, DF << 16
        chain   "#UD, then #PF, then #NP", test_benign.ud, UD, bad_pf, PF, bad_np, DF << 16
        chain   "#UD, then #PF, then #PF", test_benign.ud, UD, bad_pf, PF, bad_pf, DF << 16
        chain   "INT n, then #GP, then #PF", test_benign.int, 0x31, bad_gp, GP, bad_pf, PF << 16 | 2
        chain   "INT n, then #GP, then #TS", test_benign.int, 0x31, bad_gp, GP, bad_ts, DF << 16
        chain   "#DE, then #PF, then #NP", test_contributory.de, DE, bad_pf, PF, bad_np, DF << 16
        chain   "#GP, then #PF, then #PF", test_contributory.gp, GP, bad_pf, PF, bad_pf, DF << 16
        ret

rom_end
