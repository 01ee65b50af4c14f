; The DOS program that `swift86 run` starts from AUTOEXEC.BAT: it executes the user's program, sends what it writes to the
; console to port E9h, and ends the machine with its ERRORLEVEL by port F4h. Runs on every DOS from 2.0, on an 8086.
;
; The host fills in the two texts at the start of the image (see Sources/PCHost/Dos/DosRunner.swift). What is written to
; port 80h beforehand says how the end came:
;   DFh       this program runs
;   D0h + n   the program ended: n is 0 normally, 1 by Ctrl-C, 2 by a critical error, 3 and stays resident
;   E0h       DOS could not execute it; its error is the byte of port F4h
cpu 8086
org 100h

        jmp     start
        align   8, db 0
        db      "S86RUN01"              ; 108h: where the host finds its places
program: times 80 db 0                  ; 110h: the program's path, ended by 0; empty: the command processor
tail:   times 128 db 0                  ; 160h: its arguments, as in a PSP: length, text, 0Dh

STACK_SIZE equ 512

start:
        cld
        mov     sp, stack_end
        mov     al, 0DFh
        out     80h, al
        ; Give back the memory behind this program, so that there is room for the other.
        mov     ah, 4Ah
        mov     bx, (stack_end - $$ + 100h + 15) / 16
        int     21h
        jc      failed
        ; Drive C is current.
        mov     ah, 0Eh
        mov     dl, 2
        int     21h
        cmp     byte [program], 0
        jne     .named
        call    find_command
        jc      failed
.named:
        mov     ax, cs
        mov     [block.tail_segment], ax
        mov     [block.fcb1_segment], ax
        mov     [block.fcb2_segment], ax
        ; Old programs take their first two arguments from the FCBs.
        mov     si, tail + 1
        mov     di, fcb1
        mov     ax, 2901h
        int     21h
        mov     di, fcb2
        mov     ax, 2901h
        int     21h
        ; The console's characters pass through INT 10h/0Eh.
        mov     ax, 3510h
        int     21h
        mov     [old_video], bx
        mov     [old_video + 2], es
        mov     dx, video
        mov     ax, 2510h
        int     21h

        push    cs
        pop     es
        mov     bx, block
        mov     dx, [program_offset]
        mov     ds, [program_segment]
        cmp     dx, 0
        jne     .execute
        mov     dx, program
        push    cs
        pop     ds
.execute:
        mov     ax, 4B00h
        int     21h
        ; DOS 2 keeps no register but CS and IP.
        mov     bx, cs
        mov     ds, bx
        mov     es, bx
        cli
        mov     ss, bx
        mov     sp, stack_end
        sti
        cld
        pushf
        push    ax
        lds     dx, [old_video]
        mov     ax, 2510h
        int     21h
        push    cs
        pop     ds
        ; Everything that is still in buffers goes onto the disk.
        mov     ah, 0Dh
        int     21h
        pop     ax
        popf
        jc      failed
        mov     ah, 4Dh
        int     21h
        xchg    al, ah
        and     al, 0Fh
        or      al, 0D0h
        out     80h, al
        mov     al, ah
        out     0F4h, al
        jmp     $

failed:
        mov     ah, al
        mov     al, 0E0h
        out     80h, al
        mov     al, ah
        out     0F4h, al
        jmp     $

; Finds the command processor's path, which COMSPEC= in the environment holds.
; Out: program_segment:program_offset; carry set if there is none, with AL = 2.
find_command:
        mov     es, [2Ch]
        xor     di, di
.variable:
        cmp     byte [es:di], 0
        je      .none
        mov     si, comspec
        mov     cx, comspec.end - comspec
        push    di
        repe    cmpsb
        je      .found
        pop     di
        xor     al, al
        mov     cx, 8000h
        repne   scasb
        jcxz    .none
        jmp     .variable
.found:
        pop     ax
        mov     [program_offset], di
        mov     [program_segment], es
        clc
        ret
.none:
        mov     al, 2
        stc
        ret

; INT 10h while the program runs: copies what is written as on a teletype.
video:
        cmp     ah, 0Eh
        jne     .chain
        out     0E9h, al
.chain:
        jmp     far [cs:old_video]

comspec: db     "COMSPEC="
.end:

        align   2, db 0
program_offset: dw 0
program_segment: dw 0
old_video: dd   0
; EXEC's parameter block: the environment (0: this program's), arguments, two FCBs.
block:  dw      0
        dw      tail
.tail_segment: dw 0
        dw      fcb1
.fcb1_segment: dw 0
        dw      fcb2
.fcb2_segment: dw 0
fcb1:   db      0
        times 11 db ' '
        times 25 db 0
fcb2:   db      0
        times 11 db ' '
        times 25 db 0
        times STACK_SIZE db 0
stack_end:
