/// The opcode map, as in [SDM 2D A.3] and [80386 PRM app. A]: eight opcodes a row.
///
/// A row begins with its opcode and the first generation of CPUs that has its instructions, if not all have (`C8@4`).
/// An indented line goes on with the row above. A row of one cell has it eight times. A cell is a name and operands
/// (see `InstructionForm`), alternatives (`;`), a group chosen by reg (`*`) or by r/m (`%`), or empty.
extension OpcodeMap {
    static let oneByte = """
        00 add Eb,Gb | add Ev,Gv | add Gb,Eb | add Gv,Ev | add al,Ib | add rAX,Iv | push es | pop es
        08 or Eb,Gb | or Ev,Gv | or Gb,Eb | or Gv,Ev | or al,Ib | or rAX,Iv | push cs | pop cs @0-0
        10 adc Eb,Gb | adc Ev,Gv | adc Gb,Eb | adc Gv,Ev | adc al,Ib | adc rAX,Iv | push ss | pop ss
        18 sbb Eb,Gb | sbb Ev,Gv | sbb Gb,Eb | sbb Gv,Ev | sbb al,Ib | sbb rAX,Iv | push ds | pop ds
        20 and Eb,Gb | and Ev,Gv | and Gb,Eb | and Gv,Ev | and al,Ib | and rAX,Iv | | daa
        28 sub Eb,Gb | sub Ev,Gv | sub Gb,Eb | sub Gv,Ev | sub al,Ib | sub rAX,Iv | | das
        30 xor Eb,Gb | xor Ev,Gv | xor Gb,Eb | xor Gv,Ev | xor al,Ib | xor rAX,Iv | | aaa
        38 cmp Eb,Gb | cmp Ev,Gv | cmp Gb,Eb | cmp Gv,Ev | cmp al,Ib | cmp rAX,Iv | | aas
        40 inc Zv
        48 dec Zv
        50 push Zv
        58 pop Zv
        60 pushaw/pushal | popaw/popal | bound Gv,Ma | arpl Ew,Gw @2 | | | |
        68 push Iv | imul Gv,Ev,Iv | push Is | imul Gv,Ev,Is
           | insb Yb,dx | insw/insd Yv,dx | outsb dx,Xb | outsw/outsd dx,Xv
        70 jo Jb | jno Jb | jb Jb | jae Jb | je Jb | jne Jb | jbe Jb | ja Jb
        78 js Jb | jns Jb | jp Jb | jnp Jb | jl Jb | jge Jb | jle Jb | jg Jb
        80 *1b | *1v | *1b | *1s | test Eb,Gb | test Ev,Gv | xchg Eb,Gb | xchg Ev,Gv
        88 mov Eb,Gb | mov Ev,Gv | mov Gb,Eb | mov Gv,Ev
           | mov Es,Sw | lea Gv,M; lea Gv,Rv @0-0 | mov Sw,Es | *1a
        90 nop | xchg rAX,Zv | xchg rAX,Zv | xchg rAX,Zv | xchg rAX,Zv | xchg rAX,Zv | xchg rAX,Zv | xchg rAX,Zv
        98 cbw/cwde | cwd/cdq | lcall Ap | wait | pushf/pushfd | popf/popfd | sahf | lahf
        A0 mov al,Ob | mov rAX,Ov | mov Ob,al | mov Ov,rAX
           | movsb Yb,Xb | movsw/movsd Yv,Xv | cmpsb Xb,Yb | cmpsw/cmpsd Xv,Yv
        A8 test al,Ib | test rAX,Iv | stosb Yb,al | stosw/stosd Yv,rAX
           | lodsb al,Xb | lodsw/lodsd rAX,Xv | scasb al,Yb | scasw/scasd rAX,Yv
        B0 mov Zb,Ib
        B8 mov Zv,Iv
        C0 *2bi | *2vi | ret Iw | ret | les Gv,Mp; les Gv,Rv @0-0 | lds Gv,Mp; lds Gv,Rv @0-0 | *11b | *11v
        C8 enter Iw,Lb | leave | retf Iw | retf | int3 | int Ib | into | iret/iretd
        D0 *2b1 | *2v1 | *2bc | *2vc | aam Ix | aad Ix | salc | xlatb
        D8 *D8 | *D9 | *DA | *DB | *DC | *DD | *DE | *DF
        E0 loopne Jb | loope Jb | loop Jb | jcxz&jecxz Jb | in al,Ib | in rAX,Ib | out Ib,al | out Ib,rAX
        E8 call Jv | jmp Jv | ljmp Ap | jmp Jb | in al,dx | in rAX,dx | out dx,al | out dx,rAX
        F0 | int1 @3 | | | hlt | cmc | *3b | *3v
        F8 clc | stc | cli | sti | cld | std | *4 | *5
        """

