; paging-tlb - what the TLB keeps and when it forgets: CR3, CR0, CR4, INVLPG, task switches, global pages; pages that collide in
; it; rings; D on a page that was read; 4 MB pages with every right, their reserved bits; the seam at 4 GB.
;
; Run:    ./run-peer.sh bochs paging-tlb.img
; Ends:   paging-tlb: 59 passed, 0 failed
; After:  Intel SDM vol. 3A 4.3, 4.6, 4.7 (RSVD), 4.8, 4.10 (caching, 4.10.2.4 global pages, 4.10.4 invalidation), 2.5.
; Peers:  Bochs (as p2_klamath) proves all.

%define ROM_NAME "paging-tlb"
%include "rom.inc"
%include "level.inc"
%include "pages.inc"

F               equ     FRAMES          ; frame n holds n in its first dword
TABLE2          equ     0x23000
TABLE3          equ     0x24000
DIRECTORY_B     equ     0x25000
TASK_B          equ     FREE
B               equ     WORK            ; its TSS

; The PTE of page 2 of LINEAR, without a flush.
%macro now 1
        mov     dword [TABLE1 + 8], %1 | P | W | U
%endmacro
PAGE2           equ     LINEAR + 0x2000

main:
        call    find_level
        call    paging_on
        call    number_frames
        stage   0x10
        call    test_kept
        stage   0x11
        call    test_control
        stage   0x12
        call    test_collisions
        stage   0x13
        call    test_dirty
        stage   0x14
        call    test_directory
        stage   0x15
        call    test_task
        stage   0x16
        call    test_top
        stage   0x17
        call    test_invlpg
        stage   0x18
        call    test_large
        stage   0x19
        call    test_large_matrix
        stage   0x1A
        call    test_global
        call    paging_off
        ret

number_frames:
        xor     eax, eax
        mov     edi, F
.next:  mov     [edi], eax
        add     edi, 0x1000
        inc     eax
        cmp     eax, 16
        jb      .next
        ret

; An entry that was used stays until something flushes it: systems that run a stretch of code on old entries rely on it, and
; no CPU here loses one within a few instructions. What is not present is never kept.
test_kept:
        now     F + 0x1000
        call    flush
        mov     eax, [PAGE2]
        now     F + 0x2000
        mov     ebx, [PAGE2]
        call    flush
        mov     ecx, [PAGE2]
        check   "before", eax, 1
        check   "a changed entry is not seen at once", ebx, 1
        check   "after MOV CR3", ecx, 2
        mov     dword [TABLE1 + 8], 0
        mov     eax, [PAGE2]
        check   "a page that goes stays until the flush", eax, 2
        call    flush
        try
        mov     eax, [PAGE2]
        expect_fault "after the flush it is missing", PF, 0
        now     F + 0x3000
        mov     eax, [PAGE2]
        check   "what is missing is not kept", eax, 3
        ; A page that faulted by its rights and gets them.
        mov     dword [TABLE1 + 8], (F + 0x3000) | P
        call    flush
        try_ring 3, .denied
.denied:
        mov     eax, [PAGE2]
        expect_fault "ring 3 is denied", PF, 5
        now     F + 0x3000
        call    flush
        try_ring 3, .allowed
.allowed:
        mov     eax, [PAGE2]
        leave_ring
        expect_left "ring 3 gets the right"
        check   "ring 3 gets the right, the page", [fault_eax], 3
        ret

; What of CR0 and CR4 flushes.
test_control:
        now     F + 0x1000
        call    flush
        mov     eax, [PAGE2]
        now     F + 0x2000
        call    paging_off
        mov     eax, cr0
        or      eax, 0x80000000
        mov     cr0, eax
        jmp     short .on
.on:    mov     eax, [PAGE2]
        check   "CR0.PG flushes", eax, 2
        cmp     dword [level], 4
        jb      .end
        mov     dword [TABLE1 + 8], (F + 0x2000) | P | U
        call    flush
        mov     dword [PAGE2 + 4], 5    ; without WP
        mov     eax, cr0
        or      eax, 0x10000
        mov     cr0, eax
        try
        mov     dword [PAGE2 + 4], 6
        expect_fault "CR0.WP holds for a page that was written before", PF, 3
        mov     eax, cr0
        and     eax, ~0x10000
        mov     cr0, eax
        try
        mov     dword [PAGE2 + 4], 7
        expect_none "CR0.WP off again"
        check   "CR0.WP off again, the page", [F + 0x2004], 7
