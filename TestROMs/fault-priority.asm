; fault-priority - which of two exceptions of one instruction comes: breakpoints, fetching, decoding, privilege, segments,
; pages, the operation; and what comes first between two instructions: single step, breakpoints, interrupts.
;
; Run:    ./run-peer.sh bochs fault-priority.img
; Ends:   fault-priority: 105 passed, 0 failed
; After:  Intel SDM vol. 3A Table 6-2 (priority), 6.8.3, 6.9; 5.3-5.5, 4.7; vol. 3B 17.3; vol. 2 of each instruction.
; Peers:  Bochs proves all but an interrupt before a breakpoint (Table 6-2), which QEMU does; QEMU knows no limits.

%define ROM_NAME "fault-priority"
%include "rom.inc"
%include "level.inc"
%include "v86.inc"
%include "pages.inc"
%include "steps.inc"
%include "timer.inc"

D_SMALL         equ     FREE            ; 0-FFFh of LINEAR on, which is a missing page
D_RO            equ     FREE + 0x08     ; read-only, the same place
D_CODE          equ     FREE + 0x10     ; code of 0-FFFh of LINEAR + 1000h on
D_CODE3         equ     FREE + 0x18
D_ABSENT        equ     FREE + 0x20
MISSING         equ     LINEAR          ; page 0
THERE           equ     LINEAR + 0x1000 ; page 1; page 2 is missing

main:
        call    find_level
        descriptor D_SMALL, MISSING, 0xFFF, DATA_RW | DPL3, BIG
        descriptor D_RO, MISSING, 0xFFF, DATA_RO | DPL3, BIG
        descriptor D_CODE, THERE, 0xFFF, CODE_XR, BIG
        descriptor D_CODE3, THERE, 0xFFF, CODE_XR | DPL3, BIG
        descriptor D_ABSENT, 0, 0xFFFFF, DATA_RW & ~PRESENT, PAGES | BIG
        call    paging_on
        map     1, P | W | U
        stage   0x10
        call    test_fetch
        stage   0x11
        call    test_breakpoint
        stage   0x12
        call    test_decode
        stage   0x13
        call    test_privilege
        stage   0x14
        call    test_memory
        stage   0x15
        call    test_operation
        stage   0x16
        call    test_alignment
        stage   0x17
        call    test_traps
        stage   0x18
        call    test_interrupts
        call    paging_off
        ret

; Bytes at the end of page THERE, run there; the page behind it is missing.
%macro at_end 4+                        ; name, vector, code, bytes
        mov     esi, %%bytes
        mov     ecx, %%bytes_end - %%bytes
        mov     edi, LINEAR + 0x2000
        sub     edi, ecx
        mov     ebx, edi
        rep movsb
        try
        jmp     ebx
        expect_fault {%1}, %2, %3
        check   {%1, ", EIP"}, [fault_eip], ebx
        jmp     %%bytes_end
%%bytes:
        db      %4
%%bytes_end:
%endmacro

test_fetch:
        at_end  "an instruction that needs the missing page", PF, 0, 0xB8
        at_end  "an undefined opcode needs no more", UD, 0, 0x0F, 0x0B
        at_end  "LOCK, its instruction over the end", PF, 0, 0xF0, 0x80
        at_end  "LOCK NOP needs no more", UD, 0, 0xF0, 0x90
        at_end  "15 prefixes over the end", PF, 0, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66
        at_end  "a ModRM byte over the end", PF, 0, 0x8B
        at_end  "the ModRM byte of LOCK ADD over the end", PF, 0, 0xF0, 0x01
        at_end  "the ModRM byte of a segment register that is not there", UD, 0, 0x8E, 0xF8
        ; The limit of CS goes before the page.
        mov     byte [THERE + 0xFFF], 0xB8
        try
        jmp     D_CODE:0xFFF
        expect_fault "over the limit of CS and into a missing page", GP, 0
        check   "over the limit of CS and into a missing page, EIP", [fault_eip], 0xFFF
        mov     word [THERE + 0xFFE], 0x0B0F
        try
        jmp     D_CODE:0xFFE
        expect_fault "an undefined opcode at the limit of CS", UD, 0
        ; A jump beyond the limit faults in the jump; one into a missing page faults there.
        mov     dword [THERE], 0xD8FFEB ; JMP to its own second byte: FF D8h is CALL far of a register
        try
        jmp     D_CODE:0
        expect_fault "a jump into itself", UD, 0
        check   "a jump into itself, EIP", [fault_eip], 1
        try
        jmp     MISSING + 0x123
        expect_fault "a jump into a missing page", PF, 0
        check   "a jump into a missing page, EIP", [fault_eip], MISSING + 0x123
        ret