    static let twoByte = """
        00@2 *6 | *7 | lar Gv,Es | lsl Gv,Ev | | loadall @2-2 | clts | loadall @3-3
        08@4 invd | wbinvd | | ud2 @2 | | nop Ev @6 | |
        10
        18@6 nop Ev
        20@3 mov Rd,Cd | mov Rd,Dd | mov Cd,Rd | mov Dd,Rd | mov Rd,Td @3-4 | | mov Td,Rd @3-4 |
        28
        30@5 wrmsr | rdtsc | rdmsr | rdpmc @6 | sysenter @6 | sysexit @6 | |
        38
        40@6 cmovo Gv,Ev | cmovno Gv,Ev | cmovb Gv,Ev | cmovae Gv,Ev
           | cmove Gv,Ev | cmovne Gv,Ev | cmovbe Gv,Ev | cmova Gv,Ev
        48@6 cmovs Gv,Ev | cmovns Gv,Ev | cmovp Gv,Ev | cmovnp Gv,Ev
           | cmovl Gv,Ev | cmovge Gv,Ev | cmovle Gv,Ev | cmovg Gv,Ev
        50
        58
        60@5 punpcklbw Pq,Qq | punpcklwd Pq,Qq | punpckldq Pq,Qq | packsswb Pq,Qq
           | pcmpgtb Pq,Qq | pcmpgtw Pq,Qq | pcmpgtd Pq,Qq | packuswb Pq,Qq
        68@5 punpckhbw Pq,Qq | punpckhwd Pq,Qq | punpckhdq Pq,Qq | packssdw Pq,Qq | | | movd Pq,Ed | movq Pq,Qq
        70@5 | *12 | *13 | *14 | pcmpeqb Pq,Qq | pcmpeqw Pq,Qq | pcmpeqd Pq,Qq | emms
        78@5 | | | | | | movd Ed,Pq | movq Qq,Pq
        80@3 jo Jv | jno Jv | jb Jv | jae Jv | je Jv | jne Jv | jbe Jv | ja Jv
        88@3 js Jv | jns Jv | jp Jv | jnp Jv | jl Jv | jge Jv | jle Jv | jg Jv
        90@3 seto Eb | setno Eb | setb Eb | setae Eb | sete Eb | setne Eb | setbe Eb | seta Eb
        98@3 sets Eb | setns Eb | setp Eb | setnp Eb | setl Eb | setge Eb | setle Eb | setg Eb
        A0@3 push fs | pop fs | cpuid @4 | bt Ev,Gv | shld Ev,Gv,Ib | shld Ev,Gv,cl | |
        A8@3 push gs | pop gs | rsm @5 | bts Ev,Gv | shrd Ev,Gv,Ib | shrd Ev,Gv,cl | *15 | imul Gv,Ev
        B0@3 cmpxchg Eb,Gb @4 | cmpxchg Ev,Gv @4 | lss Gv,Mp | btr Ev,Gv
           | lfs Gv,Mp | lgs Gv,Mp | movzx Gv,Eb | movzx Gv,Ew
        B8@3 | ud1 Gv,Ev | *8 | btc Ev,Gv | bsf Gv,Ev | bsr Gv,Ev | movsx Gv,Eb | movsx Gv,Ew
        C0@4 xadd Eb,Gb | xadd Ev,Gv | | | | | | *9
        C8@4 bswap Zv
        D0@5 | psrlw Pq,Qq | psrld Pq,Qq | psrlq Pq,Qq | | pmullw Pq,Qq | |
        D8@5 psubusb Pq,Qq | psubusw Pq,Qq | | pand Pq,Qq | paddusb Pq,Qq | paddusw Pq,Qq | | pandn Pq,Qq
        E0@5 | psraw Pq,Qq | psrad Pq,Qq | | | pmulhw Pq,Qq | |
        E8@5 psubsb Pq,Qq | psubsw Pq,Qq | | por Pq,Qq | paddsb Pq,Qq | paddsw Pq,Qq | | pxor Pq,Qq
        F0@5 | psllw Pq,Qq | pslld Pq,Qq | psllq Pq,Qq | | pmaddwd Pq,Qq | |
        F8@5 psubb Pq,Qq | psubw Pq,Qq | psubd Pq,Qq | | paddb Pq,Qq | paddw Pq,Qq | paddd Pq,Qq | ud0 Gv,Ev @3
        """