.end:   ret

; 8 MB apart and 16 MB apart: where a TLB has some hundred or thousand entries they share one.
test_collisions:
        mov     dword [DIRECTORY + 3 * 4], TABLE2 | P | W | U
        mov     dword [DIRECTORY + 5 * 4], TABLE3 | P | W | U
        mov     edi, TABLE1
        mov     esi, F | P | W | U
        mov     ecx, 1024
        xor     ebx, ebx
.fill:  mov     eax, ebx
        and     eax, 15
        shl     eax, 12
        or      eax, esi
        mov     [TABLE1 + ebx * 4], eax
        xor     eax, 0x5000
        mov     [TABLE2 + ebx * 4], eax
        xor     eax, 0xF000
        mov     [TABLE3 + ebx * 4], eax
        inc     ebx
        loop    .fill
        call    flush
        ; All pages of all three, twice: page n shows n, n ^ 5, n ^ 10 of the frames.
        xor     edx, edx                ; what is wrong
        mov     ebp, 2
.round: xor     ebx, ebx
.next:  mov     esi, ebx
        shl     esi, 12
        mov     ecx, ebx
        and     ecx, 15
        cmp     [0x400000 + esi], ecx
        je      .a
        inc     edx
.a:     xor     ecx, 5
        cmp     [0xC00000 + esi], ecx
        je      .b
        inc     edx
.b:     xor     ecx, 15
        cmp     [0x1400000 + esi], ecx
        je      .c
        inc     edx
.c:     inc     ebx
        cmp     ebx, 1024
        jb      .next
        dec     ebp
        jnz     .round
        check   "3072 pages, twice", edx, 0
        ; One instruction with two of them.
        mov     dword [F + 0x1010], 0x11111111
        mov     dword [F + 0x4010], 0
        mov     esi, 0x401010
        mov     edi, 0xC01010
        movsd
        check   "MOVSD between two that collide", [F + 0x4010], 0x11111111
        mov     esi, 0xC01FFE
        mov     eax, [esi]
        mov     bx, [F + 0x4FFE]
        mov     ecx, [F + 0x7000]
        shl     ecx, 16
        mov     cx, bx
        check   "over a seam that collides", eax, ecx
        mov     dword [DIRECTORY + 3 * 4], 0
        mov     dword [DIRECTORY + 5 * 4], 0
        call    flush
        ret

; D is set by the first write, also where a read had brought the page in.
test_dirty:
%macro bits_are 3
        mov     eax, %2
        and     eax, A | D
        check   {%1}, eax, %3
%endmacro
        now     F + 0x1000
        call    flush
        mov     eax, [PAGE2]
        bits_are "a read", [TABLE1 + 8], A
        mov     [PAGE2 + 8], eax
        bits_are "a write after a read", [TABLE1 + 8], A | D
        now     F + 0x1000
        call    flush
        mov     eax, [PAGE2]
        bits_are "cleared and flushed, a read", [TABLE1 + 8], A
        xchg    [PAGE2 + 8], eax
        bits_are "a read and write", [TABLE1 + 8], A | D
        ; Ring 3 writes what ring 0 has read, and the other way round.
        now     F + 0x1000
        call    flush
        mov     eax, [PAGE2]
        try_ring 3, .user
.user:  mov     [PAGE2 + 8], eax
        leave_ring
        expect_left "ring 3 writes"
        bits_are "ring 3 writes what ring 0 read", [TABLE1 + 8], A | D
        now     F + 0x1000
        call    flush
        try_ring 3, .reads
.reads: mov     eax, [PAGE2]
        leave_ring
        expect_left "ring 3 reads"
        bits_are "ring 3 reads", [TABLE1 + 8], A
        mov     [PAGE2 + 8], eax
        bits_are "ring 0 writes what ring 3 read", [TABLE1 + 8], A | D
        ; Over a seam: both pages.
        mov     dword [TABLE1 + 12], (F + 0x2000) | P | W | U
        now     F + 0x1000
        call    flush
        mov     eax, [PAGE2 + 0xFFE]
        mov     [PAGE2 + 0xFFE], eax
        bits_are "a write over a seam, the first", [TABLE1 + 8], A | D
        bits_are "a write over a seam, the second", [TABLE1 + 12], A | D
        ret

