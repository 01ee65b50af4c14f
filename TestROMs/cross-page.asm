; cross-page - code over the end of a page whose two parts have frames of their own: every split, missing and protected second
; pages, remapping; code that changes itself or other code there, through its own address and through another; the A bits.
;
; Run:    ./run-peer.sh bochs cross-page.img
; Ends:   cross-page: 40 passed, 0 failed
; After:  Intel SDM vol. 3A 8.1.3 (self- and cross-modifying code), 4.7, 4.8, 4.10.4 (TLB), 11.6.
; Peers:  QEMU proves all; Bochs keeps an instruction over a seam whose second page is mapped anew (2 lines).

%define ROM_NAME "cross-page"
%include "rom.inc"
%include "level.inc"
%include "pages.inc"

; Page 0 of LINEAR is frame 0, page 1 is frame 5: the frames do not follow each other. Pages 8 and 9 show the same frames.
FIRST           equ     LINEAR
SECOND          equ     LINEAR + 0x1000
ALIAS           equ     LINEAR + 0x8000
FRAME0          equ     FRAMES
FRAME5          equ     FRAMES + 0x5000
FRAME6          equ     FRAMES + 0x6000

main:
        call    find_level
        call    paging_on
        call    map_both
        stage   0x10
        call    test_splits
        stage   0x11
        call    test_missing
        stage   0x12
        call    test_rights
        stage   0x13
        call    test_remap
        stage   0x14
        call    test_itself
        stage   0x15
        call    test_alias
        stage   0x16
        call    test_other_page
        stage   0x17
        call    test_strings
        stage   0x18
        call    test_accessed
        call    paging_off
        ret

map_both:
        map     0, P | W | U
        map_to  1, FRAME5 | P | W | U
        map_to  8, FRAME0 | P | W | U
        map_to  9, FRAME5 | P | W | U
        ret

; Flushes all that a CPU of the time may hold of old code.
serialize:
        push    eax
        mov     eax, cr3
        mov     cr3, eax
        pop     eax
        ret

; An instruction of 11 bytes and a RET, at each place over the seam: ECX bytes of it lie in the first page.
code:   db      0x66, 0x26, 0xC7, 0x84, 0x9B    ; MOV WORD [ES:EBX+EBX*4+12345678h], 55AAh
        dd      0x00000010
        dw      0x55AA
        ret
CODE_SIZE       equ     $ - code

test_splits:
        mov     ebp, 1
        xor     edx, edx                ; how many went wrong
.next:  mov     edi, SECOND
        sub     edi, ebp
        mov     esi, code
        mov     ecx, CODE_SIZE
        rep movsb
        mov     dword [WORK * 5 + 0x10], 0
        mov     edi, SECOND
        sub     edi, ebp
        mov     ebx, WORK
        call    edi
        cmp     dword [WORK * 5 + 0x10], 0x55AA
        je      .good
        inc     edx
.good:  mov     byte [edi + 9], 0x77    ; an operand, on either side
        call    edi
        cmp     dword [WORK * 5 + 0x10], 0x5577
        je      .good2
        inc     edx
.good2: inc     ebp
        cmp     ebp, CODE_SIZE
        jb      .next
        check   "every split", edx, 0
        ; What runs is the second page's frame and not the next frame.
        mov     dword [FRAMES + 0x1000], 0x0B0F0B0F
        mov     word [SECOND - 1], 0x40EB       ; JMP short, whose last byte is in the second page
        mov     dword [SECOND + 0x41], 0x0B0F
        try
        jmp     SECOND - 1
        expect_fault "JMP short over the seam", UD, 0
        check   "JMP short over the seam, EIP", [fault_eip], SECOND + 0x41
        ret

; MOV EAX, 12345678h with one byte before the seam, then RET.
put_mov:
        mov     byte [ALIAS + 0xFFF], 0xB8
        mov     dword [ALIAS + 0x1000], 0x12345678
        mov     byte [ALIAS + 0x1004], 0xC3
        ret

test_missing:
        call    put_mov
        map     1, 0
        xor     eax, eax
        try
        call    SECOND - 1
        expect_fault "the second page is missing", PF, 0
        check   "the second page is missing, CR2", [fault_cr2], SECOND
        check   "the second page is missing, EIP", [fault_eip], SECOND - 1
        check   "the second page is missing, EAX", eax, 0
        ; A handler that brings it: the instruction is run again.
        vector  PF, KCODE, .bring, INT32
        mov     dword [scratch], 0
        call    SECOND - 1
        check   "the second page comes", eax, 0x12345678
        check   "the second page comes, one fault", [scratch], 1
        ; Both are missing: first the first, then the second.
        map     0, 0
        map     1, 0
        mov     dword [scratch], 0
        xor     eax, eax
        call    SECOND - 1
        check   "both pages come", eax, 0x12345678
        check   "both pages come, two faults", [scratch], 2
        call    build_vectors
        call    map_both
        ; The code was decoded before; then the second page goes.
        call    SECOND - 1
        map     1, 0
        try
        call    SECOND - 1
        expect_fault "the second page goes", PF, 0
        call    map_both
        ret