    /// The groups of [SDM 2D A.4] by their numbers, with the operands that they have at each opcode.
    static let groups = """
        1b add Eb,Ib | or Eb,Ib | adc Eb,Ib | sbb Eb,Ib | and Eb,Ib | sub Eb,Ib | xor Eb,Ib | cmp Eb,Ib
        1v add Ev,Iv | or Ev,Iv | adc Ev,Iv | sbb Ev,Iv | and Ev,Iv | sub Ev,Iv | xor Ev,Iv | cmp Ev,Iv
        1s add Ev,Is | or Ev,Iv | adc Ev,Is | sbb Ev,Is | and Ev,Iv | sub Ev,Is | xor Ev,Iv | cmp Ev,Is
        1a pop Ev | pop Ev @0-1 | pop Ev @0-1 | pop Ev @0-1
           | pop Ev @0-1 | pop Ev @0-1 | pop Ev @0-1 | pop Ev @0-1
        2bi rol Eb,Ib | ror Eb,Ib | rcl Eb,Ib | rcr Eb,Ib | shl Eb,Ib | shr Eb,Ib | sal Eb,Ib | sar Eb,Ib
        2vi rol Ev,Ib | ror Ev,Ib | rcl Ev,Ib | rcr Ev,Ib | shl Ev,Ib | shr Ev,Ib | sal Ev,Ib | sar Ev,Ib
        2b1 rol Eb,1 | ror Eb,1 | rcl Eb,1 | rcr Eb,1 | shl Eb,1 | shr Eb,1 | setmo Eb,1 @0-0; sal Eb,1 | sar Eb,1
        2v1 rol Ev,1 | ror Ev,1 | rcl Ev,1 | rcr Ev,1 | shl Ev,1 | shr Ev,1 | setmo Ev,1 @0-0; sal Ev,1 | sar Ev,1
        2bc rol Eb,cl | ror Eb,cl | rcl Eb,cl | rcr Eb,cl
           | shl Eb,cl | shr Eb,cl | setmoc Eb,cl @0-0; sal Eb,cl | sar Eb,cl
        2vc rol Ev,cl | ror Ev,cl | rcl Ev,cl | rcr Ev,cl
           | shl Ev,cl | shr Ev,cl | setmoc Ev,cl @0-0; sal Ev,cl | sar Ev,cl
        3b test Eb,Ib | test Eb,Ib | not Eb | neg Eb | mul Eb | imul Eb | div Eb | idiv Eb
        3v test Ev,Iv | test Ev,Iv | not Ev | neg Ev | mul Ev | imul Ev | div Ev | idiv Ev
        4 inc Eb | dec Eb | | | | | |
        5 inc Ev | dec Ev | call Ev | lcall M | jmp Ev | ljmp M | push Ev | push Ev @0-0
        6@2 sldt Es | str Es | lldt Ew | ltr Ew | verr Ew | verw Ew | |
        7@2 sgdt M | sidt M | lgdt M | lidt M | smsw Es | | lmsw Ew | invlpg Mb @4
        8@3 | | | | bt Ev,Ib | bts Ev,Ib | btr Ev,Ib | btc Ev,Ib
        9@5 | cmpxchg8b Mq | | | | | |
        11b mov Eb,Ib | mov Eb,Ib @0-1 | mov Eb,Ib @0-1 | mov Eb,Ib @0-1
           | mov Eb,Ib @0-1 | mov Eb,Ib @0-1 | mov Eb,Ib @0-1 | mov Eb,Ib @0-1
        11v mov Ev,Iv | mov Ev,Iv @0-1 | mov Ev,Iv @0-1 | mov Ev,Iv @0-1
           | mov Ev,Iv @0-1 | mov Ev,Iv @0-1 | mov Ev,Iv @0-1 | mov Ev,Iv @0-1
        12@5 | | psrlw Nq,Ib | | psraw Nq,Ib | | psllw Nq,Ib |
        13@5 | | psrld Nq,Ib | | psrad Nq,Ib | | pslld Nq,Ib |
        14@5 | | psrlq Nq,Ib | | | | psllq Nq,Ib |
        15@6 fxsave M | fxrstor M | | | | | |
        """