; An entry of the directory that changes.
test_directory:
        mov     dword [DIRECTORY + 2 * 4], TABLE1 | P | W | U
        now     F + 0x6000
        mov     dword [TABLE2 + 8], (F + 0x7000) | P | W | U
        call    flush
        mov     eax, [0x802000]
        mov     dword [DIRECTORY + 2 * 4], TABLE2 | P | W | U
        call    flush
        mov     ebx, [0x802000]
        check   "a table", eax, 6
        check   "another table", ebx, 7
        mov     dword [DIRECTORY + 2 * 4], TABLE2 | P | U
        call    flush
        try_ring 3, .write
.write: mov     [0x802000], eax
        expect_fault "a table that is read-only", PF, 7
        mov     dword [DIRECTORY + 2 * 4], 0
        call    flush
        try
        mov     eax, [0x802000]
        expect_fault "no table", PF, 0
        ; The directory by itself: FFC00000h is the tables, and a write through it needs a flush like any other.
        mov     dword [DIRECTORY + 1023 * 4], DIRECTORY | P | W
        now     F + 0x1000
        call    flush
        mov     eax, [PAGE2]
        mov     dword [0xFFC00000 + (PAGE2 >> 12) * 4], (F + 0x9000) | P | W | U
        call    flush
        mov     eax, [PAGE2]
        check   "a page mapped through the directory's own window", eax, 9
        ret

; A task switch that changes CR3 flushes; one that does not need not.
test_task:
        mov     esi, DIRECTORY
        mov     edi, DIRECTORY_B
        mov     ecx, 1024
        rep movsd
        mov     edi, B
        mov     ecx, 26
        xor     eax, eax
        rep stosd
        descriptor TASK_B, B, 103, TSS32, 0
        mov     dword [B + 28], DIRECTORY_B
        mov     dword [B + 32], .task
        mov     dword [B + 36], 2
        mov     dword [B + 56], WORK + 0x4000
        mov     dword [B + 76], KCODE
        mov     eax, KDATA
        mov     [B + 72], eax
        mov     [B + 80], eax
        mov     [B + 84], eax
        mov     dword [TSS + 28], DIRECTORY
        now     F + 0x1000
        call    flush
        mov     eax, [PAGE2]
        now     F + 0x2000
        call    TASK_B:0
        mov     ebx, [PAGE2]
        clts
        check   "a task switch flushes", [scratch], 2
        check   "and one back", ebx, 3
        ret
.task:  mov     eax, [PAGE2]
        mov     [scratch], eax
        now     F + 0x3000
        iretd

; The last page and the first: base + offset goes round at 4 GB, where pages have a seam like any other.
test_top:
        mov     dword [DIRECTORY + 1023 * 4], TABLE3 | P | W | U
        mov     dword [TABLE3 + 1023 * 4], (F + 0xA000) | P | W | U
        mov     dword [F + 0xAFFC], 0xABCD1234
        call    flush
        descriptor FREE + 0x18, 0xFFFFF000, 0xFFFF, DATA_RW, PAGES | BIG
        mov     eax, FREE + 0x18
        mov     fs, eax
        mov     ebx, [0]
        mov     eax, [fs:0xFFE]
        shl     ebx, 16
        mov     bx, 0xABCD
        check   "a read over 4 GB", eax, ebx
        mov     dword [TABLE3 + 1023 * 4], 0
        call    flush
        mov     eax, FREE + 0x18
        try
        mov     fs, eax
        mov     eax, [fs:0xFFE]
        expect_fault "the last page is missing", PF, 0
        check   "the last page is missing, CR2", [fault_cr2], 0xFFFFFFFE
        mov     dword [DIRECTORY + 1023 * 4], 0
        call    flush
        ret

test_invlpg:
        cmp     dword [level], 4
        jae     .yes
        ret