; A breakpoint on an instruction goes before all of its own faults.
%macro broken 2+                        ; name, code
        call    clear_steps
        breakpoint 0, ON_RUN, 1, %%it
        try
%%it:   %2
        expect_fault {"a breakpoint before ", %1}, DBG, 0
        check   {"a breakpoint before ", %1, ", EIP"}, [fault_eip], %%it
        unwatch
%endmacro
test_breakpoint:
        broken  "#UD", ud2
        broken  "#GP", mov fs, [.beyond]
        broken  "#PF of data", mov eax, [MISSING]
        broken  "INT n", int 0x31
        broken  "INT3", int3
        broken  "#DE", div byte [.zero]
        call    clear_steps
        breakpoint 0, ON_RUN, 1, MISSING + 0x234
        try
        jmp     MISSING + 0x234
        caught
        unwatch
        check   "a breakpoint before the fetch's #PF", [last_fault], DBG << 16
        ; A breakpoint that comes back with RF, then the fault.
        watch
        breakpoint 0, ON_RUN, 1, .both
        try
.both:  mov     eax, [MISSING]
        expect_fault "a breakpoint, then #PF", PF, 0
        unwatch
        steps_are "a breakpoint, then #PF", 1
        ; A data breakpoint of an instruction that faults does not come.
        watch
        breakpoint 0, ON_ACCESS, 4, WORK
        mov     esi, WORK
        mov     edi, MISSING
        try
        movsd
        expect_fault "a data breakpoint and #PF", PF, 2
        unwatch
        steps_are "a data breakpoint and #PF", 0
        watch
        breakpoint 0, ON_ACCESS, 1, .zero
        try
        div     byte [.zero]
        expect_fault "a data breakpoint and #DE", DE, 0
        unwatch
        steps_are "a data breakpoint and #DE", 0
        jmp     build_vectors
.zero   db      0
.beyond dw      BEYOND

%macro ring3_fault 4+                   ; name, vector, code, instruction
        try_ring 3, %%here
%%here: %4
        expect_fault {%1}, %2, %3
%endmacro
%macro fault 4+
        try
        %4
        expect_fault {%1}, %2, %3
%endmacro

; Decoding: length, #UD, #NM.
test_decode:
        fault   "16 bytes, undefined opcode", GP, 0, db 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x0F, 0x0B
        fault   "15 bytes, undefined opcode", UD, 0, db 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x0F, 0x0B
        fault   "16 bytes with LOCK", GP, 0, db 0xF0, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x90
        ring3_fault "16 bytes of HLT in ring 3", GP, 0, db 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0xF4
        mov     eax, cr0
        or      al, 8                   ; TS
        mov     cr0, eax
        fault   "LOCK ESC with TS", UD, 0, db 0xF0, 0xD9, 0xE8
        fault   "ESC with TS, from a missing page", NM, 0, db 0xD9, 0x05, 0, 0, 0x40, 0
        mov     eax, D_SMALL
        mov     fs, eax
        fault   "ESC with TS, over a limit", NM, 0, db 0x64, 0xD9, 0x05, 0, 0x10, 0, 0
        clts
        ret

; Privilege goes before the operands, #UD before privilege.
test_privilege:
        ring3_fault "LOCK HLT in ring 3", UD, 0, db 0xF0, 0xF4
        ring3_fault "MOV CR1 in ring 3", UD, 0, db 0x0F, 0x20, 0xC8
        ring3_fault "LGDT from a missing page in ring 3", GP, 0, lgdt [MISSING]
        ring3_fault "LIDT from a missing page in ring 3", GP, 0, lidt [MISSING]
        ring3_fault "LMSW from a missing page in ring 3", GP, 0, lmsw [MISSING]
        ring3_fault "LLDT from a missing page in ring 3", GP, 0, lldt [MISSING]
        ring3_fault "LTR from a missing page in ring 3", GP, 0, ltr [MISSING]
        ring3_fault "SGDT to a missing page in ring 3", PF, 6, sgdt [MISSING]
        ring3_fault "SMSW to a missing page in ring 3", PF, 6, smsw [MISSING]
        ring3_fault "LGDT of a register in ring 3", UD, 0, db 0x0F, 0x01, 0xD0
        ring3_fault "IN in ring 3, before nothing else", GP, 0, in al, 0x80
        ring3_fault "OUTSB from a missing page, not allowed", GP, 0, jmp .outs
        cmp     dword [level], 4
        jb      .no_486
        cpu     486
        ring3_fault "INVLPG in ring 3", GP, 0, invlpg [MISSING]
        ring3_fault "INVLPG of a register in ring 3", UD, 0, db 0x0F, 0x01, 0xFF
        cpu     386