.bring: push    eax
        inc     dword [scratch]
        mov     eax, cr2
        cmp     eax, SECOND
        jb      .low
        mov     dword [TABLE1 + 4], FRAME5 | P | W | U
        jmp     .end
.low:   mov     dword [TABLE1], FRAME0 | P | W | U
.end:   pop     eax
        add     esp, 4
        iretd

test_rights:
        call    put_mov
        map_to  1, FRAME5 | P | W
        try_ring 3, .user
.user:  call    SECOND - 1
        leave_ring
        expect_fault "ring 3, the second page is of ring 0", PF, 5
        check   "ring 3, the second page is of ring 0, CR2", [fault_cr2], SECOND
        check   "ring 3, the second page is of ring 0, EIP", [fault_eip], SECOND - 1
        map_to  1, FRAME5 | P | U
        try_ring 3, .read
.read:  call    SECOND - 1
        leave_ring
        expect_left "ring 3, the second page is read-only"
        ; Ring 0 ran it; that says nothing for ring 3.
        map_to  1, FRAME5 | P | W
        call    SECOND - 1
        try_ring 3, .after
.after: call    SECOND - 1
        leave_ring
        expect_fault "ring 3 after ring 0", PF, 5
        call    map_both
        ret

test_remap:
        call    put_mov
        call    SECOND - 1
        mov     dword [FRAME6], 0x9ABCDEF0
        mov     byte [FRAME6 + 4], 0xC3
        mov     dword [TABLE1 + 4], FRAME6 | P | W | U
        call    serialize
        call    SECOND - 1
        check   "another second page by CR3", eax, 0x9ABCDEF0
        mov     dword [TABLE1 + 4], FRAME5 | P | W | U
        cmp     dword [level], 4
        jb      .no_486
        cpu     486
        invlpg  [SECOND]
        cpu     386
        jmp     .flushed
.no_486:
        call    serialize
.flushed:
        call    SECOND - 1
        check   "another second page by INVLPG", eax, 0x12345678
        ; Code in another page calls it in a loop while it is remapped.
        mov     ecx, 6
        xor     ebx, ebx
.loop:  xor     dword [TABLE1 + 4], (FRAME5 ^ FRAME6)
        or      dword [TABLE1 + 4], P
        call    serialize
        call    SECOND - 1
        add     ebx, eax
        loop    .loop
        check   "a loop around pages that change", ebx, (0x9ABCDEF0 * 3 + 0x12345678 * 3) & 0xFFFFFFFF
        call    map_both
        ret

; Code that changes itself over the seam: each operand byte, then the opcode.
test_itself:
        call    put_mov
        mov     ebp, SECOND - 1
        mov     ecx, 4
        mov     edx, SECOND
        xor     ebx, ebx
.next:  call    ebp
        not     byte [edx]
        inc     edx
        call    ebp
        add     ebx, eax
        loop    .next
        check   "each byte of the operand", ebx, (0x12345687 + 0x1234A987 + 0x12CBA987 + 0xEDCBA987) & 0xFFFFFFFF
        mov     byte [SECOND - 1], 0xB9 ; MOV ECX
        call    ebp
        check   "the opcode before the seam", ecx, 0xEDCBA987
        mov     byte [SECOND - 1], 0xB8
        ; One write over both pages.
        mov     dword [SECOND - 1], 0x445566B8
        call    ebp
        check   "one write over both pages", eax, 0xED445566
        ; An instruction just before the seam writes the one that lies over it.
        mov     dword [FIRST + 0xFF5], 0x000005C7       ; MOV DWORD [SECOND], 0A0B0C0Dh
        mov     dword [FIRST + 0xFF7], SECOND
        mov     dword [FIRST + 0xFFB], 0x0A0B0C0D
        mov     byte [FIRST + 0xFFF], 0xB8
        mov     ebp, FIRST + 0xFF5
        call    ebp
        check   "the next instruction, over the seam", eax, 0x0A0B0C0D
        mov     dword [FIRST + 0xFFB], 0x01020304
        call    ebp
        check   "the next instruction, over the seam, again", eax, 0x01020304
        ret