.yes:   cpu     486
        now     F + 0x1000
        mov     dword [TABLE1 + 12], (F + 0x2000) | P | W | U
        call    flush
        mov     eax, [PAGE2]
        mov     ebx, [PAGE2 + 0x1000]
        now     F + 0x3000
        mov     dword [TABLE1 + 12], (F + 0x4000) | P | W | U
        invlpg  [PAGE2 + 0x123]
        mov     eax, [PAGE2]
        mov     ebx, [PAGE2 + 0x1000]
        check   "INVLPG, its page", eax, 3
        check   "INVLPG, the next page stays", ebx, 2
        invlpg  [PAGE2 + 0x1FFF]
        mov     ebx, [PAGE2 + 0x1000]
        check   "INVLPG, the last byte of a page", ebx, 4
        ; By a segment with a base.
        descriptor FREE + 0x10, 0x2000, 0xFFFFF, DATA_RW, PAGES | BIG
        mov     eax, FREE + 0x10
        mov     fs, eax
        now     F + 0x5000
        invlpg  [fs:LINEAR]
        mov     ebx, [PAGE2]
        mov     eax, KDATA
        mov     fs, eax
        check   "INVLPG by a segment with a base", ebx, 5
        ; Of code: what runs is the new page.
        mov     byte [F + 0x1100], 0xB8
        mov     dword [F + 0x1101], 0x11111111
        mov     byte [F + 0x1105], 0xC3
        mov     byte [F + 0x2100], 0xB8
        mov     dword [F + 0x2101], 0x22222222
        mov     byte [F + 0x2105], 0xC3
        now     F + 0x1000
        invlpg  [PAGE2]
        mov     ebp, PAGE2 + 0x100
        call    ebp
        now     F + 0x2000
        invlpg  [PAGE2]
        call    ebp
        check   "INVLPG of code", eax, 0x22222222
        cpu     386
        ret

; 4 MB pages: the page at linear 8 MB is physical 0.
%macro cr4_pse 1
        mov     eax, cr4
        and     al, ~0x10
        or      al, %1
        mov     cr4, eax
%endmacro
LARGE           equ     0x800000
LARGE_PDE       equ     DIRECTORY + 2 * 4

test_large:
        cmp     dword [level], 5
        jae     .yes
        ret
.yes:   cpu     586
        cr4_pse 0x10
        mov     dword [LARGE_PDE], P | W | U | PS
        call    flush
        mov     eax, [LARGE + F + 0x3000]
        check   "4 MB page", eax, 3
        mov     dword [LARGE_PDE], 0x400000 | P | W | U | PS
        mov     dword [LARGE + 0x10], 0x44444444        ; physical 400010h
        call    flush
        mov     ebx, [LARGE + F + 0x3000]
        call    paging_off
        mov     eax, [0x400000 + F + 0x3000]
        mov     ecx, cr0
        or      ecx, 0x80000000
        mov     cr0, ecx
        jmp     short .on
.on:    check   "4 MB page at physical 4 MB", ebx, eax
        ; INVLPG of any address takes it whole.
        mov     dword [LARGE_PDE], P | W | U | PS
        call    flush
        mov     eax, [LARGE + F + 0x3000]
        mov     ebx, [LARGE + F + 0x4000]
        mov     dword [LARGE_PDE], TABLE1 | P | W | U
        mov     dword [TABLE1 + (F >> 12) * 4 + 12], (F + 0x8000) | P | W | U
        mov     dword [TABLE1 + (F >> 12) * 4 + 16], (F + 0x9000) | P | W | U
        invlpg  [LARGE]
        mov     eax, [LARGE + F + 0x3000]
        mov     ebx, [LARGE + F + 0x4000]
        check   "INVLPG of a 4 MB page", eax, 8
        check   "INVLPG of a 4 MB page, elsewhere in it", ebx, 9
        ; PS without PSE names a table.
        mov     dword [LARGE_PDE], TABLE1 | P | W | U | PS
        cr4_pse 0
        mov     eax, [LARGE + F + 0x3000]
        check   "PS without PSE", eax, 8
        mov     dword [LARGE_PDE], P | W | U | PS
        cr4_pse 0x10
        mov     eax, [LARGE + F + 0x3000]
        check   "CR4.PSE flushes", eax, 3
        ; Reserved bits, where there is no 36-bit extension for them: bit 21 has none.
        mov     dword [LARGE_PDE], 0x200000 | P | W | U | PS
        call    flush
        try
        mov     eax, [LARGE]
        expect_fault "a reserved bit, ring 0 reads", PF, 9
        check   "a reserved bit, CR2", [fault_cr2], LARGE
        try
        mov     [LARGE + 0x1234], eax
        expect_fault "a reserved bit, ring 0 writes", PF, 0xB
        try_ring 3, .user