.no_486:
        v86     0, lar ax, [es:0xFFFF]
        expect_fault "LAR in virtual-8086 mode, over the limit", UD, 0
        v86     IOPL3, lgdt [es:0xFFFF]
        expect_fault "LGDT in virtual-8086 mode, over the limit", GP, 0
        ret
.outs:  mov     esi, MISSING
        outsb

; Segments go before pages; the segment's own kind does not matter.
test_memory:
%macro with_fs 5+                       ; name, selector, vector, code, instruction
        mov     eax, %2
        mov     fs, eax
        try
        %5
        expect_fault {%1}, %3, %4
%endmacro
        with_fs "over the limit in a missing page", D_SMALL, GP, 0, mov al, [fs:0x1000]
        with_fs "across the limit in a missing page", D_SMALL, GP, 0, mov eax, [fs:0xFFD]
        with_fs "within the limit in a missing page", D_SMALL, PF, 0, mov eax, [fs:0xFFC]
        with_fs "a write to read-only data in a missing page", D_RO, GP, 0, mov [fs:0], al
        with_fs "a read of read-only data in a missing page", D_RO, PF, 0, mov al, [fs:0]
        with_fs "a null segment, whose page is missing", 0, GP, 0, mov al, [fs:MISSING]
        ; Two operands: MOVS reads first; PUSH of memory reads first; POP to memory reads the stack first.
        mov     eax, D_SMALL
        mov     es, eax
        fault   "MOVS: the source's page goes before the target's limit", PF, 0, jmp .movs
        mov     eax, D_SMALL
        mov     es, eax
        fault   "CMPS: the source's page goes before the other's limit", PF, 0, jmp .cmps
        ring3_fault "PUSH of memory: the source goes first", PF, 4, jmp .push
        ring3_fault "CALL of memory: the source goes before the stack", PF, 4, jmp .call
        ring3_fault "CALL far of memory: the source goes before the selector", PF, 4, jmp .call_far
        ; A far pointer is read before its selector is looked at.
        mov     dword [THERE + 0xFFC], 0x1234
        fault   "LES over the end of a page", PF, 0, les eax, [THERE + 0xFFC]
        mov     word [THERE + 0xFFE], BEYOND
        fault   "MOV to a segment register: the limit of the GDT", GP, BEYOND, mov fs, [THERE + 0xFFE]
        ret
.movs:  mov     esi, MISSING
        mov     edi, 0x1000
        movsd
.cmps:  mov     esi, MISSING
        mov     edi, 0x1000
        cmpsd
.push:  mov     esp, LINEAR + 0x3000
        push    dword [MISSING]
.call:  mov     esp, LINEAR + 0x3000
        call    [MISSING]
.call_far:
        mov     esp, LINEAR + 0x3000
        call    far [MISSING]

; The operand is read before the operation is looked at.
test_operation:
        fault   "DIV of memory in a missing page", PF, 0, div dword [MISSING]
        fault   "BOUND of a missing page", PF, 0, bound eax, [MISSING]
        mov     dword [THERE + 0xFFC], 5
        mov     eax, 4
        fault   "BOUND, the second bound in a missing page", PF, 0, bound eax, [THERE + 0xFFC]
        fault   "BOUND of a register", UD, 0, db 0x62, 0xC0
        mov     dword [WORK], 0
        mov     eax, 1
        xor     edx, edx
        fault   "DIV by 0 of memory", DE, 0, div dword [WORK]
        ; A selector's checks in their order: its table, its type, its rights, its presence.
        mov     eax, D_ABSENT | 3
        fault   "MOV FS: rights go before not present", GP, D_ABSENT, mov fs, eax
        mov     eax, TSS_SEL | 3
        fault   "MOV FS of a TSS", GP, TSS_SEL, mov fs, eax
        fault   "MOV SS: the page goes before the selector", PF, 0, jmp .pop
        fault   "LSS: the page goes before the selector", PF, 0, jmp .lss
        ret
.pop:   mov     esi, MISSING
        mov     ss, [esi]
.lss:   lss     esp, [THERE + 0xFFC]    ; the selector is in the missing page