; The same memory by another linear address.
test_alias:
        call    put_mov
        mov     ebp, SECOND - 1
        call    ebp
        mov     dword [ALIAS + 0x1000], 0x11111111
        call    serialize
        call    ebp
        check   "the second page by its alias", eax, 0x11111111
        mov     byte [ALIAS + 0xFFF], 0xB9
        call    serialize
        xor     ecx, ecx
        call    ebp
        check   "the first page by its alias", ecx, 0x11111111
        mov     byte [FRAME0 + 0xFFF], 0xB8
        mov     dword [FRAME5], 0x22222222
        call    serialize
        call    ebp
        check   "by the frames' own addresses", eax, 0x22222222
        ; Both names run; the write goes by a third.
        mov     ebx, ALIAS + 0xFFF
        call    ebx
        mov     dword [FRAME5], 0x33333333
        call    serialize
        call    ebx
        mov     ecx, eax
        call    ebp
        check   "one of two names", ecx, 0x33333333
        check   "the other", eax, 0x33333333
        ; Only the alias may be written.
        map     0, P | U
        map_to  1, FRAME5 | P | U
        call    ebp
        mov     dword [ALIAS + 0x1000], 0x44444444
        call    serialize
        call    ebp
        check   "code that is read-only, by its alias", eax, 0x44444444
        call    map_both
        ret

; Code in one page that changes code in another, which goes on in the first.
test_other_page:
        ; FIRST: INC BYTE [SECOND + 1] / JMP SECOND. SECOND: MOV AL, n / LOOP FIRST (near) / RET
        mov     word [FIRST], 0x05FE
        mov     dword [FIRST + 2], SECOND + 1
        mov     byte [FIRST + 6], 0xE9
        mov     dword [FIRST + 7], SECOND - (FIRST + 11)
        mov     word [SECOND], 0x00B0
        mov     byte [SECOND + 2], 0x49         ; DEC ECX
        mov     word [SECOND + 3], 0x850F       ; JNZ FIRST
        mov     dword [SECOND + 5], FIRST - (SECOND + 9)
        mov     byte [SECOND + 9], 0xC3
        mov     ecx, 100
        xor     eax, eax
        mov     ebp, FIRST
        call    ebp
        check   "two pages that change each other's loop", eax, 100
        ; A page that was data becomes code, then data, then code.
        mov     ecx, 5
        xor     ebx, ebx
.turn:  mov     edi, SECOND
        push    ecx
        mov     eax, 0x90909090
        mov     ecx, 0x3FF
        rep stosd
        pop     ecx
        mov     byte [SECOND], 0xB8
        mov     [SECOND + 1], ecx
        mov     byte [SECOND + 0xFFF], 0xC3
        mov     byte [SECOND + 0xFFE], 0x90
        mov     word [SECOND + 0xFFC], 0x9090
        mov     ebp, SECOND
        call    ebp
        add     ebx, eax
        dec     ecx
        jnz     .turn
        check   "a page filled and run, five times", ebx, 15
        ret

; String instructions that run over code, also over the seam and their own next instruction.
test_strings:
        call    put_mov
        mov     ebp, SECOND - 1
        call    ebp
        mov     edi, SECOND - 1
        mov     esi, .new
        mov     ecx, 6
        rep movsb
        call    ebp
        check   "REP MOVSB over the seam", eax, 0xCAFEBABE
        mov     edi, SECOND + 3
        std
        mov     ecx, 4
        mov     al, 0x5A
        rep stosb
        cld
        call    ebp
        check   "REP STOSB downwards", eax, 0x5A5A5A5A
        ; REP STOSB at the end of the first page, which fills what it goes on with.
        mov     word [FIRST + 0xFFE], 0xAAF3
        mov     dword [SECOND], 0x0B0F0B0F
        mov     byte [SECOND + 4], 0xC3
        mov     edi, SECOND
        mov     ecx, 4
        mov     al, 0x90
        try
        mov     ebp, FIRST + 0xFFE
        call    ebp
        expect_none "REP STOSB over its next instructions"
        ; A CALL whose push lands on code.
        call    put_mov
        mov     ebp, SECOND - 1
        call    ebp
        mov     ebx, esp
        mov     esp, SECOND + 4
        push    dword 0x76543210
        mov     esp, ebx
        call    ebp
        check   "PUSH over code", eax, 0x76543210
        ret
.new:   db      0xB8
        dd      0xCAFEBABE
        ret

; The accessed bits of both pages; D stays off.
test_accessed:
        call    put_mov
        map     0, P | W | U
        map_to  1, FRAME5 | P | W | U
        call    SECOND - 1
        mov     eax, [TABLE1]
        and     eax, A | D
        check   "the first page, A", eax, A
        mov     eax, [TABLE1 + 4]
        and     eax, A | D
        check   "the second page, A", eax, A
        ; An instruction that ends with the page does not touch the next.
        mov     byte [ALIAS + 0xFFF], 0xC3
        map     0, P | W | U
        map_to  1, FRAME5 | P | W | U
        call    SECOND - 1
        map     1, 0
        try
        call    SECOND - 1
        expect_none "RET at the end of a page, the next missing"
        call    map_both
        ret

rom_end