    /// The x87 escapes [SDM 2D A.5]: a row for operands in memory and one for registers.
    static let escapes = """
        D8 fadd Md | fmul Md | fcom Md | fcomp Md | fsub Md | fsubr Md | fdiv Md | fdivr Md
           | fadd Fi | fmul Fi | fcom Fi | fcomp Fi | fsub Fi | fsubr Fi | fdiv Fi | fdivr Fi
        D9 fld Md | | fst Md | fstp Md | fldenv M | fldcw Mw | fnstenv M | fnstcw Mw
           | fld Fi | fxch Fi | %D9D0 | fstpnce Fi,st(0) | %D9E0 | %D9E8 | %D9F0 | %D9F8
        D9D0 fnop | | | | | | |
        D9E0 fchs | fabs | | | ftst | fxam | |
        D9E8 fld1 | fldl2t | fldl2e | fldpi | fldlg2 | fldln2 | fldz |
        D9F0 f2xm1 | fyl2x | fptan | fpatan | fxtract | fprem1 @3 | fdecstp | fincstp
        D9F8 fprem | fyl2xp1 | fsqrt | fsincos @3 | frndint | fscale | fsin @3 | fcos @3
        DA@6 fiadd Md @0 | fimul Md @0 | ficom Md @0 | ficomp Md @0
           | fisub Md @0 | fisubr Md @0 | fidiv Md @0 | fidivr Md @0
           | fcmovb st(0),Fi | fcmove st(0),Fi | fcmovbe st(0),Fi | fcmovu st(0),Fi | | %DAE8 | |
        DAE8 | fucompp @3 | | | | | |
        DB fild Md | | fist Md | fistp Md | | fld Mt | | fstp Mt
           | fcmovnb st(0),Fi @6 | fcmovne st(0),Fi @6 | fcmovnbe st(0),Fi @6 | fcmovnu st(0),Fi @6
           | %DBE0 | fucomi Fi @6 | fcomi Fi @6 |
        DBE0 feni | fdisi | fnclex | fninit | fsetpm @2 | | |
        DC fadd Mq | fmul Mq | fcom Mq | fcomp Mq | fsub Mq | fsubr Mq | fdiv Mq | fdivr Mq
           | fadd Fi,st(0) | fmul Fi,st(0) | fcom st(0),Fi | fcomp st(0),Fi
           | fsubr Fi,st(0) | fsub Fi,st(0) | fdivr Fi,st(0) | fdiv Fi,st(0)
        DD fld Mq | | fst Mq | fstp Mq | frstor M | | fnsave M | fnstsw Mw
           | ffree Fi | fxch st(0),Fi | fst Fi | fstp Fi | fucom Fi @3 | fucomp Fi @3 | |
        DE fiadd Mw | fimul Mw | ficom Mw | ficomp Mw | fisub Mw | fisubr Mw | fidiv Mw | fidivr Mw
           | faddp Fi | fmulp Fi | fcomp st(0),Fi | %DED8 | fsubrp Fi | fsubp Fi | fdivrp Fi | fdivp Fi
        DED8 | fcompp | | | | | |
        DF fild Mw | | fist Mw | fistp Mw | fbld Mc | fild Mq | fbstp Mc | fistp Mq
           | ffreep Fi | fxch st(0),Fi | fstp Fi,st(0) | fstp Fi,st(0) | %DFE0 | fucomip Fi @6 | fcomip Fi @6 |
        DFE0 fnstsw ax | | | | | | |
        """
}