; #AC comes after the segment's checks, and where the page is there.
test_alignment:
        cmp     dword [level], 4
        jae     .yes
        ret
.yes:   mov     eax, cr0
        or      eax, 0x40000
        mov     cr0, eax
        push    dword 0x40002           ; AC
        popfd
        ring3_fault "misaligned, over the limit", GP, 0, jmp .limit
        push    dword 0x40002
        popfd
        ring3_fault "misaligned, in ring 3", AC, 0, mov eax, [THERE + 1]
        push    dword 0x40002
        popfd
        ring3_fault "misaligned, read-only segment", GP, 0, jmp .write
        push    dword 0x40002
        popfd
        ring3_fault "misaligned, undefined opcode", UD, 0, db 0xF0, 0x8B, 0x05, 1, 0, 0x40, 0
        push    dword 2
        popfd
        mov     eax, cr0
        and     eax, ~0x40000
        mov     cr0, eax
        ret
.limit: mov     eax, D_SMALL | 3
        mov     fs, eax
        mov     eax, [fs:0xFFE]
.write: mov     eax, D_RO | 3
        mov     fs, eax
        mov     [fs:1], eax

; The trap of an instruction goes before the faults of the next, and before its breakpoint.
test_traps:
        watch
        vector  UD, KCODE, .skip, INT32
        steps_begin
        nop
.a:     ud2
.b:     nop
.c:     steps_end
        step_is "single step goes before the next instruction's #UD", 0, .a
        step_is "the handler of #UD comes back with TF", 1, .c
        watch
        breakpoint 0, ON_WRITE, 1, WORK
        mov     byte [WORK], 1
.e:     ud2
        unwatch
        steps_are "a data breakpoint, then #UD", 1
        step_is "a data breakpoint goes before the next instruction's #UD", 0, .e
        watch
        breakpoint 0, ON_RUN, 1, .g
        pushfd
        or      dword [esp], 0x100
        popfd
        nop
.g:     nop
.h:     steps_end
        unwatch
        step_is "single step goes before the next one's breakpoint", 0, .g
        masked  "single step goes before the next one's breakpoint, DR6", STEPS + 8, DR6_BS, DR6_BS
        jmp     build_vectors
.skip:  add     dword [esp], 2
        iretd

; What waits between two instructions: traps, then interrupts, then the breakpoint of the next, then its faults.
test_interrupts:
        vector  TIMER, KCODE, .timer, INT32
        call    timer_begin
        ; OUT opens the mask under TF: both the trap and the interrupt come at .a.
        call    request_timer
        watch
        mov     al, 0xFF
        out     0x21, al
        sti
        mov     dword [scratch], 0
        mov     dword [scratch2], 0
        mov     al, 0xFE
        steps_begin
        out     0x21, al
.a:     nop
.b:     nop
        steps_end
        cli
        step_is "single step and an interrupt, the step", 0, .a
        check   "single step and an interrupt, the step goes first", [scratch2], 1
        check   "single step and an interrupt, the interrupt", [scratch], .a
        call    request_timer
        watch
        breakpoint 0, ON_RUN, 1, .c
        mov     dword [scratch], 0
        mov     dword [scratch2], 77
        sti
        nop
.c:     nop
        cli
        unwatch
        check   "an interrupt goes before a breakpoint", [scratch2], 0
        check   "an interrupt goes before a breakpoint, EIP", [scratch], .c
        steps_are "an interrupt, then the breakpoint", 1
        call    timer_end
        vector  UD, KCODE, .skip, INT32
        call    request_timer
        mov     dword [scratch], 0
        sti
        nop
.d:     ud2
        cli
        check   "an interrupt goes before #UD", [scratch], .d
        call    timer_end
        call    request_timer
        mov     dword [scratch], 0
        sti
.e:     ud2                             ; in the shadow of STI
.f:     nop
        nop
        cli
        check   "a fault in the shadow of STI", [scratch3], .e
        jmp     .end
.end:   call    timer_end
        jmp     build_vectors
.skip:  push    eax
        mov     eax, [esp + 4]
        mov     [scratch3], eax
        add     dword [esp + 4], 2
        pop     eax
        iretd
.timer: push    eax
        mov     eax, [esp + 4]
        mov     [scratch], eax
        mov     eax, [STEPS]            ; how many debug exceptions came before
        mov     [scratch2], eax
        mov     al, 0xFF
        out     0x21, al
        mov     al, 0x20
        out     0x20, al
        pop     eax
        iretd

rom_end