.user:  mov     [LARGE], eax
        expect_fault "a reserved bit, ring 3 writes", PF, 0xF
        mov     dword [LARGE_PDE], 0x200000 | W | U | PS
        call    flush
        try
        mov     eax, [LARGE]
        expect_fault "a reserved bit of a missing page", PF, 0
        mov     dword [LARGE_PDE], P | W | U | PS
        call    flush
        ; A table's entry has no reserved bits; PS there is PAT or nothing.
        mov     dword [TABLE1 + 8], (F + 0x1000) | 0xE00 | PS | P | W | U
        call    flush
        mov     eax, [PAGE2]
        check   "bits 7 and 9-11 of a table's entry", eax, 1
        cpu     386
        ret

; All of P, W and U of a 4 MB page by rings 0 and 3, with WP off and on.
test_large_matrix:
        cmp     dword [level], 5
        jae     .yes
        ret
.yes:   xor     esi, esi                ; P, W, U | write << 3 | ring 3 << 4 | WP << 5
        xor     edi, edi
.case:  mov     eax, esi
        and     eax, 7
        or      eax, PS
        mov     [LARGE_PDE], eax
        mov     eax, cr0
        and     eax, ~0x10000
        test    esi, 0x20
        jz      .wp
        or      eax, 0x10000
.wp:    mov     cr0, eax
        call    flush
        push    esi
        push    edi
        mov     eax, esi
        shr     eax, 4
        and     eax, 1
        imul    eax, 3
        try
        push    dword .there
        push    eax
        jmp     enter_ring
.there: test    esi, 8
        jnz     .write
        mov     eax, [LARGE + 0x4000]
        int     BACK
.write: mov     [LARGE + 0x4000], al    ; no one's memory
        int     BACK
        caught
        pop     edi
        pop     esi
        ; EAX = the code that the access has, EDX = whether it is denied.
        mov     eax, esi
        shr     eax, 2
        and     eax, 6                  ; W and U of the code
        xor     edx, edx
        test    esi, P
        jz      .denied
        or      eax, 1
        test    esi, 0x10
        jz      .inner
        test    esi, U
        jz      .denied
        test    esi, 8
        jz      .allowed
        test    esi, W
        jz      .denied
        jmp     .allowed
.inner: test    esi, 8
        jz      .allowed
        test    esi, W
        jnz     .allowed
        test    esi, 0x20
        jz      .allowed
.denied:
        or      eax, PF << 16
        jmp     .compare
.allowed:
        mov     eax, BACK << 16
.compare:
        cmp     [last_fault], eax
        je      .next
        inc     edi
.next:  inc     esi
        cmp     esi, 64
        jb      .case
        mov     eax, cr0
        and     eax, ~0x10000
        mov     cr0, eax
        check   "4 MB page, P W U by rings 0 and 3, WP off and on", edi, 0
        mov     dword [LARGE_PDE], 0
        mov     eax, cr4
        and     al, ~0x10
        mov     cr4, eax
        call    flush
        ret

; Global pages, where CPUID has them. That MOV CR3 leaves them is allowed, not asked for (4.10.2.4): Bochs keeps them, QEMU not.
test_global:
        cmp     dword [level], 5
        jb      .no
        cpu     586
        mov     eax, 1
        cpuid
        test    dh, 0x20                ; PGE
        jnz     .yes
.no:    ret
.yes:   mov     eax, cr4
        or      al, 0x80
        mov     cr4, eax
        mov     dword [TABLE1 + 8], (F + 0x1000) | P | W | U | G
        mov     dword [TABLE1 + 12], (F + 0x2000) | P | W | U
        call    flush
        mov     eax, [PAGE2]
        mov     eax, [PAGE2 + 0x1000]
        mov     dword [TABLE1 + 8], (F + 0x3000) | P | W | U | G
        mov     dword [TABLE1 + 12], (F + 0x4000) | P | W | U
        call    flush
        mov     eax, [PAGE2]
        mov     ebx, [PAGE2 + 0x1000]
        check   "MOV CR3 flushes the others", ebx, 4
        invlpg  [PAGE2]
        mov     eax, [PAGE2]
        check   "INVLPG takes a global page", eax, 3
        mov     dword [TABLE1 + 8], (F + 0x5000) | P | W | U | G
        mov     eax, cr4
        and     al, ~0x80
        mov     cr4, eax
        mov     eax, [PAGE2]
        check   "CR4.PGE off flushes a global page", eax, 5
        mov     dword [TABLE1 + 8], (F + 0x6000) | P | W | U | G
        call    flush
        mov     eax, [PAGE2]
        check   "G without PGE means nothing", eax, 6
        cpu     386
        ret

rom_end
