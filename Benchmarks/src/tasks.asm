; tasks - protected mode: a small kernel with four tasks at level 3, each with pages of its own. A token goes round
; through mailboxes; a task works on its memory, waits for the token, changes it, passes it on, yields, and every eighth
; round asks a service that is a hardware task (CALL to its TSS, IRET back). System calls are INT 80h; switches are of
; stack and CR3; a 1 kHz timer interrupt takes the turn away. One iteration = one round of all four tasks.
; The checksum follows from the token, whatever the timer did; X in the report = timer ticks taken. Needs 8 MB.
bits 32
global init32, main32, bench_name, xinfo
TASKS   equ 4
PT0     equ 108000h                     ; identity map of the first 4 MB, the kernel's alone
PAGES   equ 110000h                     ; of task t at +4000h*t: directory, page table, kernel stack
FRAMES  equ 500000h                     ; of task t at +20000h*t: a page of code, 16 of data, one of stack
USER    equ 40000000h
UDATA   equ USER+1000h
USTACK  equ USER+12000h                 ; its top
SERVED  equ PAGES+TASKS*4000h           ; the service's: directory, none, stack
READY   equ 0                           ; what a task waits for: a mailbox (number + 1), its own mail, nothing any more
MAIL    equ 80h
DONE    equ 0FFh

section .text
init32: mov     edi, PT0
        mov     eax, 3
.id:    stosd
        add     eax, 1000h
        cmp     eax, 400003h
        jb      .id
        xor     ebx, ebx
.task:  mov     ebp, ebx                ; EBP = its directory, EDX = its frames
        shl     ebp, 14
        add     ebp, PAGES
        mov     edx, ebx
        shl     edx, 17
        add     edx, FRAMES
        mov     edi, ebp
        mov     ecx, 800h
        xor     eax, eax
        rep     stosd
        mov     dword [ebp], PT0+3
        lea     eax, [ebp+1007h]
        mov     [ebp+400h], eax
        lea     eax, [edx+5]            ; code: read only
        mov     [ebp+1000h], eax
        mov     ecx, 1
.page:  lea     eax, [edx+7]
        push    ecx
        shl     ecx, 12
        add     eax, ecx
        pop     ecx
        mov     [ebp+1000h+ecx*4], eax
        inc     ecx
        cmp     ecx, 18
        jb      .page
        mov     edi, edx
        mov     esi, user
        mov     ecx, user_end-user
        rep     movsb
        lea     edi, [edx+1000h]
        mov     ecx, 11000h/4
        xor     eax, eax
        rep     stosd
        inc     ebx
        cmp     ebx, TASKS
        jb      .task
        mov     edi, SERVED             ; the service sees the kernel's memory only
        mov     ecx, 400h
        xor     eax, eax
        rep     stosd
        mov     dword [SERVED], PT0+3

        mov     eax, clock              ; gates: the timer for all, INT 80h for level 3
        mov     edx, 8E00h
        mov     edi, idt+20h*8
        call    gate
        mov     eax, system
        mov     edx, 0EE00h
        mov     edi, idt+80h*8
        call    gate
        mov     eax, tss
        mov     edi, gdt+28h
        call    task_segment
        mov     eax, service_tss
        mov     edi, gdt+30h
        call    task_segment
        lgdt    [gdtr]
        lidt    [idtr]
        mov     eax, PAGES
        mov     cr3, eax
        mov     [tss+1Ch], eax
        mov     eax, cr0
        or      eax, 80000000h
        mov     cr0, eax
        jmp     .on
.on:    mov     ax, 28h
        ltr     ax
        mov     al, 11h                 ; interrupt controllers: vectors 20h and 28h, the timer alone
        out     20h, al
        out     0A0h, al
        mov     al, 20h
        out     21h, al
        mov     al, 28h
        out     0A1h, al
        mov     al, 4
        out     21h, al
        mov     al, 2
        out     0A1h, al
        mov     al, 1
        out     21h, al
        out     0A1h, al
        mov     al, 0FFh
        out     0A1h, al
        mov     al, 0FEh
        out     21h, al
        mov     al, 34h                 ; 1.0002 kHz
        out     43h, al
        mov     ax, 1193
        out     40h, al
        mov     al, ah
        out     40h, al
        ret

