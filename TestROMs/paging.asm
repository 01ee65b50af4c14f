; paging - #PF with every combination of P, W and U in both levels, CR2, accessed and dirty bits, WP, 4 MB pages, what
; INVLPG and CR3 flush, faults in the middle of an access or of an instruction that must change nothing.
;
; Run:    ./run-peer.sh bochs paging.img
; Ends:   paging: 298 passed, 0 failed
; After:  Intel SDM vol. 3A 4.3 (32-bit paging), 4.6 (rights), 4.7 (#PF), 4.8 (A and D), 4.10 (TLB), 2.5 (CR0, CR4).
; Peers:  Bochs and QEMU. WP and INVLPG are tested on a 486 or later, 4 MB pages where CPUID has PSE.

%define ROM_NAME "paging"
%include "rom.inc"

DIRECTORY       equ     0x20000
TABLE0          equ     0x21000         ; 0-4 MB: itself, for all rings
TABLE1          equ     0x22000         ; 4-8 MB: the pages of the tests
FRAMES          equ     0x30000         ; their frames: page n is at FRAMES + n * 1000h
LINEAR            equ     0x400000        ; linear
P               equ     1
W               equ     2
U               equ     4
A               equ     0x20
D               equ     0x40
PS              equ     0x80

; PTE of test page n := frame n with these bits, and the TLB flushed.
%macro map 2
        mov     dword [TABLE1 + (%1) * 4], (FRAMES + (%1) * 0x1000) | (%2)
        call    flush
%endmacro

flush:
        push    eax
        mov     eax, cr3
        mov     cr3, eax
        pop     eax
        ret

level           equ     scratch4        ; 3, 4 or 5: the kind of CPU

main:
        call    find_level
        stage   0x10
        call    test_enable
        stage   0x11
        call    test_matrix
        stage   0x12
        call    test_address
        stage   0x13
        call    test_accessed
        stage   0x14
        call    test_precise
        stage   0x15
        call    test_fetch
        stage   0x16
        call    test_strings
        stage   0x17
        call    test_tlb
        stage   0x18
        call    test_system
        stage   0x19
        call    test_large
        stage   0x1A
        jmp     test_control

find_level:
        mov     dword [level], 3
        pushfd
        pop     eax
        mov     ebx, eax
        xor     eax, 0x40000            ; AC
        push    eax
        popfd
        pushfd
        pop     eax
        xor     eax, ebx
        test    eax, 0x40000
        jz      .end
        mov     dword [level], 4
        mov     eax, ebx
        xor     eax, 0x200000           ; ID
        push    eax
        popfd
        pushfd
        pop     eax
        xor     eax, ebx
        test    eax, 0x200000
        jz      .end
        mov     eax, 1
        cpu     586
        cpuid
        cpu     386
        test    dl, 8                   ; PSE
        jz      .end
        mov     dword [level], 5
.end:   push    ebx
        popfd
        ret

test_enable:
        cld
        mov     edi, DIRECTORY
        xor     eax, eax
        mov     ecx, 1024
        rep stosd
        mov     dword [DIRECTORY], TABLE0 | P | W | U
        mov     dword [DIRECTORY + 4], TABLE1 | P | W | U
        mov     edi, TABLE0
        mov     eax, P | W | U
        mov     ecx, 1024
.low:   stosd
        add     eax, 0x1000
        loop    .low
        and     byte [TABLE0 + 4 * 6], ~U       ; the stack of ring 0 is not for ring 3
        mov     edi, TABLE1
        xor     eax, eax
        mov     ecx, 1024
        rep stosd
        mov     edi, FRAMES
        xor     eax, eax
        mov     ecx, 16 * 1024
        rep stosd
        mov     eax, DIRECTORY
        mov     cr3, eax
        mov     eax, cr0
        or      eax, 0x80000000
        mov     cr0, eax
        jmp     short .on
.on:    mov     eax, cr0
        and     eax, 0x80000001
        check   "PG and PE are set", eax, 0x80000001
        mov     eax, cr3
        check   "CR3", eax, DIRECTORY
        map     0, P | W | U
        mov     dword [LINEAR + 0x123], 0x600DF00D
        check   "a mapped page", [FRAMES + 0x123], 0x600DF00D
        mov     dword [TABLE1 + 4 * 9], FRAMES | P | W | U
        check   "another page with the same frame", [LINEAR + 0x9123], 0x600DF00D
        ; The directory as a table of its own: linear FFC00000h on.
        mov     dword [DIRECTORY + 1023 * 4], DIRECTORY | P | W
        mov     eax, [0xFFC00000 + (LINEAR >> 12) * 4]
        and     eax, ~(A | D)
        check   "the directory as a table, a table's entry", eax, FRAMES | P | W | U
        mov     eax, [0xFFFFF000 + 4]
        and     eax, ~A
        check   "the directory as a table, its own entry", eax, TABLE1 | P | W | U
        ret

; All of P, W and U in both entries, for reads and writes by ring 0 and 3, with WP off and on: what comes is compared with
; the rule. A line counts the cases that differ; the upper half is the first of them, directory bits * 8 + table bits + 1.
%macro matrix 3                         ; name, the bits of the error code that the access has, WP
        mov     dword [scratch], %2
        mov     dword [scratch2], %3
        call    try_matrix
        check   %1, eax, 0
%endmacro

test_matrix:
        matrix  "P W U, ring 0 reads", 0, 0
        matrix  "P W U, ring 0 writes", 2, 0
        matrix  "P W U, ring 3 reads", 4, 0
        matrix  "P W U, ring 3 writes", 6, 0
        cmp     dword [level], 4
        jb      .end
        mov     eax, cr0
        or      eax, 0x10000
        mov     cr0, eax
        matrix  "P W U with WP, ring 0 reads", 0, 1
        matrix  "P W U with WP, ring 0 writes", 2, 1
        matrix  "P W U with WP, ring 3 reads", 4, 1
        matrix  "P W U with WP, ring 3 writes", 6, 1
        mov     eax, cr0
        and     eax, ~0x10000
        mov     cr0, eax
.end:   mov     dword [DIRECTORY + 4], TABLE1 | P | W | U
        call    flush
        ret

try_matrix:
        xor     esi, esi                ; the case
        xor     edi, edi                ; the count, the first
.case:  mov     eax, esi
        shr     eax, 3
        or      eax, TABLE1
        mov     [DIRECTORY + 4], eax
        mov     eax, esi
        and     eax, 7
        or      eax, FRAMES
        mov     [TABLE1], eax
        call    flush

        ; EBP = what must come
        mov     edx, esi
        shr     edx, 3
        and     edx, esi                ; the rights of both
        mov     ebp, [scratch]
        test    dl, P
        jz      .fault
        or      ebp, 1
        test    dl, U
        jnz     .user_page
        test    byte [scratch], 4
        jnz     .fault
.user_page:
        test    byte [scratch], 2
        jz      .none
        test    dl, W
        jnz     .none
        test    byte [scratch], 4
        jnz     .fault
        cmp     dword [scratch2], 1
        je      .fault
.none:  mov     ebp, BACK << 16
        jmp     .try
.fault: or      ebp, PF << 16

.try:   push    esi
        push    edi
        push    ebp
        test    byte [scratch], 4
        jnz     .ring3
        test    byte [scratch], 2
        jnz     .write
        try
        mov     eax, [LINEAR + 4]
        int     BACK
        caught
        jmp     .tried
.write: try
        mov     [LINEAR + 4], eax
        int     BACK
        caught
        jmp     .tried
.ring3: test    byte [scratch], 2
        jnz     .write3
        try_ring 3, .read_there
.read_there:
        mov     eax, [LINEAR + 4]
        int     BACK
        caught
        jmp     .tried
.write3:
        try_ring 3, .write_there
.write_there:
        mov     [LINEAR + 4], eax
        int     BACK
        caught
.tried: pop     ebp
        pop     edi
        pop     esi
        cmp     [last_fault], ebp
        je      .next
        inc     edi
        cmp     edi, 0x10000
        jae     .next
        lea     eax, [esi + 1]
        shl     eax, 16
        or      edi, eax
.next:  inc     esi
        cmp     esi, 64
        jb      .case
        mov     eax, edi
        ret

; CR2, and accesses over the end of a page.
test_address:
        map     0, P | W | U
        map     1, 0
        try
        mov     eax, [LINEAR + 0x1234]
        expect_fault "not present", PF, 0
        check   "CR2", [fault_cr2], LINEAR + 0x1234
        mov     dword [FRAMES + 0xFFC], 0x11223344
        try
        mov     eax, 0x55555555
        mov     eax, [LINEAR + 0xFFE]
        expect_fault "read over the end of a page", PF, 0
        check   "read over the end, CR2 is in the second page", [fault_cr2], LINEAR + 0x1000
        check   "read over the end leaves the register", eax, 0x55555555
        try
        mov     dword [LINEAR + 0xFFE], 0xAABBCCDD
        expect_fault "write over the end of a page", PF, 2
        check   "write over the end, CR2 is in the second page", [fault_cr2], LINEAR + 0x1000
        check   "write over the end writes nothing", [FRAMES + 0xFFC], 0x11223344
        try
        add     word [LINEAR + 0xFFF], 0x0101
        expect_fault "ADD over the end of a page", PF, 2
        check   "ADD over the end writes nothing", [FRAMES + 0xFFC], 0x11223344
        map     1, P | U
        try_ring 3, .user
.user:  mov     dword [LINEAR + 0xFFD], -1
        expect_fault "ring 3, write over the end to read-only", PF, 7
        check   "ring 3, over the end, CR2", [fault_cr2], LINEAR + 0x1000
        check   "ring 3, over the end, nothing written", [FRAMES + 0xFFC], 0x11223344
        map     0, 0
        map     1, P | W | U
        try
        mov     eax, [LINEAR + 0xFFE]
        expect_fault "read over the end, the first not present", PF, 0
        check   "read over the end, CR2 is in the first", [fault_cr2], LINEAR + 0xFFE
        map     0, P | W | U
        mov     dword [FRAMES + 0x1000], 0x55667788
        mov     eax, [LINEAR + 0xFFE]
        check   "read over the end", eax, 0x77881122
        mov     dword [TABLE1 + 4], FRAMES + 0x5000 | P | W | U
        call    flush
        mov     dword [LINEAR + 0xFFE], 0xA1A2A3A4
        check   "write over the end, first frame", [FRAMES + 0xFFC], 0xA3A43344
        movzx   eax, word [FRAMES + 0x5000]
        check   "write over the end, second frame", eax, 0xA1A2

        ; Base + offset wraps at 4 GB.
        descriptor FREE, 0xFFF00000, 0xFFFFF, DATA_RW, PAGES | BIG
        mov     eax, FREE
        mov     fs, eax
        mov     dword [WORK], 0x0BADCAFE
        mov     eax, [fs:0x100000 + WORK]
        check   "base + offset wraps at 4 GB", eax, 0x0BADCAFE
        ret

test_accessed:
%macro bits_are 3                       ; name, entry, A and D
        mov     eax, %2
        and     eax, A | D
        check   %1, eax, %3
%endmacro
        mov     dword [DIRECTORY + 4], TABLE1 | P | W | U
        map     0, P | W | U
        bits_are "no access, A and D", [TABLE1], 0
        mov     eax, [LINEAR]
        bits_are "read, A", [TABLE1], A
        bits_are "read, A in the directory", [DIRECTORY + 4], A
        mov     [LINEAR], eax
        bits_are "write after read, D", [TABLE1], A | D
        bits_are "write, no D in the directory", [DIRECTORY + 4], A
        map     0, P | W | U
        mov     [LINEAR], eax
        bits_are "write, A and D", [TABLE1], A | D
        map     0, P | W | U
        inc     dword [LINEAR]
        bits_are "INC, A and D", [TABLE1], A | D
        map     0, P | W | U
        cmp     dword [LINEAR], 0
        bits_are "CMP, A", [TABLE1], A
        map     0, P | U
        mov     [LINEAR], eax
        bits_are "ring 0 writes to read-only, A and D", [TABLE1], A | D
        mov     eax, [TABLE1]
        and     eax, 7
        check   "ring 0 writes to read-only, W stays off", eax, P | U
        map     0, P | U
        try_ring 3, .denied
.denied:
        mov     [LINEAR], eax
        expect_fault "ring 3 writes to read-only", PF, 7
        mov     eax, [TABLE1]
        and     eax, D
        check   "a fault sets no D", eax, 0
        map     0, P | W | U
        map     1, 0
        try
        mov     [LINEAR + 0xFFE], eax
        expect_fault "write over the end", PF, 2
        mov     eax, [TABLE1 + 4]
        check   "a fault leaves an entry not present", eax, FRAMES + 0x1000
        map     0, P | W
        mov     byte [TABLE1 + 1], 0x0E         ; the bits for the system
        call    flush
        mov     eax, [LINEAR]
        movzx   eax, byte [TABLE1 + 1]
        and     eax, 0x0E
        check   "the bits for the system stay", eax, 0x0E
        ret

; An instruction that faults changes neither registers nor flags nor memory.
%macro keeps 4+                         ; name, error code, bytes on the stack, code
        push    dword 0x8D5             ; all status flags
        popfd
        mov     eax, 0x11111111
        mov     ebx, 0x22222222
        mov     ecx, 0x33333333
        mov     edx, 0x44444444
        mov     esi, LINEAR + 0x1000
        mov     edi, LINEAR + 0x1000
        mov     ebp, LINEAR + 0x800
        try
        %4
        expect_fault %1, PF, %2
        xor     eax, 0x11111111
        xor     ebx, 0x22222222
        xor     ecx, 0x33333333
        xor     edx, 0x44444444
        sub     esi, LINEAR + 0x1000
        sub     edi, LINEAR + 0x1000
        sub     ebp, LINEAR + 0x800
        or      eax, ebx
        or      eax, ecx
        or      eax, edx
        or      eax, esi
        or      eax, edi
        or      eax, ebp
        check   {%1, ", registers"}, eax, 0
        mov     eax, [fault_eflags]
        and     eax, 0x8D5
        check   {%1, ", flags"}, eax, 0x8D5
        mov     eax, [fault_esp_at_entry]
        sub     eax, [resume_esp]
        check   {%1, ", ESP"}, eax, %3 - 12
%endmacro

test_precise:
        map     0, P | W | U
        map     1, 0
        mov     dword [WORK], 0
        keeps   "ADD to memory", 2, 0, add [esi], eax
        keeps   "ADD from memory", 0, 0, add eax, [esi]
        keeps   "XCHG", 2, 0, xchg eax, [esi]
        keeps   "INC", 2, 0, inc dword [esi]
        keeps   "NOT", 2, 0, not dword [esi]
        keeps   "SHL", 2, 0, {shl dword [esi], 3}
        keeps   "RCL", 2, 0, {rcl dword [esi], 1}
        keeps   "SHLD", 2, 0, {shld [esi], eax, 5}
        keeps   "BTS with a far bit", 2, 0, {bts [(LINEAR + 0x1000 - 0x6666664) & 0xFFFFFFFF], ecx}
        keeps   "SETC", 2, 0, setc [esi]
        keeps   "MUL", 0, 0, mul dword [esi]
        keeps   "IMUL", 0, 0, imul eax, [esi]
        keeps   "DIV", 0, 0, div dword [esi]
        keeps   "MOVS from there", 0, 0, movsd
        keeps   "LODS", 0, 0, lodsd
        keeps   "STOS", 2, 0, stosd
        keeps   "CMPS", 0, 0, cmpsd
        keeps   "SCAS", 0, 0, scasd
        keeps   "PUSH of memory", 0, 0, push dword [esi]
        keeps   "POP to memory", 2, 0, pop dword [esi]
        keeps   "CALL by memory", 0, 0, call [esi]
        keeps   "CALL far by memory", 0, 0, call far [esi]
        keeps   "LES", 0, 0, les eax, [esi]
        keeps   "BOUND", 0, 0, bound eax, [esi]
        keeps   "ARPL", 2, 0, arpl [esi], ax
        keeps   "LAR", 0, 0, lar eax, [esi]
        keeps   "SGDT", 2, 0, sgdt [esi]
        keeps   "MOV to a segment register", 0, 0, mov fs, [esi]
        keeps   "MOVZX", 0, 0, movzx eax, byte [esi]
        keeps   "OUTS", 0, 0, {outsb}
        mov     eax, cr0
        cpu     486
        cmp     dword [level], 4
        jb      .no_486
        keeps   "XADD", 2, 0, xadd [esi], eax
        cpu     586
        keeps   "CMPXCHG, not equal", 2, 0, cmpxchg [esi], ecx
        cpu     486
.no_486:
        cpu     386
        try
        mov     esi, WORK
        mov     edi, LINEAR + 0x1000
        movsd
        expect_fault "MOVS to there", PF, 2
        check   "MOVS to there, ESI", esi, WORK
        check   "MOVS to there, EDI", edi, LINEAR + 0x1000
        try
        mov     ebx, LINEAR + 0x1000 - 0x11
        mov     eax, 0x11
        xlatb
        expect_fault "XLAT", PF, 0
        check   "XLAT, EAX", eax, 0x11

        ; The stack of ring 3 runs down into a page that is missing.
%macro stack_keeps 3+                   ; name, ESP, code
        try_ring 3, %%here
%%here: mov     esp, %2
        mov     ebp, 0x55555555
        mov     eax, 0x11111111
%%it:   %3
        expect_fault {%1}, PF, 6
        check   {%1, ", ESP stays"}, [fault_esp], %2
        check   {%1, ", EIP"}, [fault_eip], %%it
        check   {%1, ", EBP stays"}, ebp, 0x55555555
%endmacro
        map     0, 0
        map     1, P | W | U
        stack_keeps "PUSH into a missing page", LINEAR + 0x1000, push eax
        stack_keeps "PUSH of memory into a missing page", LINEAR + 0x1000, push dword [WORK]
        stack_keeps "PUSHF into a missing page", LINEAR + 0x1000, pushfd
        stack_keeps "PUSHA into a missing page", LINEAR + 0x1010, pushad
        stack_keeps "ENTER into a missing page", LINEAR + 0x1000, enter 16, 0
        stack_keeps "ENTER level 1 into a missing page", LINEAR + 0x1004, enter 16, 1
        stack_keeps "CALL into a missing page", LINEAR + 0x1000, call .never
        stack_keeps "CALL far into a missing page", LINEAR + 0x1004, call UCODE:.never
        map     0, P | W | U
        map     1, 0
        try_ring 3, .popa
.popa:  mov     esp, LINEAR + 0xFF0
        mov     edi, 0x77777777
        mov     eax, 0x11111111
        popad
        expect_fault "POPA out of a missing page", PF, 4
        check   "POPA, ESP stays", [fault_esp], LINEAR + 0xFF0
        check   "POPA, EDI stays", edi, 0x77777777
        check   "POPA, EAX stays", eax, 0x11111111
        try_ring 3, .ret
.ret:   mov     esp, LINEAR + 0x1000
        ret
        expect_fault "RET out of a missing page", PF, 4
        check   "RET, ESP stays", [fault_esp], LINEAR + 0x1000
        try_ring 3, .iret
.iret:  mov     esp, LINEAR + 0xFF8
        iretd
        expect_fault "IRET out of a missing page", PF, 4
        check   "IRET, ESP stays", [fault_esp], LINEAR + 0xFF8
        try_ring 3, .leave
.leave: mov     ebp, LINEAR + 0x1000
        mov     esp, USER_STACK
        leave
        expect_fault "LEAVE out of a missing page", PF, 4
        check   "LEAVE, ESP stays", [fault_esp], USER_STACK
        check   "LEAVE, EBP stays", ebp, LINEAR + 0x1000
        try_ring 3, .pop
.pop:   mov     eax, LINEAR + 0x1000
        push    eax
        pop     dword [eax]
        expect_fault "POP to a missing page", PF, 6
        check   "POP to a missing page, ESP stays", [fault_esp], USER_STACK - 4
        ret
.never: ud2

; Fetches.
test_fetch:
        map     0, P | W | U
        map     1, 0
        try
        mov     eax, LINEAR + 0x1234
        jmp     eax
        expect_fault "fetch from a missing page", PF, 0
        check   "fetch from a missing page, CR2", [fault_cr2], LINEAR + 0x1234
        check   "fetch from a missing page, EIP", [fault_eip], LINEAR + 0x1234
        try_ring 3, .user
.user:  mov     eax, LINEAR + 0x1234
        call    eax
        expect_fault "ring 3, fetch from a missing page", PF, 4
        check   "ring 3, the CALL itself was done", [fault_esp], USER_STACK - 4
        map     1, P | W
        try_ring 3, .super
.super: mov     eax, LINEAR + 0x1000
        jmp     eax
        expect_fault "ring 3, fetch from a page of ring 0", PF, 5
        map     1, 0
        mov     byte [LINEAR + 0xFFD], 0x90
        mov     byte [LINEAR + 0xFFE], 0xB8       ; MOV EAX, its operand in the next page
        try
        mov     ecx, LINEAR + 0xFFD
        mov     eax, 0x11111111
        jmp     ecx
        expect_fault "an instruction over the end of a page", PF, 0
        check   "an instruction over the end, CR2", [fault_cr2], LINEAR + 0x1000
        check   "an instruction over the end, EIP", [fault_eip], LINEAR + 0xFFE
        check   "an instruction over the end, EAX stays", eax, 0x11111111
        mov     byte [LINEAR + 0xFFE], 0xEB       ; JMP short, its last byte the last of the page
        mov     byte [LINEAR + 0xFFF], -0x10
        mov     word [LINEAR + 0xFF0], 0x0B0F
        try
        mov     ecx, LINEAR + 0xFFE
        jmp     ecx
        expect_fault "an instruction up to the end fetches no more", UD, 0
        ; Prefixes count too.
        mov     byte [LINEAR + 0xFFF], 0x66
        try
        mov     ecx, LINEAR + 0xFFF
        jmp     ecx
        expect_fault "a prefix at the end of a page", PF, 0
        check   "a prefix at the end, EIP", [fault_eip], LINEAR + 0xFFF
        ; Execution from a page sets A and no D.
        mov     word [LINEAR], 0x0B0F
        map     0, P | W | U
        try
        mov     ecx, LINEAR
        jmp     ecx
        expect_fault "run in a page", UD, 0
        bits_are "run in a page, A", [TABLE1], A
        ; A page that is executed may be read-only.
        map     0, P | U
        try_ring 3, .read_only
.read_only:
        mov     ecx, LINEAR
        jmp     ecx
        expect_fault "run in a read-only page", UD, 0
        ret

; REP: what is done stays done, what is not goes on after the fault.
test_strings:
        map     0, P | W | U
        map     1, 0
        try
        mov     edi, LINEAR + 0xFF0
        mov     ecx, 100
        mov     eax, 0xA5A5A5A5
        rep stosd
        expect_fault "REP STOS into a missing page", PF, 2
        check   "REP STOS, ECX", ecx, 96
        check   "REP STOS, EDI", edi, LINEAR + 0x1000
        check   "REP STOS, CR2", [fault_cr2], LINEAR + 0x1000
        check   "REP STOS, memory", [LINEAR + 0xFFC], 0xA5A5A5A5
        try
        mov     edi, LINEAR + 0xFF2
        mov     ecx, 100
        rep stosd
        expect_fault "REP STOS over the end", PF, 2
        check   "REP STOS over the end, ECX", ecx, 97
        check   "REP STOS over the end, EDI", edi, LINEAR + 0xFFE
        try
        mov     esi, LINEAR + 0xFFE
        mov     edi, LINEAR
        mov     ecx, 10
        rep movsb
        expect_fault "REP MOVS out of a missing page", PF, 0
        check   "REP MOVS, ECX", ecx, 8
        check   "REP MOVS, ESI", esi, LINEAR + 0x1000
        check   "REP MOVS, EDI", edi, LINEAR + 2
        map     1, P | W | U
        map     0, 0
        try
        std
        mov     esi, LINEAR + 0x1007
        mov     edi, LINEAR + 0x1001
        mov     ecx, 10
        rep movsb
        expect_fault "REP MOVS downwards", PF, 2
        cld
        check   "REP MOVS downwards, ECX", ecx, 8
        check   "REP MOVS downwards, EDI", edi, LINEAR + 0xFFF
        map     0, P | W | U
        map     1, 0
        mov     edi, LINEAR
        mov     ecx, 1024
        xor     eax, eax
        rep stosd
        try
        mov     edi, LINEAR + 0xFF0
        mov     ecx, 100
        xor     eax, eax
        cmp     al, 1                   ; NE before: no element was compared by REPE yet
        repe scasb
        expect_fault "REPE SCAS into a missing page", PF, 0
        check   "REPE SCAS, ECX", ecx, 84
        check   "REPE SCAS, EDI", edi, LINEAR + 0x1000
        ; A count of 0 touches nothing.
        try
        mov     edi, LINEAR + 0x1000
        mov     esi, LINEAR + 0x1000
        xor     ecx, ecx
        rep movsd
        expect_none "REP MOVS of nothing"
        ret

; What the TLB may not keep.
test_tlb:
        mov     dword [FRAMES + 0x2000], 0x22222222
        mov     dword [FRAMES + 0x3000], 0x33333333
        mov     dword [TABLE1 + 8], 0
        call    flush
        try
        mov     eax, [LINEAR + 0x2000]
        expect_fault "not present", PF, 0
        mov     dword [TABLE1 + 8], FRAMES + 0x2000 | P | W | U
        mov     eax, [LINEAR + 0x2000]
        check   "a page that comes needs no flush", eax, 0x22222222
        mov     dword [TABLE1 + 8], FRAMES + 0x3000 | P | W | U
        call    flush
        mov     eax, [LINEAR + 0x2000]
        check   "MOV CR3 flushes", eax, 0x33333333
        mov     dword [TABLE1 + 8], 0
        call    flush
        try
        mov     [LINEAR + 0x2000], eax
        expect_fault "MOV CR3 flushes for writes", PF, 2
        mov     dword [TABLE1 + 8], FRAMES + 0x2000 | P | W | U
        mov     [LINEAR + 0x2000], eax
        mov     eax, cr0
        and     eax, 0x7FFFFFFF
        mov     cr0, eax
        mov     dword [TABLE1 + 8], FRAMES + 0x3000 | P | W | U
        or      eax, 0x80000000
        mov     cr0, eax
        jmp     short .on
.on:    mov     eax, [LINEAR + 0x2000]
        check   "paging off and on flushes", eax, 0x33333333
        ; The entry that ring 0 used says nothing for ring 3, nor a read's for a write.
        mov     dword [TABLE1 + 8], FRAMES + 0x2000 | P
        call    flush
        mov     eax, [LINEAR + 0x2000]
        mov     [LINEAR + 0x2000], eax
        try_ring 3, .user
.user:  mov     eax, [LINEAR + 0x2000]
        expect_fault "ring 3 after ring 0", PF, 5
        mov     dword [TABLE1 + 8], FRAMES + 0x2000 | P | U
        call    flush
        mov     eax, [LINEAR + 0x2000]
        mov     [LINEAR + 0x2000], eax
        try_ring 3, .write
.write: mov     eax, [LINEAR + 0x2000]
        mov     [LINEAR + 0x2000], eax
        expect_fault "ring 3, write after read", PF, 7
        ; A new table in the directory.
        mov     dword [DIRECTORY + 8], TABLE1 | P | W | U
        mov     dword [TABLE1 + 8], FRAMES + 0x3000 | P | W | U
        mov     eax, [LINEAR + 0x402000]
        check   "a table that comes needs no flush", eax, 0x33333333
        mov     dword [DIRECTORY + 8], 0
        call    flush
        try
        mov     eax, [LINEAR + 0x402000]
        expect_fault "a table that goes", PF, 0

        cmp     dword [level], 4
        jb      .end
        cpu     486
        call    flush
        mov     eax, [LINEAR + 0x2000]
        mov     dword [TABLE1 + 8], FRAMES + 0x2000 | P | W | U
        mov     dword [FRAMES + 0x2000], 0x22222222
        invlpg  [LINEAR + 0x2FFF]
        mov     eax, [LINEAR + 0x2000]
        check   "INVLPG", eax, 0x22222222
        mov     dword [TABLE1 + 8], 0
        invlpg  [LINEAR + 0x2000]
        try
        mov     eax, [LINEAR + 0x2000]
        expect_fault "INVLPG of a page that goes", PF, 0
        try
        invlpg  [LINEAR + 0x2000]
        expect_none "INVLPG of a missing page faults not"
        try_ring 3, .privileged
.privileged:
        invlpg  [LINEAR]
        expect_fault "ring 3, INVLPG", GP, 0
        try
        db      0x0F, 0x01, 0xF8 + 1    ; a register; F8h is SWAPGS
        nop
        expect_fault "INVLPG of a register", UD, 0
        cpu     386
.end:   ret

; Descriptor tables and inner stacks are read as ring 0 whoever runs.
test_system:
        mov     eax, LDT_SEL
        lldt    ax
        descriptor 4, WORK, 0xFFFF, DATA_RW | DPL3, BIG
        mov     dword [TABLE0 + 4 * 3], LDT | P | W
        call    flush
        try_ring 3, .load
.load:  mov     eax, 7
        mov     fs, eax
        leave_ring
        expect_left "ring 3 loads from an LDT of ring 0"
        movzx   eax, byte [LDT + 5]
        check   "the load set accessed", eax, (DATA_RW | DPL3) + 1
        try_ring 3, .read
.read:  mov     eax, [LDT]
        expect_fault "ring 3 reads that LDT", PF, 5
        mov     dword [TABLE0 + 4 * 3], LDT | W | U
        call    flush
        try_ring 3, .missing
.missing:
        mov     eax, 7
        mov     fs, eax
        expect_fault "ring 3 loads from an LDT not present", PF, 0
        mov     eax, [fault_cr2]
        and     eax, ~7
        check   "ring 3 loads from an LDT not present, CR2", eax, LDT
        mov     dword [TABLE0 + 4 * 3], LDT | P | W | U
        call    flush
        cmp     dword [level], 4
        jb      .end
        mov     byte [LDT + 5], DATA_RW | DPL3
        mov     dword [TABLE0 + 4 * 3], LDT | P | U
        mov     eax, cr0
        or      eax, 0x10000
        mov     cr0, eax
        call    flush
        try_ring 3, .accessed
.accessed:
        mov     eax, 7
        mov     fs, eax
        expect_fault "the accessed bit in a read-only LDT with WP", PF, 3
        mov     eax, cr0
        and     eax, ~0x10000
        mov     cr0, eax
        mov     dword [TABLE0 + 4 * 3], LDT | P | W | U
        call    flush
.end:   xor     eax, eax
        lldt    ax
        ret

; 4 MB pages.
test_large:
        cmp     dword [level], 5
        jae     .yes
        ret
.yes:   cpu     586
        mov     dword [DIRECTORY + 4], TABLE1 | P | W | U | PS
        map     0, P | W | U
        mov     dword [FRAMES], 0x0DDBA11
        mov     eax, [LINEAR]
        check   "PS means nothing without PSE", eax, 0x0DDBA11
        mov     eax, cr4
        or      al, 0x10
        mov     cr4, eax
        mov     dword [DIRECTORY + 4], P | W | U | PS   ; linear 4-8 MB is 0-4 MB
        call    flush
        mov     eax, [LINEAR + FRAMES]
        check   "4 MB page", eax, 0x0DDBA11
        mov     eax, [DIRECTORY + 4]
        and     eax, A | D
        check   "4 MB page, read, A", eax, A
        mov     dword [LINEAR + WORK + 0x4321], 0x5EA5CA1E
        check   "4 MB page, write", [WORK + 0x4321], 0x5EA5CA1E
        mov     eax, [DIRECTORY + 4]
        and     eax, A | D
        check   "4 MB page, write, A and D", eax, A | D
        mov     dword [DIRECTORY + 4], P | U | PS
        call    flush
        try_ring 3, .write
.write: mov     [LINEAR + WORK], eax
        expect_fault "4 MB page, ring 3 writes to read-only", PF, 7
        check   "4 MB page, CR2", [fault_cr2], LINEAR + WORK
        mov     dword [DIRECTORY + 4], P | W | PS
        call    flush
        try_ring 3, .read
.read:  mov     eax, [LINEAR + WORK]
        expect_fault "4 MB page, ring 3 reads one of ring 0", PF, 5
        mov     dword [DIRECTORY + 4], W | U | PS
        call    flush
        try
        mov     eax, [LINEAR + WORK]
        expect_fault "4 MB page, not present", PF, 0
        mov     dword [DIRECTORY + 4], P | W | U | PS
        mov     eax, [LINEAR + WORK]
        mov     dword [DIRECTORY + 4], TABLE1 | P | W | U
        invlpg  [LINEAR + 0x3FF000]
        mov     eax, [LINEAR]
        check   "INVLPG takes a 4 MB page whole", eax, 0x0DDBA11
        ; Across the seam of a 4 MB page and a 4 KB one.
        mov     dword [DIRECTORY + 8], P | W | U | PS
        mov     dword [TABLE1 + 1023 * 4], FRAMES + 0x4000 | P | W | U
        mov     dword [FRAMES + 0x4FFC], 0xAAAABBBB
        call    flush
        mov     ebx, [0]
        mov     eax, [LINEAR + 0x3FFFFE]
        shl     ebx, 16
        mov     bx, 0xAAAA
        check   "over the seam of 4 KB and 4 MB", eax, ebx
        mov     dword [DIRECTORY + 8], 0
        mov     eax, cr4
        and     al, 0xEF
        mov     cr4, eax
        call    flush
        cpu     386
        ret

; What CR0 does not take, and paging off again.
test_control:
        mov     ebx, cr0
        try
        mov     eax, ebx
        and     al, 0xFE                ; PG without PE
        mov     cr0, eax
        mov     cr0, ebx                ; where it was taken
        expect_fault "PG without PE", GP, 0
        mov     eax, cr0
        check   "PG without PE, CR0 stays", eax, ebx
        cmp     dword [level], 4
        jb      .old
        try
        mov     eax, ebx
        and     eax, ~0x60000000
        or      eax, 0x20000000         ; NW without CD
        mov     cr0, eax
        mov     cr0, ebx
        expect_fault "NW without CD", GP, 0
.old:                                   ; reserved bits of CR4 are left out: QEMU 7.2 loops for ever on them
        smsw    ax
        and     al, 0xFE
        lmsw    ax
        mov     eax, cr0
        and     eax, 0x80000001
        check   "LMSW clears neither PE nor PG", eax, 0x80000001
        mov     eax, cr0
        and     eax, 0x7FFFFFFF
        mov     cr0, eax
        jmp     short .off
.off:   mov     dword [WORK], 0x12121212
        mov     eax, [WORK]
        check   "paging off", eax, 0x12121212
        mov     eax, cr2
        mov     ebx, 0x13579BDF
        mov     cr2, ebx
        mov     ecx, cr2
        check   "CR2 can be written", ecx, 0x13579BDF
        ret

rom_end
