; wrap16 - what wraps at 64 KB and what faults there: IP, SP, effective addresses, strings, stack frames, far pointers, in real
; mode, in virtual-8086 mode and in 16-bit protected mode; 16-bit addresses and operands in 32-bit code.
;
; Run:    ./run-peer.sh bochs wrap16.img
; Ends:   wrap16: 172 passed, 0 failed
; After:  Intel SDM vol. 3B 20.1.1 (addresses), 21.3 (mixed code), vol. 1 3.3.5, vol. 2 PUSH, CALL, LOOP, the string instructions.
; Peers:  Bochs proves all but the vector of PUSHA with SP 9 (SDM 2 PUSHA: #GP); QEMU knows no limits and runs wild in the faults of real mode.

%define ROM_NAME "wrap16"
%include "rom.inc"
%include "v86.inc"
%include "real.inc"

RSEG            equ     0x2000          ; 64 KB from 20000h on are what the tests wrap in
AREA            equ     RSEG << 4
RESULTS         equ     0x5000          ; a dword for each result
RESULTS_MOST    equ     64
C16             equ     FREE            ; 64 KB of code and data of 16 bits at AREA
D16             equ     FREE + 0x08
C16_3           equ     FREE + 0x10
D16_3           equ     FREE + 0x18

%macro keep 2                           ; number, a 16-bit register; FS is flat
        mov     [fs:RESULTS + (%1) * 4], %2
        mov     word [fs:RESULTS + (%1) * 4 + 2], 0
%endmacro
%macro result 3                         ; name, number, want
        check   {mode, %1}, [RESULTS + (%2) * 4], %3
%endmacro

main:
        descriptor C16, AREA, 0xFFFF, CODE_XR, 0
        descriptor D16, AREA, 0xFFFF, DATA_RW, 0
        stage   0x10
        call    clear_results
        in_real wrap_real
        call    real_results
        stage   0x11
        call    clear_results
        v86     IOPL3, call wrap_v86
        expect_end "virtual-8086 mode"
        call    v86_results
        stage   0x12
        call    clear_results
        call    wrap_protected
        call    protected_results
        stage   0x13
        call    clear_results
        in_real real_faults
        call    real_fault_results
        stage   0x14
        call    test_v86_faults
        stage   0x15
        call    test_protected_faults
        stage   0x16
        jmp     test_mixed

clear_results:
        cld
        mov     edi, RESULTS
        mov     ecx, RESULTS_MOST
        or      eax, -1
        rep stosd
        mov     edi, AREA
        mov     ecx, 0x4000
        xor     eax, eax
        rep stosd
        ret

        bits    16
; The same in all three modes; nothing here faults.
%macro wrapping 3                       ; AREA as data, AREA as code, flat data
        mov     ax, %3
        mov     fs, ax
        mov     ax, %1
        mov     es, ax
        mov     bp, sp
        mov     dx, ss
        ; The stack.
        mov     ss, ax
        xor     sp, sp
        push    word 0x1234
        mov     bx, sp
        keep    0, bx
        mov     bx, [es:0xFFFE]
        keep    1, bx
        mov     sp, 0xFFFE
        pop     ax
        mov     bx, sp
        keep    2, bx
        mov     sp, 6                   ; PUSHA from 6: 4, 2, 0, FFFEh and down
        pusha
        mov     bx, sp
        keep    3, bx
        popa
        mov     bx, sp
        keep    4, bx
        mov     sp, 4
        push    dword 0x89ABCDEF
        mov     bx, [es:0]
        keep    5, bx
        mov     sp, 0
        push    dword 0x76543210
        mov     bx, [es:0xFFFC]
        keep    6, bx
        mov     sp, 4
        call    %%near
%%near: mov     bx, sp
        keep    7, bx
        mov     sp, 0
        push    bp
        mov     bp, sp
        mov     bx, [bp + 2]            ; FFFEh + 2 is 0
        keep    8, bx
        pop     bp
        mov     sp, 0
        enter   4, 0
        mov     bx, sp
        keep    9, bx
        leave
        mov     bx, sp
        keep    10, bx
        mov     ss, dx
        mov     sp, bp
        ; Addresses.
        mov     word [es:0x10], 0x5A5A
        mov     bx, 0xFFF0
        mov     si, 0x20
        mov     ax, [es:bx + si]
        keep    11, ax
        mov     bx, 0x8000
        mov     si, 0x4000
        mov     ax, [es:bx + si + 0x4010]
        keep    12, ax
        mov     di, 0x30
        mov     ax, [es:di - 0x20]
        keep    13, ax
        mov     bx, 8
        mov     ax, [es:bx + 8]
        keep    14, ax
        mov     bx, 0xFFF0
        mov     al, 0x20
        es xlatb
        mov     ah, 0
        keep    15, ax
        mov     bx, 0xFFFF
        lea     ax, [bx + 2]
        keep    16, ax
        lea     eax, [bx + 2]           ; with an address of 16 bits
        keep    17, ax
        ; Strings.
        cld
        mov     di, 0xFFFE
        mov     cx, 4
        mov     al, 0x77
        rep stosb
        keep    18, di
        mov     ax, [es:0xFFFE]
        keep    19, ax
        mov     ax, [es:0]
        keep    20, ax
        std
        mov     di, 1
        mov     cx, 4
        mov     al, 0x66
        rep stosb
        keep    21, di
        cld
        mov     ax, [es:0xFFFE]
        keep    22, ax
        mov     word [es:0xFFFE], 0x1122
        mov     word [es:0], 0x3344
        mov     si, 0xFFFE
        mov     di, 0x100
        mov     cx, 2
        es rep movsw
        keep    23, si
        mov     ax, [es:0x102]
        keep    24, ax
        mov     di, 0xFFFC
        mov     ax, 0x3344
        mov     cx, 10
        repne scasw
        keep    25, di
        keep    26, cx
        mov     si, 0xFFFC
        mov     cx, 4
        es rep lodsb
        keep    27, si
        ; CX.
        xor     cx, cx
        mov     bx, 0
%%loop: inc     bx
        loop    %%loop
        keep    28, bx                  ; 65536 times
        mov     ecx, 0x10000
        mov     bx, 1
        jcxz    %%zero
        mov     bx, 0
%%zero: keep    29, bx
        mov     ecx, 0x10000
        mov     di, 0x200
        rep stosb                       ; CX is 0
        keep    30, di
        ; Code: FFF0h: JMP short to 0032h, CALL near to 0040h and back, a CALL whose IP is 0 behind it.
        mov     word [es:0xFFF0], 0x40EB
        mov     byte [es:0x0032], 0xB8
        mov     word [es:0x0033], 0x0101
        mov     byte [es:0x0035], 0xCB
        xor     ax, ax
        call    %2:0xFFF0
        keep    31, ax
        mov     byte [es:0xFFF0], 0xE8
        mov     word [es:0xFFF1], 0x004D
        mov     byte [es:0xFFF3], 0xCB
        mov     byte [es:0x0040], 0xB8
        mov     word [es:0x0041], 0x0202
        mov     byte [es:0x0043], 0xC3
        xor     ax, ax
        call    %2:0xFFF0
        keep    32, ax
        ; 0010h: JMP near back over 0 to FFE0h.
        mov     byte [es:0x10], 0xE9
        mov     word [es:0x11], 0xFFE0 - 0x13
        mov     byte [es:0xFFE0], 0xB8
        mov     word [es:0xFFE1], 0x0303
        mov     byte [es:0xFFE3], 0xCB
        xor     ax, ax
        call    %2:0x10
        keep    33, ax
        ; A CALL at FFFDh-FFFFh: it pushes 0.
        mov     byte [es:0xFFFD], 0xE8
        mov     word [es:0xFFFE], 0x0060
        mov     byte [es:0x60], 0x58    ; POP AX / RETF
        mov     byte [es:0x61], 0xCB
        mov     ax, 0x1111
        call    %2:0xFFFD
        keep    34, ax
        ; A short jump whose last byte is the segment's.
        mov     word [es:0xFFFE], 0x10EB
        mov     byte [es:0x10], 0xB8
        mov     word [es:0x11], 0x0404
        mov     byte [es:0x13], 0xCB
        xor     ax, ax
        call    %2:0xFFFE
        keep    35, ax
        ; RET to 0FFFFh and a jump by a register keep 16 bits.
        mov     word [es:0x100], 0xCB90
        mov     eax, 0xABCD0100
        mov     byte [es:0x110], 0xFF   ; JMP AX
        mov     byte [es:0x111], 0xE0
        call    %2:0x110
        keep    36, ax
%endmacro

wrap_real:
        wrapping RSEG, RSEG, 0
        ret
wrap_v86:
        wrapping RSEG, RSEG, 0
        xor     ax, ax
        mov     es, ax
        ret
wrap_16:
        wrapping D16, C16, DATA16
        jmp     dword KCODE:wrap_protected.back

; Faults of real mode: the vector, and how far behind the instruction's start the pushed IP is.
%macro real_case 2+                     ; number, code
        real_try %%caught
%%it:   %2
%%caught:
        mov     ax, [cs:real_fault]
        mov     [cs:RESULTS + (%1) * 4], ax
        mov     word [cs:RESULTS + (%1) * 4 + 2], 0
        mov     ax, [cs:real_ip]
        sub     ax, %%it
        mov     [cs:RESULTS + (%1) * 4 + 2], ax
        mov     ax, RSEG
        mov     es, ax
%endmacro
real_faults:
        mov     ax, RSEG
        mov     es, ax
        mov     dword [es:0], 0x0B0F0B0F
        real_case 0, {mov ax, [es:0xFFFF]}
        real_case 1, {mov eax, [es:0xFFFD]}
        real_case 2, {mov [es:0xFFFF], ax}
        real_case 3, {mov ax, [ss:0xFFFF]}
        real_case 4, {mov al, [es:dword 0x10000]}
        mov     si, 0xFFFF
        real_case 5, es lodsw
        mov     di, 0xFFFD
        real_case 6, stosd
        mov     di, 0xFFFF
        mov     cx, 3
        real_case 7, rep stosw
        mov     ecx, 0x20000
        real_case 8, {jmp dword 0:0x10000}
        mov     ebx, 0x10000
        real_case 9, jmp ebx
        mov     byte [es:0xFFFF], 0x90
        real_case 10, jmp RSEG:0xFFFF
        mov     byte [es:0xFFFF], 0xB8
        real_case 11, jmp RSEG:0xFFFF
        mov     bp, 0xFFFF
        real_case 12, {mov ax, [bp]}
        mov     bx, 0xFFF0
        real_case 13, {mov eax, [es:bx + 0xE]}
        ret
        bits    32

%macro wrap_results 0
        result  "PUSH with SP 0", 0, 0xFFFE
        result  "PUSH with SP 0, the word", 1, 0x1234
        result  "POP with SP FFFEh", 2, 0
        result  "PUSHA with SP 6", 3, 0xFFF6
        result  "POPA over 0", 4, 6
        result  "PUSH of a dword with SP 4", 5, 0xCDEF
        result  "PUSH of a dword with SP 0", 6, 0x3210
        result  "CALL with SP 4", 7, 2
        result  "[BP+2] with BP FFFEh", 8, 0xCDEF
        result  "ENTER with SP 0", 9, 0xFFFA
        result  "LEAVE", 10, 0
        result  "[BX+SI]", 11, 0x5A5A
        result  "[BX+SI+disp]", 12, 0x5A5A
        result  "[DI-20h]", 13, 0x5A5A
        result  "[BX+8]", 14, 0x5A5A
        result  "XLAT", 15, 0x5A
        result  "LEA AX", 16, 1
        result  "LEA EAX", 17, 1
        result  "REP STOSB, DI", 18, 2
        result  "REP STOSB, before the end", 19, 0x7777
        result  "REP STOSB, behind it", 20, 0x7777
        result  "REP STOSB downwards, DI", 21, 0xFFFD
        result  "REP STOSB downwards, memory", 22, 0x6666
        result  "REP MOVSW, SI", 23, 2
        result  "REP MOVSW, the second", 24, 0x3344
        result  "REPNE SCASW, DI", 25, 2
        result  "REPNE SCASW, CX", 26, 7
        result  "REP LODSB, SI", 27, 0
        result  "LOOP with CX 0", 28, 0
        result  "JCXZ looks at CX", 29, 1
        result  "REP looks at CX", 30, 0x200
        result  "JMP short", 31, 0x0101
        result  "CALL near", 32, 0x0202
        result  "JMP near backwards", 33, 0x0303
        result  "CALL that ends at FFFFh", 34, 0
        result  "JMP that ends at FFFFh", 35, 0x0404
        result  "JMP AX", 36, 0x0100
%endmacro
real_results:
%define mode "real mode, "
        wrap_results
        ret
v86_results:
%define mode "virtual-8086 mode, "
        wrap_results
        ret
protected_results:
%define mode "protected mode, "
        wrap_results
        ret

wrap_protected:
        mov     [scratch], esp
        mov     eax, DATA16
        mov     ss, eax
        mov     esp, BOOT_STACK - 0x400
        jmp     CODE16:wrap_16
.back:  mov     eax, KDATA
        mov     ss, eax
        mov     es, eax
        mov     fs, eax
        mov     esp, [scratch]
        ret

real_fault_results:
%define mode "real mode, fault, "
        result  "a word at FFFFh", 0, 13
        result  "a dword at FFFDh", 1, 13
        result  "a write at FFFFh", 2, 13
        result  "a word at FFFFh by SS", 3, 12
        result  "an offset of 32 bits", 4, 13
        result  "LODSW at FFFFh", 5, 13
        result  "STOSD at FFFDh", 6, 13
        result  "REP STOSW at FFFFh", 7, 13
        result  "JMP far to 10000h", 8, 13
        result  "JMP EBX to 10000h", 9, 13
        word_is "real mode, running over FFFFh", RESULTS + 10 * 4, 13
        word_is "real mode, an instruction over FFFFh", RESULTS + 11 * 4, 13
        result  "[BP] at FFFFh", 12, 12
        result  "[BX+disp], a dword at FFFEh", 13, 13
        ret

%macro v86_fault 4+                     ; name, vector, EIP or -1, code
        v86     IOPL3, call %%code
        expect_fault {"virtual-8086 mode, fault, ", %1}, %2, 0
%if %3 >= 0
        check   {"virtual-8086 mode, fault, ", %1, ", EIP"}, [fault_eip], %3
%endif
        jmp     %%end
        bits    16
%%code: mov     ax, RSEG
        mov     es, ax
        %4
        db      0x0F, 0x0B
        bits    32
%%end:
%endmacro
test_v86_faults:
        mov     byte [AREA + 0xFFFF], 0x90
        v86_fault "a word at FFFFh", GP, -1, {mov ax, [es:0xFFFF]}
        v86_fault "a dword at FFFDh", GP, -1, {mov [es:0xFFFD], eax}
        v86_fault "an offset of 32 bits", GP, -1, {mov al, [es:dword 0x10000]}
        v86_fault "a word at FFFFh by SS", SSF, -1, {mov ax, [ss:0xFFFF]}
        v86_fault "running over FFFFh", GP, 0x10000, jmp RSEG:0xFFFF
        v86_fault "JMP far to 10000h", GP, -1, {jmp dword 0:0x10000}
        v86     IOPL3, call .push
        expect_fault "virtual-8086 mode, fault, PUSH with SP 1", SSF, 0
        word_is "virtual-8086 mode, fault, PUSH with SP 1, SP", fault_esp, 1
        v86     IOPL3, call .pop
        expect_fault "virtual-8086 mode, fault, POP with SP FFFFh", SSF, 0
        v86     IOPL3, call .pusha
        expect_fault "virtual-8086 mode, fault, PUSHA with SP 9", GP, 0
        word_is "virtual-8086 mode, fault, PUSHA with SP 9, SP", fault_esp, 9
        v86     IOPL3, call .pushd
        expect_fault "virtual-8086 mode, fault, PUSH of a dword with SP 2", SSF, 0
        v86     IOPL3, call .call
        expect_fault "virtual-8086 mode, fault, CALL with SP 1", SSF, 0
        v86     IOPL3, call .string
        expect_fault "virtual-8086 mode, fault, REP MOVSW", GP, 0
        word_is "virtual-8086 mode, fault, REP MOVSW, CX", fault_ecx, 2
        word_is "virtual-8086 mode, fault, REP MOVSW, SI", fault_esi, 0xFFFF
        word_is "virtual-8086 mode, fault, REP MOVSW, DI", fault_edi, 0x104
        ret
        bits    16
.push:  mov     sp, 1
        push    ax
.pop:   mov     sp, 0xFFFF
        pop     ax
.pusha: mov     sp, 9
        pusha
.pushd: mov     sp, 2
        push    eax
.call:  mov     sp, 1
        call    .push
.string:
        mov     ax, RSEG
        mov     es, ax
        mov     si, 0xFFFB
        mov     di, 0x100
        mov     cx, 4
        es rep movsw
        bits    32

; 16-bit segments from 32-bit code: the offset has 32 bits, and the limit ends it.
test_protected_faults:
        mov     eax, D16
        mov     fs, eax
        try
        mov     al, [fs:0x10000]
        expect_fault "an offset of 32 bits over a segment of 64 KB", GP, 0
        mov     eax, D16
        mov     fs, eax
        mov     byte [AREA], 0x5A
        mov     ebx, 0xFFFF
        mov     al, [fs:bx + 1]
        movzx   eax, al
        check   "an address of 16 bits wraps before the limit", eax, 0x5A
        mov     byte [AREA + 0xFFFF], 0x90
        mov     word [AREA], 0x0B0F
        try
        jmp     C16:0xFFFF
        expect_fault "16-bit code runs over FFFFh", GP, 0
        check   "16-bit code runs over FFFFh, EIP", [fault_eip], 0x10000
        mov     dword [AREA + 0xFFF0], 0x0040E966       ; JMP near with 32 bits to 10036h
        mov     dword [AREA + 0xFFF4], 0x00000000
        try
        jmp     C16:0xFFF0
        expect_fault "a jump with 32 bits over FFFFh", GP, 0
        check   "a jump with 32 bits over FFFFh, EIP", [fault_eip], 0xFFF0
        ret

; 16-bit addresses and operands in 32-bit code.
test_mixed:
        mov     eax, D16
        mov     es, eax
        mov     edi, 0x1234FFFE
        mov     ecx, 0x56780003
        a16 rep stosb
        check   "a16 REP STOSB, EDI", edi, 0x12340001
        check   "a16 REP STOSB, ECX", ecx, 0x56780000
        mov     esi, 0x1234FFFE
        mov     edi, 0x9ABC0100
        push    ds
        push    es
        pop     ds
        a16 movsw
        pop     ds
        check   "a16 MOVSW, ESI", esi, 0x12340000
        check   "a16 MOVSW, EDI", edi, 0x9ABC0102
        mov     eax, KDATA
        mov     es, eax
        mov     ecx, 0x10002
        xor     ebx, ebx
.loop:  inc     ebx
        a16 loop .loop
        check   "a16 LOOP", ebx, 2
        check   "a16 LOOP, ECX", ecx, 0x10000
        xor     ebx, ebx
        jcxz    .zero
        inc     ebx
.zero:  check   "a16 JECXZ", ebx, 0
        mov     ebx, 0xFFFFFFF0
        mov     esi, 0x20
        lea     eax, [bx + si]
        check   "a16 LEA", eax, 0x10
        mov     eax, -1
        lea     ax, [ebx + esi + 0x12345]
        check   "o16 LEA", eax, 0xFFFF2355
        ; Branches with 16 bits clear the upper half of EIP.
        mov     word [WORK], 0xE966
        mov     word [WORK + 2], (.landed - $$ + 0x7C00 - 4) & 0xFFFF
        mov     eax, WORK
        jmp     eax
        ud2
.landed:
        check   "o16 JMP near", 0, 0
        mov     dword [WORK], 0xFF66 | 0xE3 << 16       ; o16 JMP BX
        mov     ebx, 0xABCD0000 | (.landed2 - $$ + 0x7C00)
        mov     eax, WORK
        jmp     eax
        ud2
.landed2:
        check   "o16 JMP BX", 0, 0
        mov     ebx, esp
        push    word .landed3 - $$ + 0x7C00
        o16 ret
        ud2
.landed3:
        sub     ebx, esp
        check   "o16 RET", ebx, 0
        mov     ebx, esp
        db      0x66, 0xE8              ; o16 CALL near
        dw      .landed4 - .pushed
.pushed:
        ud2
.landed4:
        sub     ebx, esp
        check   "o16 CALL near pushes a word", ebx, 2
        movzx   eax, word [esp]
        check   "o16 CALL near, the word", eax, .pushed
        add     esp, 2
        mov     ebx, esp
        push    ax
        sub     ebx, esp
        add     esp, 2
        check   "o16 PUSH", ebx, 2
        ; A 16-bit stack in 32-bit code.
        mov     ebx, esp
        mov     eax, D16
        mov     ecx, KDATA
        mov     ss, eax
        mov     esp, 0xABCD0000
        push    dword 0x11223344
        mov     edx, esp
        pop     eax
        mov     esi, esp
        mov     ebp, 0x98765432
        enter   8, 0
        mov     edi, esp
        mov     [ds:scratch], ebp
        leave
        mov     [ds:scratch2], esp
        mov     ss, ecx
        mov     esp, ebx
        check   "PUSH on a 16-bit stack with SP 0", edx, 0xABCDFFFC
        check   "POP on a 16-bit stack", esi, 0xABCD0000
        check   "PUSH and POP", eax, 0x11223344
        check   "ENTER on a 16-bit stack, ESP", edi, 0xABCDFFF4
        check   "ENTER on a 16-bit stack, BP", [scratch], 0xABCDFFFC
        check   "LEAVE on a 16-bit stack, ESP", [scratch2], 0xABCD0000
        check   "LEAVE on a 16-bit stack, EBP", ebp, 0x98765432
        ret

rom_end