gate:   mov     [edi], ax               ; EAX = where to, EDX = kind, EDI = where
        mov     word [edi+2], 8
        mov     [edi+4], dx
        shr     eax, 16
        mov     [edi+6], ax
        ret

task_segment:; EAX = a TSS, EDI = its descriptor
        mov     dword [edi], 67h
        mov     [edi+2], ax
        shr     eax, 16
        mov     [edi+4], al
        mov     word [edi+5], 0089h
        mov     [edi+7], ah
        ret

main32: pushad
        mov     ebx, [esp+36]
        xor     ecx, ecx
.task:  mov     edx, ecx                ; a kernel stack as if the task had just been interrupted
        shl     edx, 14
        lea     eax, [edx+PAGES]
        mov     [cr3s+ecx*4], eax
        lea     edi, [edx+PAGES+4000h]
        mov     [stacks0+ecx*4], edi
        sub     edi, frame_end-frame
        mov     [stacks+ecx*4], edi
        mov     byte [waits+ecx], READY
        mov     byte [full+ecx], 0
        push    ecx
        mov     esi, frame
        mov     ecx, (frame_end-frame)/4
        rep     movsd
        pop     ecx
        mov     edx, [stacks+ecx*4]
        mov     [edx+first_ebx-frame], ebx
        inc     ecx
        cmp     ecx, TASKS
        jb      .task
        mov     dword [current], TASKS  ; this one is the last
        mov     dword [cr3s+TASKS*4], PAGES
        mov     dword [stacks0+TASKS*4], 0
        mov     dword [xinfo], 0
        xor     ecx, ecx
        call    switch
        xor     eax, eax                ; all are done
        xor     ecx, ecx
.sum:   rol     eax, 5
        xor     eax, [results+ecx*4]
        inc     ecx
        cmp     ecx, TASKS
        jb      .sum
        mov     [esp+28], eax
        popad
        ret

; Goes on with task ECX, and comes back when it is this one's turn again.
switch: push    ebp
        push    ebx
        push    esi
        push    edi
        mov     eax, [current]
        mov     [stacks+eax*4], esp
        mov     [current], ecx
        mov     esp, [stacks+ecx*4]
        mov     eax, [cr3s+ecx*4]
        mov     cr3, eax
        mov     [tss+1Ch], eax          ; where the service comes back to
        mov     eax, [stacks0+ecx*4]
        mov     [tss+4], eax
        pop     edi
        pop     esi
        pop     ebx
        pop     ebp
        ret

; Gives the turn to the next task that is ready.
schedule:
        mov     ecx, [current]
        mov     edx, TASKS
.next:  inc     ecx
        and     ecx, TASKS-1
        cmp     byte [waits+ecx], READY
        je      .found
        dec     edx
        jnz     .next
        mov     ecx, TASKS
        jmp     switch
.found: cmp     ecx, [current]
        jne     switch
        ret

%macro ENTER_KERNEL 0
        pushad
        push    ds
        push    es
        mov     dx, 10h
        mov     ds, dx
        mov     es, dx
        cld
%endmacro
%macro LEAVE_KERNEL 0
        pop     es
        pop     ds
        popad
        iretd
%endmacro

clock:  ENTER_KERNEL
        inc     dword [xinfo]
        mov     al, 20h
        out     20h, al
        call    schedule
        LEAVE_KERNEL

system: ENTER_KERNEL
        cmp     eax, 6
        jae     .out
        call    [calls+eax*4]
        mov     [esp+8+28], eax         ; its EAX
.out:   LEAVE_KERNEL

yield:  call    schedule
        xor     eax, eax
        ret
number: mov     eax, [current]
        ret
send:   mov     esi, ebx                ; EBX = to whom, ECX = what
        mov     edi, ecx
        and     esi, TASKS-1
.try:   cmp     byte [full+esi], 0
        je      .put
        mov     eax, [current]
        lea     edx, [esi+1]
        mov     [waits+eax], dl
        call    schedule
        jmp     .try
.put:   mov     [mail+esi*4], edi
        mov     byte [full+esi], 1
        cmp     byte [waits+esi], MAIL
        jne     .sent
        mov     byte [waits+esi], READY
.sent:  xor     eax, eax
        ret
