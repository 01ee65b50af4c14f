; smc - code that changes: the next instruction, within a loop, over the end of a page, by each kind of write, by another
; linear address, on the stack, by DMA; REP under interrupts; what wraps at 64 KB and at 1 MB (A20).
;
; Run:    ./run-peer.sh bochs smc.img
; Ends:   smc: 66 passed, 0 failed
; After:  Intel SDM vol. 3A 8.1.3 (self-modifying code), 11.6; vol. 3B 20.1 (real-address mode), 8.7.13 (A20M#).
; Peers:  Bochs proves all; QEMU's TCG checks no limits. Code that changes the next instruction without a jump in between
;         is what a Pentium or later runs as written; a 486 may run the old one.

%define ROM_NAME "smc"
%include "rom.inc"
%include "level.inc"

DIRECTORY       equ     0x20000
TABLE0          equ     0x21000
LINEAR          equ     0x400000        ; a page that shows WORK a second time
BUFFER          equ     0x40000

main:
        call    find_level
        stage   0x10
        call    test_near
        stage   0x11
        call    test_writes
        stage   0x12
        call    test_pages
        stage   0x13
        call    test_stack
        stage   0x14
        call    test_alias
        stage   0x15
        call    test_rep
        stage   0x16
        jmp     test_real

test_near:
        mov     byte [.a + 1], 7
        jmp     short .a
.a:     mov     eax, 5
        check   "an operand, then a jump", eax, 7
        mov     byte [.b + 1], 9
.b:     mov     eax, 5
        check   "an operand of the next instruction", eax, 9
        mov     byte [.c], 0x4B         ; DEC EBX
        mov     ebx, 100
.c:     inc     ebx
        check   "the next but one", ebx, 99
        mov     word [.d], 0x9090
.d:     jmp     short .d_end
        mov     eax, 0x1234
.d_end: check   "a jump that goes away", eax, 0x1234
        ; A loop whose body turns from INC to DEC and back.
        mov     byte [.e], 0x43
        mov     ecx, 101
        mov     ebx, 0
.loop:  xor     byte [.e], 8
.e:     inc     ebx
        dec     ecx
        jnz     .loop
        check   "a body that changes each time", ebx, -1
        ; An instruction behind the write, and one before it.
        mov     ebx, 0
        mov     ecx, 3
.back:  add     ebx, 1
        inc     byte [.back + 2]
        dec     ecx
        jnz     .back
        check   "an instruction before the write", ebx, 1 + 2 + 3
        ; A function written again and again: the sum of 1 to 500.
        mov     byte [WORK], 0xB8       ; MOV EAX, n / RET
        mov     byte [WORK + 5], 0xC3
        mov     ecx, 500
        xor     ebx, ebx
        mov     edx, WORK
.again: mov     [WORK + 1], ecx
        call    edx
        add     ebx, eax
        dec     ecx
        jnz     .again
        check   "a function written 500 times", ebx, 125250
        ; The length of an instruction changes.
        mov     byte [.f], 0x66
.f:     nop
        mov     eax, 0x90905678
        movzx   eax, ax
        check   "a prefix that comes", eax, 0x5678
        ret

; WORK holds MOV EAX, 11111111h / RET, which was run; then it is changed by one instruction and run again.
%macro changed 3+                       ; name, what EAX must be, the write
        mov     byte [WORK], 0xB8
        mov     dword [WORK + 1], 0x11111111
        mov     byte [WORK + 5], 0xC3
        mov     ebp, WORK
        call    ebp
        call    ebp
        mov     ebx, WORK + 1
        mov     edi, WORK + 1
        mov     esi, .source
        mov     edx, 0x22222222
        mov     ecx, 4
        mov     eax, 0x33333333
        cld
        %3
        call    ebp
        check   {%1}, eax, %2
%endmacro

test_writes:
        changed "MOV byte", 0x11111122, mov [ebx], dl
        changed "MOV word", 0x11222211, mov [ebx + 1], dx
        changed "MOV dword", 0x22222222, mov [ebx], edx
        changed "ADD", 0x33333333, add [ebx], edx
        changed "INC", 0x11111112, inc dword [ebx]
        changed "NOT", 0x111111EE, not byte [ebx]
        changed "XCHG", 0x22222222, xchg [ebx], edx
        changed "SHL", 0x22222222, shl dword [ebx], 1
        changed "BTS", 0x91111111, bts dword [ebx], 31
        changed "SETcc", 0x11111100, setc [ebx]
        changed "STOSB", 0x11111133, stosb
        changed "STOSD", 0x33333333, stosd
        changed "MOVSD", 0x44444444, movsd
        changed "REP STOSB", 0x33333333, rep stosb
        changed "REP MOVSB", 0x44444444, rep movsb
        cmp     dword [level], 4
        jb      .no_xadd
        changed "XADD", 0x33333333, db 0x0F, 0xC1, 0x13
.no_xadd:
        mov     dword [WORK + 1], 0x11111111
        push    dword 0x55555555
        pop     dword [WORK + 1]
        call    ebp
        check   "POP to memory", eax, 0x55555555
        ; By the stack.
        mov     ebx, esp
        mov     esp, WORK + 5
        push    dword 0x66666666
        mov     esp, ebx
        call    ebp
        check   "PUSH", eax, 0x66666666
        ; REP STOS runs over the instruction behind itself.
        mov     edi, .hole
        mov     ecx, 6
        mov     al, 0x90
        mov     ebx, 1
        rep stosb
.hole:  times 6 inc ebx
        check   "REP STOS over the next instructions", ebx, 1
        ret
.source dd      0x44444444

test_pages:
        ; An instruction that lies over the end of a page, changed on each side.
        mov     edi, WORK + 0xFFD
        mov     byte [edi], 0xB8
        mov     dword [edi + 1], 0x11111111
        mov     byte [edi + 5], 0xC3
        call    edi
        mov     byte [edi + 1], 0x22
        call    edi
        check   "over the end of a page, the first part", eax, 0x11111122
        mov     byte [edi + 4], 0x33
        call    edi
        check   "over the end of a page, the second part", eax, 0x33111122
        mov     dword [edi + 1], 0x44444444
        call    edi
        check   "over the end of a page, both", eax, 0x44444444
        ; Code in one page that writes into the next, where it goes on.
        mov     edi, WORK + 0x1FF0
        mov     esi, .code
        mov     ecx, .code_end - .code
        rep movsb
        mov     dword [WORK + 0x2000], 0x90909090
        mov     byte [WORK + 0x2004], 0xC3
        mov     eax, WORK + 0x1FF0
        mov     ebx, 10
        call    eax
        check   "a write into the next page", ebx, 11
        ret
.code:  mov     byte [WORK + 0x2001], 0x43      ; INC EBX
        jmp     short $ + (16 - 7)
.code_end:

test_stack:
        mov     ecx, 3
        xor     ebx, ebx
.next:  push    dword 0x90C34343                ; INC EBX / INC EBX / RET
        call    esp
        pop     eax
        push    dword 0x9090C34B                ; DEC EBX / RET, at the same place
        call    esp
        pop     eax
        dec     ecx
        jnz     .next
        check   "code on the stack", ebx, 3
        ret

; Another linear address for the same memory: MOV CR3 serializes.
test_alias:
        mov     edi, DIRECTORY
        xor     eax, eax
        mov     ecx, 1024
        rep stosd
        mov     dword [DIRECTORY], TABLE0 | 7
        mov     dword [DIRECTORY + 4], (TABLE0 + 0x1000) | 7
        mov     edi, TABLE0
        mov     eax, 7
        mov     ecx, 1024
.low:   stosd
        add     eax, 0x1000
        loop    .low
        mov     dword [TABLE0 + 0x1000], WORK | 7
        mov     eax, DIRECTORY
        mov     cr3, eax
        mov     eax, cr0
        or      eax, 0x80000000
        mov     cr0, eax
        jmp     short .on
.on:    mov     byte [WORK], 0xB8
        mov     dword [WORK + 1], 0x11111111
        mov     byte [WORK + 5], 0xC3
        mov     edi, WORK
        call    edi
        mov     dword [LINEAR + 1], 0x22222222
        mov     eax, cr3
        mov     cr3, eax
        call    edi
        check   "written by another linear address", eax, 0x22222222
        mov     ebx, LINEAR
        call    ebx
        mov     dword [WORK + 1], 0x33333333
        mov     eax, cr3
        mov     cr3, eax
        call    ebx
        check   "run by another linear address", eax, 0x33333333
        ; The same linear address shows another page.
        mov     byte [WORK + 0x5000], 0xB8
        mov     dword [WORK + 0x5001], 0x55555555
        mov     byte [WORK + 0x5005], 0xC3
        call    ebx
        mov     dword [TABLE0 + 0x1000], (WORK + 0x5000) | 7
        mov     eax, cr3
        mov     cr3, eax
        call    ebx
        check   "another page at the same address", eax, 0x55555555
        mov     eax, cr0
        and     eax, 0x7FFFFFFF
        mov     cr0, eax
        ret

; The timer's interrupt comes within REP STOS: EIP is that of the instruction, and the work is done in full.
test_rep:
        vector  8, KCODE, .timer, INT32 ; the 8259A is as the BIOS left it
        mov     al, 0x34
        out     0x43, al
        mov     al, 0xA9
        out     0x40, al
        mov     al, 0x04
        out     0x40, al
        mov     dword [scratch], 0
        mov     dword [scratch2], 0
        mov     ebx, 100000             ; tries
        mov     al, 0xFE
        out     0x21, al
        sti
.next:  mov     edi, BUFFER
        mov     ecx, 0x4000
        mov     eax, ebx
.rep:   rep stosd
        cmp     edi, BUFFER + 0x10000
        jne     .end
        cmp     [BUFFER + 0xFFFC], ebx
        jne     .end
        cmp     [BUFFER + 0x8000], ebx
        jne     .end
        cmp     dword [scratch2], 3
        jae     .end
        dec     ebx
        jnz     .next
.end:   cli
        mov     al, 0xFF
        out     0x21, al
        sub     edi, BUFFER
        check   "REP STOS under interrupts, EDI", edi, 0x10000
        check   "REP STOS under interrupts, ECX", ecx, 0
        check   "REP STOS under interrupts, the last", [BUFFER + 0xFFFC], ebx
        cmp     dword [scratch2], 3
        setae   al
        movzx   eax, al
        check   "interrupts came within REP STOS", eax, 1
        jmp     build_vectors
.timer: push    eax
        cmp     dword [ss:esp + 4], .rep
        jne     .elsewhere
        test    ecx, ecx
        jz      .elsewhere
        cmp     ecx, 0x4000
        je      .elsewhere
        inc     dword [ss:scratch2]
.elsewhere:
        mov     al, 0x20
        out     0x20, al
        pop     eax
        iretd

; Real mode. Results are kept in memory and compared afterwards.
RESULTS         equ     0x5000
%macro keep 2                           ; number, a 16-bit register
        mov     [RESULTS + (%1) * 4], %2
        mov     word [RESULTS + (%1) * 4 + 2], 0
%endmacro
%macro result 3                         ; name, number, want
        check   {%1}, [RESULTS + (%2) * 4], %3
%endmacro

RSEG             equ     0x2000          ; the segment that the tests use: 64 KB from 20000h on
DISK_SEG        equ     0x3000

test_real:
        mov     edi, RESULTS
        mov     ecx, 64
        mov     eax, 0xFFFFFFFF
        rep stosd
        mov     edi, RSEG << 4
        mov     ecx, 0x10000 / 4
        xor     eax, eax
        rep stosd
        jmp     CODE16:.sixteen
        bits    16
.sixteen:
        mov     ax, DATA16
        mov     ds, ax
        mov     es, ax
        mov     fs, ax
        mov     gs, ax
        mov     ss, ax
        mov     sp, BOOT_STACK - 0x100
        lidt    [real_idtr]
        mov     eax, cr0
        and     al, 0xFE
        mov     cr0, eax
        jmp     0:.real
.real:  xor     ax, ax
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        call    real_tests
        cli
        mov     al, 0xFF
        out     0x21, al
        out     0xA1, al
        lgdt    [rom_gdtr]
        lidt    [rom_idtr]
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        jmp     KCODE:.back
        bits    32
.back:  mov     eax, KDATA
        mov     ds, eax
        mov     es, eax
        mov     fs, eax
        mov     gs, eax
        mov     ss, eax
        mov     esp, BOOT_STACK - 4
        result  "PUSH with SP = 0", 0, 0xFFFE
        result  "PUSH with SP = 0, the word", 1, 0x1234
        result  "[BX+SI] wraps", 2, 0x5A5A
        result  "[BX+SI+disp] wraps", 3, 0x5A5A
        result  "REP STOSB wraps DI", 4, 2
        result  "REP STOSB wraps DI, the last bytes", 5, 0x7777
        result  "REP STOSB wraps DI, the first bytes", 6, 0x7777
        result  "a short jump wraps IP", 7, 0x0101
        result  "a near CALL wraps IP", 8, 0x0202
        result  "a word at FFFFh: INT 13", 9, 13
        result  "a word at FFFFh by SS: INT 12", 10, 12
        result  "POP with SP = FFFFh: INT 12", 11, 12
        result  "INT 13, IP of the instruction", 12, real_tests.fault_here
        result  "DIV by 0: IP of the instruction", 13, real_tests.div_here
        result  "running over FFFFh: INT 13", 14, 13
        result  "LOOP counts in CX", 15, 0
        result  "LOOP with an address size of 32 bits", 16, 3
        result  "A20 off, FFFF:0610 is 0000:0600", 17, 0x1111
        result  "A20 on, it is not", 18, 0x2222
        result  "A20 off, a write", 19, 0x3333
        result  "A20 off, code runs there", 20, 0x4444
        result  "A20 on, other code runs there", 21, 0x5555
        result  "code read from the disk, before", 22, 0x0BAD
        result  "code read from the disk, the BIOS", 23, 0
        result  "code read from the disk, after", 24, 0x600D
        result  "XLAT wraps", 25, 0x5A
        result  "an offset of 32 bits over FFFFh: INT 13", 26, 13
        ret

real_idtr:
        dw      0x3FF
        dd      0

        bits    16
real_tests:
        ; The IVT's 0, 12 and 13, and 6 for what runs wild.
        mov     word [0 * 4], divide
        mov     word [0 * 4 + 2], 0
        mov     word [12 * 4], stack_fault
        mov     word [12 * 4 + 2], 0
        mov     word [13 * 4], general
        mov     word [13 * 4 + 2], 0
        mov     word [6 * 4], undefined
        mov     word [6 * 4 + 2], 0
        mov     [scratch], sp

        mov     ax, RSEG
        mov     ss, ax
        xor     sp, sp
        push    word 0x1234
        mov     bx, sp
        mov     dx, [ss:0xFFFE]
        xor     ax, ax
        mov     ss, ax
        mov     sp, [scratch]
        keep    0, bx
        keep    1, dx

        mov     ax, RSEG
        mov     es, ax
        mov     word [es:0x10], 0x5A5A
        mov     bx, 0xFFF0
        mov     si, 0x0020
        mov     ax, [es:bx + si]
        keep    2, ax
        mov     bx, 0x8000
        mov     si, 0x4000
        mov     ax, [es:bx + si + 0x4010]
        keep    3, ax
        mov     bx, 0xFFF0
        mov     al, 0x20
        es xlatb
        mov     ah, 0
        keep    25, ax
        mov     di, 0xFFFE
        mov     cx, 4
        mov     al, 0x77
        cld
        rep stosb
        keep    4, di
        mov     ax, [es:0xFFFE]
        keep    5, ax
        mov     ax, [es:0]
        keep    6, ax

        ; FFF0: JMP short +40h, to 0032h: MOV AX, 0101h / RETF
        mov     word [es:0xFFF0], 0x40EB
        mov     byte [es:0x0032], 0xB8
        mov     word [es:0x0033], 0x0101
        mov     byte [es:0x0035], 0xCB
        xor     ax, ax
        call    RSEG:0xFFF0
        keep    7, ax
        ; FFF0: CALL near to 0040h: MOV AX, 0202h / RET; then RETF
        mov     byte [es:0xFFF0], 0xE8
        mov     word [es:0xFFF1], 0x004D
        mov     byte [es:0xFFF3], 0xCB
        mov     byte [es:0x0040], 0xB8
        mov     word [es:0x0041], 0x0202
        mov     byte [es:0x0043], 0xC3
        xor     ax, ax
        call    RSEG:0xFFF0
        keep    8, ax

        mov     word [resume], .r9
        xor     bp, bp
.fault_here:
        mov     ax, [es:0xFFFF]
.r9:    keep    9, bp
        mov     ax, [fault_ip]
        keep    12, ax
        mov     word [resume], .r26
        xor     bp, bp
        mov     al, [es:dword 0x10000]
.r26:   keep    26, bp
        mov     word [resume], .r10
        xor     bp, bp
        mov     ax, [ss:0xFFFF]
.r10:   keep    10, bp
        mov     word [resume], .r11
        xor     bp, bp
        mov     sp, 0xFFFF
        pop     ax
.r11:   mov     sp, [scratch]
        keep    11, bp
        ; NOP at FFFFh, behind which IP would be 10000h. Where it wraps or goes on, UD2 ends it.
        mov     byte [es:0xFFFF], 0x90
        mov     word [es:0], 0x0B0F
        mov     ax, DISK_SEG
        mov     fs, ax
        mov     word [fs:0], 0x0B0F
        mov     word [resume], .r14
        xor     bp, bp
        jmp     RSEG:0xFFFF
.r14:   keep    14, bp
        mov     word [resume], .r13
        xor     dx, dx
        xor     cx, cx
.div_here:
        div     cx
.r13:   mov     ax, [fault_ip]
        keep    13, ax

        mov     ecx, 0x00010003
.loop:  inc     dx
        loop    .loop
        mov     ax, cx
        keep    15, ax
        mov     ecx, 3
        xor     dx, dx
.loop32:
        inc     dx
        a32 loop .loop32
        keep    16, dx

        ; A20. 0000:0600 and FFFF:0610.
        mov     ax, 0xFFFF
        mov     fs, ax
        call    a20_off
        mov     dword [0x4E00], 0
        mov     word [0x4E00], 0x1111
        mov     ax, [fs:0x4E10]
        keep    17, ax
        call    a20_on
        mov     word [fs:0x4E10], 0x2222
        mov     word [0x4E00], 0x1111
        mov     ax, [fs:0x4E10]
        keep    18, ax
        call    a20_off
        mov     word [fs:0x4E10], 0x3333
        mov     ax, [0x4E00]
        keep    19, ax
        ; MOV AX, n / RETF at 0000:4E20, with A20 on another at FFFF:4E30.
        mov     byte [0x4E20], 0xB8
        mov     word [0x4E21], 0x4444
        mov     byte [0x4E23], 0xCB
        call    a20_on
        mov     byte [fs:0x4E30], 0xB8
        mov     word [fs:0x4E31], 0x5555
        mov     byte [fs:0x4E33], 0xCB
        call    0xFFFF:0x4E30
        keep    21, ax
        call    a20_off
        call    0xFFFF:0x4E30
        keep    20, ax
        call    a20_on
        call    0xFFFF:0x4E30
        keep    21, ax

        ; The disk's DMA writes over code that ran.
        mov     ax, DISK_SEG
        mov     es, ax
        mov     byte [es:0], 0xB8
        mov     word [es:1], 0x0BAD
        mov     byte [es:3], 0xCB
        call    DISK_SEG:0
        call    DISK_SEG:0
        keep    22, ax
        mov     al, 0xB8                ; timer, keyboard, cascade, floppy
        out     0x21, al
        sti
        mov     bp, 4
.read:  mov     ax, 0x0201
        mov     cx, (disk_code - $$) / 512 / SECTORS * 256 + (disk_code - $$) / 512 % SECTORS + 1
        xor     bx, bx
        xor     dx, dx
        int     0x13
        jnc     .done
        mov     ah, 0
        int     0x13
        dec     bp
        jnz     .read
        stc
.done:  sbb     ax, ax
        cli
        push    ax
        xor     ax, ax
        mov     ds, ax
        pop     ax
        keep    23, ax
        call    DISK_SEG:0
        keep    24, ax
        ret

a20_off:
        in      al, 0x92
        and     al, 0xFC
        out     0x92, al
        ret
a20_on:
        in      al, 0x92
        and     al, 0xFC
        or      al, 2
        out     0x92, al
        ret

divide: mov     bp, 0
        jmp     caught_real
undefined:
        mov     bp, 6
        jmp     caught_real
stack_fault:
        mov     bp, 12
        jmp     caught_real
general:
        mov     bp, 13
caught_real:
        pop     ax
        mov     [cs:fault_ip], ax
        mov     sp, [cs:scratch]
        jmp     [cs:resume]
resume  dw      0
fault_ip dw     0

        align   512, db 0
disk_code:
        mov     ax, 0x600D
        retf
        bits    32

rom_end