receive:
        mov     esi, [current]
        cmp     byte [full+esi], 0
        jne     .take
        mov     byte [waits+esi], MAIL
        call    schedule
        jmp     receive
.take:  mov     byte [full+esi], 0
        lea     edx, [esi+1]
        xor     ecx, ecx
.wake:  cmp     [waits+ecx], dl         ; who waited for the place
        jne     .other
        mov     byte [waits+ecx], READY
.other: inc     ecx
        cmp     ecx, TASKS
        jb      .wake
        mov     eax, [mail+esi*4]
        ret
serve:  mov     [request], ebx
        call    30h:0
        mov     eax, [request]
        ret
exit:   mov     eax, [current]
        mov     [results+eax*4], ebx
        mov     byte [waits+eax], DONE
        jmp     schedule

service:                                ; a task of its own: returns to who called it, and goes on from there
        mov     eax, [request]
        mov     edx, 0EDB88320h
        mul     edx
        xor     eax, edx
        mov     [request], eax
        iretd
        jmp     service

; ---- what the tasks run, copied to USER ----
user:   mov     ebp, ebx                ; rounds
        mov     eax, 1
        int     80h
        mov     edi, eax                ; its number
        lea     esi, [eax+12345h]       ; LCG
        xor     edx, edx                ; checksum
        test    edi, edi
        jnz     .round
        mov     ecx, 1994               ; the first one brings the token
        xor     ebx, ebx
        mov     eax, 2
        int     80h
.round: mov     ecx, 48                 ; work: words all over its pages
.work:  imul    esi, esi, 1664525
        add     esi, 1013904223
        mov     ebx, esi
        shr     ebx, 14
        and     ebx, 0FFFCh
        mov     eax, [UDATA+ebx]
        add     eax, esi
        rol     eax, 7
        mov     [UDATA+ebx], eax
        xor     edx, eax
        dec     ecx
        jnz     .work
        mov     eax, 3
        int     80h
        xor     eax, edx
        rol     eax, 1
        push    eax
        mov     ecx, eax
        lea     ebx, [edi+1]
        mov     eax, 2
        int     80h
        pop     eax
        add     edx, eax
        xor     eax, eax
        int     80h
        test    ebp, 7
        jnz     .again
        mov     ebx, edx
        mov     eax, 4
        int     80h
        add     edx, eax
.again: dec     ebp
        jnz     .round
        mov     ebx, edx
        mov     eax, 5
        int     80h
user_end:
start_task:
        LEAVE_KERNEL

section .data
bench_name db "tasks",0
        align 4
xinfo   dd 0
gdt     dq 0
        dq 00CF9A000000FFFFh            ; 08 code, level 0
        dq 00CF92000000FFFFh            ; 10 data, level 0
        dq 00CFFA000000FFFFh            ; 1B code, level 3
        dq 00CFF2000000FFFFh            ; 23 data, level 3
        dq 0, 0                         ; 28, 30 the two TSSs
gdtr    dw gdtr-gdt-1
        dd gdt
idtr    dw 81h*8-1
        dd idt
        align 4
calls   dd yield, number, send, receive, serve, exit
frame:  dd 0, 0, 0, 0, start_task       ; what `switch` pops
        dd 23h, 23h                     ; ES, DS
        dd 0, 0, 0, 0
first_ebx:
        dd 0, 0, 0, 0
        dd USER, 1Bh, 202h, USTACK, 23h
frame_end:
        align 128
tss     dd 0, 0, 10h                    ; link, ESP0, SS0
        times 22 dd 0
        dd 680000h                      ; no permission map
        align 128
service_tss:
        dd 0, 0, 0, 0, 0, 0, 0
        dd SERVED, service, 2           ; CR3, EIP, EFLAGS
        dd 0, 0, 0, 0                   ; EAX, ECX, EDX, EBX
        dd SERVED+3000h, 0, 0, 0        ; ESP, EBP, ESI, EDI
        dd 10h, 8, 10h, 10h, 10h, 10h   ; ES to GS
        dd 0, 680000h
request dd 0
        align 8
idt     times 81h dq 0
current dd 0
stacks  times TASKS+1 dd 0
stacks0 times TASKS+1 dd 0
cr3s    times TASKS+1 dd 0
mail    times TASKS dd 0
results times TASKS dd 0
waits   times TASKS db 0
full    times TASKS db 0
