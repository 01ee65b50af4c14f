/// Code and its text, each line also what Capstone 4.0.2 prints at address 1000h: bits, bytes, text.
enum DisassemblySample {
    static let lines = """
        16 37 aaa
        32 D50A aad
        16 D40A aam
        32 3F aas
        16 268097D8B22C adc byte ptr es:[bx - 0x4d28], 0x2c
        32 3602A34042C22E add ah, byte ptr ss:[ebx + 0x2ec24240]
        16 6520B4AA5C and byte ptr gs:[si + 0x5caa], dh
        32 64639940000000 arpl word ptr fs:[ecx + 0x40], bx
        16 64622B bound bp, dword ptr fs:[bp + di]
        32 66670FBC62F3 bsf sp, word ptr [bp + si - 0xd]
        16 F2670FBD24D2 bsr sp, word ptr [edx + edx*8]
        32 66670FC8 bswap ax
        16 F2670FA334CA bt word ptr [edx + ecx*8], si
        32 0FBA3CAD880C20007F btc dword ptr [ebp*4 + 0x200c88], 0x7f
        16 670FBA34C547FEEA0483 btr word ptr [eax*8 + 0x4eafe47], 0x83
        32 F20FAB1CD2 bts dword ptr [edx + edx*8], ebx
        16 64FF12 call word ptr fs:[bp + si]
        32 6698 cbw
        16 6699 cdq
        32 F8 clc
        16 FC cld
        32 F267FA cli
        16 F30F06 clts
        32 F5 cmc
        16 670F47AC7300000000 cmova bp, word ptr [ebx + esi*2]
        32 66670F43A01209 cmovae sp, word ptr [bx + si + 0x912]
        16 670F4204F509000000 cmovb ax, word ptr [esi*8 + 9]
        32 66670F46B09200 cmovbe si, word ptr [bx + si + 0x92]
        16 640F44BC14F0 cmove di, word ptr fs:[si - 0xfec]
        32 660F4F54372F cmovg dx, word ptr [edi + esi + 0x2f]
        16 F2670F4D0C4D09000000 cmovge cx, word ptr [ecx*2 + 9]
        32 3E660F4C5BFF cmovl bx, word ptr ds:[ebx - 1]
        16 670F4E2484 cmovle sp, word ptr [esp + eax*4]
        32 660F458C0104000000 cmovne cx, word ptr [ecx + eax + 4]
        16 670F41445400 cmovno ax, word ptr [esp + edx*2]
        32 660F4B741C93 cmovnp si, word ptr [esp + ebx - 0x6d]
        16 F2670F493C83 cmovns di, word ptr [ebx + eax*4]
        32 0F4004C533B5AB2F cmovo eax, dword ptr [eax*8 + 0x2fabb533]
        16 F2670F4A3C84 cmovp di, word ptr [esp + eax*4]
        32 0F482453 cmovs esp, dword ptr [ebx + edx*2]
        16 643854D5 cmp byte ptr fs:[si - 0x2b], dl
        32 64A6 cmpsb byte ptr fs:[esi], byte ptr es:[edi]
        16 6667A7 cmpsd dword ptr [esi], dword ptr es:[edi]
        32 6664A7 cmpsw word ptr fs:[esi], word ptr es:[edi]
        16 670FB08CCF00000000 cmpxchg byte ptr [edi + ecx*8], cl
        32 360FC7893D103B68 cmpxchg8b qword ptr ss:[ecx + 0x683b103d]
        16 670FA2 cpuid
        32 6699 cwd
        16 666798 cwde
        32 6627 daa
        16 2F das
        32 FF0C87 dec dword ptr [edi + eax*4]
        16 3EF731 div word ptr ds:[bx + di]
        32 F30F77 emms
        16 67C87F2C47 enter 0x2c7f, 0x47
        32 D9F0 f2xm1
        16 66F3D9E1 fabs
        32 64DC8374F0FFFF fadd qword ptr fs:[ebx - 0xf8c]
        16 DEC5 faddp st(5)
        32 3667DF659D fbld tbyte ptr ss:[di - 0x63]
        16 64DF31 fbstp tbyte ptr fs:[bx + di]
        32 D9E0 fchs
        16 64DAC6 fcmovb st(0), st(6)
        32 DAD3 fcmovbe st(0), st(3)
        16 DAC8 fcmove st(0), st(0)
        32 DBC2 fcmovnb st(0), st(2)
        16 DBD2 fcmovnbe st(0), st(2)
        32 DBC8 fcmovne st(0), st(0)
        16 DBDA fcmovnu st(0), st(2)
        32 DADE fcmovu st(0), st(6)
        16 26DC5436 fcom qword ptr es:[si + 0x36]
        32 DBF2 fcomi st(2)
        16 DFF7 fcomip st(7)
        32 64DC58C7 fcomp qword ptr fs:[eax - 0x39]
        16 DED9 fcompp
        32 D9FF fcos
        16 D9F6 fdecstp
        32 36DCB501CD1BE1 fdiv qword ptr ss:[ebp - 0x1ee432ff]
        16 DEF8 fdivp st(0)
        32 3EDC79F2 fdivr qword ptr ds:[ecx - 0xe]
        16 64DEF7 fdivrp st(7)
        32 DDC4 ffree st(4)
        16 36DFC0 ffreep st(0)
        32 26DE42B9 fiadd word ptr es:[edx - 0x47]
        16 DE511F ficom word ptr [bx + di + 0x1f]
        32 64DE9B8BA34C89 ficomp word ptr fs:[ebx - 0x76b35c75]
        16 2EDE30 fidiv word ptr cs:[bx + si]
        32 DA3C95640C626F fidivr dword ptr [edx*4 + 0x6f620c64]
        16 6667DB048F fild dword ptr [edi + ecx*4]
        32 DA0CAF fimul dword ptr [edi + ebp*4]
        16 D9F7 fincstp
        32 DB14B4 fist dword ptr [esp + esi*4]
        16 DF98FB09 fistp word ptr [bx + si + 0x9fb]
        32 36DEA60A000000 fisub word ptr ss:[esi + 0xa]
        16 DE68F5 fisubr word ptr [bx + si - 0xb]
        32 64DB6FFE fld xword ptr fs:[edi - 2]
        16 D9E8 fld1
        32 36D969B5 fldcw word ptr ss:[ecx - 0x4b]
        16 65D965F6 fldenv gs:[di - 0xa]
        32 D9EA fldl2e
        16 67D9E9 fldl2t
        32 67D9EC fldlg2
        16 F3D9ED fldln2
        32 D9EB fldpi
        16 D9EE fldz
        32 64DC4A6B fmul qword ptr fs:[edx + 0x6b]
        16 DECA fmulp st(2)
        32 DBE2 fnclex
        16 DBE3 fninit
        32 D9D0 fnop
        16 64D9BC4DEE fnstcw word ptr fs:[si - 0x11b3]
        32 64D9702F fnstenv fs:[eax + 0x2f]
        16 DFE0 fnstsw ax
        32 D9F3 fpatan
        16 D9F8 fprem
        32 D9F5 fprem1
        16 D9F2 fptan
        32 67D9FC frndint
        16 D9FD fscale
        32 DBE4 fsetpm
        16 D9FE fsin
        32 67D9FB fsincos
        16 D9FA fsqrt
        32 64DD9300090000 fst qword ptr fs:[ebx + 0x900]
        16 64DD9FD909 fstp qword ptr fs:[bx + 0x9d9]
        32 D9DF fstpnce st(7), st(0)
        16 3EDCA76949 fsub qword ptr ds:[bx + 0x4969]
        32 64DEEF fsubp st(7)
        16 2EDC6DB5 fsubr qword ptr cs:[di - 0x4b]
        32 DEE2 fsubrp st(2)
        16 D9E4 ftst
        32 DDE2 fucom st(2)
        16 DBED fucomi st(5)
        32 DFE9 fucomip st(1)
        16 DDEF fucomp st(7)
        32 DAE9 fucompp
        16 D9E5 fxam
        32 D9CF fxch st(7)
        16 66670FAE8C9F00000000 fxrstor [edi + ebx*4]
        32 640FAE43F8 fxsave fs:[ebx - 8]
        16 D9F4 fxtract
        32 D9F1 fyl2x
        16 D9F9 fyl2xp1
        32 F3F4 hlt
        16 2EF7BEC9C8 idiv word ptr cs:[bp - 0x3737]
        32 0FAF2CAD28102000 imul ebp, dword ptr [ebp*4 + 0x201028]
        16 EC in al, dx
        32 36FE4388 inc byte ptr ss:[ebx - 0x78]
        16 6C insb byte ptr es:[di], dx
        32 6D insd dword ptr es:[edi], dx
        16 6D insw word ptr es:[di], dx
        32 CDC2 int 0xc2
        16 F1 int1
        32 CC int3
        16 CE into
        32 0F08 invd
        16 0F01BC0631 invlpg byte ptr [si + 0x3106]
        32 6667CF iret
        16 66CF iretd
        32 77F9 ja 0xffb
        16 731F jae 0x1021
        32 66F372AB jb 0xfaf
        16 0F8691A8 jbe 0xb895
        32 67E3F3 jcxz 0xff6
        16 F374A5 je 0xfa8
        32 E360 jecxz 0x1062
        16 677F36 jg 0x1039
        32 657D87 jge 0xf8a
        16 660F8CB9890000 jl 0x99c0
        32 66F37E34 jle 0x1038
        16 64FFA6F500 jmp word ptr fs:[bp + 0xf5]
        32 66F3753C jne 0x1040
        16 7177 jno 0x1079
        32 66F37B8C jnp 0xf90
        16 799A jns 0xf9c
        32 70C7 jo 0xfc9
        16 7A6A jp 0x106c
        32 7853 js 0x1055
        16 9F lahf
        32 640F023C2F lar edi, word ptr fs:[edi + ebp]
        16 64FF5F16 lcall fs:[bx + 0x16]
        32 64C56094 lds esp, ptr fs:[eax - 0x6c]
        16 648D20 lea sp, fs:[bx + si]
        32 36C9 leave
        16 64C4A68409 les sp, ptr fs:[bp + 0x984]
        32 640FB47BC1 lfs edi, ptr fs:[ebx - 0x3f]
        16 670F015626 lgdt [esi + 0x26]
        32 660FB51C7F lgs bx, ptr [edi + edi*2]
        16 66670F015CF400 lidt [esp + esi*8]
        32 64FF2C31 ljmp fs:[ecx + esi]
        16 640F0054B8 lldt word ptr fs:[si - 0x48]
        32 660F013448 lmsw word ptr [eax + ecx*2]
        16 F01210 lock adc dl, byte ptr [bx + si]
        32 F08146D6B43536E8 lock add dword ptr [esi - 0x2a], 0xe83635b4
        16 F023BD7B7B lock and di, word ptr [di + 0x7b7b]
        32 F0360FBAB91CF05024AF lock btc dword ptr ss:[ecx + 0x2450f01c], 0xaf
        32 F0360FBA3745 lock btr dword ptr ss:[edi], 0x45
        32 F0670FBAADAA1992 lock bts dword ptr [di + 0x19aa], 0x92
        16 F0FE0A lock dec byte ptr [bp + si]
        32 F036FF4368 lock inc dword ptr ss:[ebx + 0x68]
        16 F0F618 lock neg byte ptr [bx + si]
        32 F067F655AF lock not byte ptr [di - 0x51]
        16 F00B57BB lock or dx, word ptr [bx - 0x45]
        32 F019B7FFFFFF7F lock sbb dword ptr [edi + 0x7fffffff], esi
        16 F02B1B lock sub bx, word ptr [bp + di]
        32 F00FC10CA9 lock xadd dword ptr [ecx + ebp*4], ecx
        16 F087B7CBA1 lock xchg word ptr [bx - 0x5e35], si
        32 F0325A39 lock xor bl, byte ptr [edx + 0x39]
        16 64AC lodsb al, byte ptr fs:[si]
        32 6467AD lodsd eax, dword ptr fs:[si]
        16 64AD lodsw ax, word ptr fs:[si]
        32 E218 loop 0x101a
        16 E1AE loope 0xfb0
        32 E005 loopne 0x1007
        16 640F0356BB lsl dx, word ptr fs:[bp - 0x45]
        32 F20FB2046E lss eax, ptr [esi + ebp*2]
        16 670F001CB8 ltr word ptr [eax + edi*4]
        32 8E1CCD246DC830 mov ds, word ptr [ecx*8 + 0x30c86d24]
        16 F2670F7E2C93 movd dword ptr [ebx + edx*4], mm5
        32 F2670F6F22 movq mm4, qword ptr [bp + si]
        16 64A4 movsb byte ptr es:[di], byte ptr fs:[si]
        32 64A5 movsd dword ptr es:[edi], dword ptr fs:[esi]
        16 64A5 movsw word ptr es:[di], word ptr fs:[si]
        32 260FBF4EEA movsx ecx, word ptr es:[esi - 0x16]
        16 670FB60C5F movzx cx, byte ptr [edi + ebx*2]
        32 F72495ACBA3747 mul dword ptr [edx*4 + 0x4737baac]
        16 3EF79D8B69 neg word ptr ds:[di + 0x698b]
        32 F20F1B0C8509000000 nop dword ptr [eax*4 + 9]
        16 2EF713 not word ptr cs:[bp + di]
        32 0B145DAF00744C or edx, dword ptr [ebx*2 + 0x4c7400af]
        16 EE out dx, al
        32 646E outsb dx, byte ptr fs:[esi]
        16 666F outsd dx, dword ptr [si]
        32 666F outsw dx, word ptr [esi]
        16 66670F6B7A20 packssdw mm7, qword ptr [edx + 0x20]
        32 F2670F6374EF packsswb mm6, qword ptr [si - 0x11]
        16 F20F672B packuswb mm5, qword ptr [bp + di]
        32 F30FFCBB48000000 paddb mm7, qword ptr [ebx + 0x48]
        16 F2670FFEB146090000 paddd mm6, qword ptr [ecx + 0x946]
        32 670FECBE50E1 paddsb mm7, qword ptr [bp - 0x1eb0]
        16 670FED6FA9 paddsw mm5, qword ptr [edi - 0x57]
        32 66F30FDCBD04F0FFFF paddusb mm7, qword ptr [ebp - 0xffc]
        16 66670FDD726C paddusw mm6, qword ptr [edx + 0x6c]
        32 640FFD0B paddw mm1, qword ptr fs:[ebx]
        16 660FDB30 pand mm6, qword ptr [bx + si]
        32 66670FDF74B7 pandn mm6, qword ptr [si - 0x49]
        32 66F390 pause
        32 66F30F74BF77AADE79 pcmpeqb mm7, qword ptr [edi + 0x79deaa77]
        16 F20F7674D8 pcmpeqd mm6, qword ptr [si - 0x28]
        32 640F7502 pcmpeqw mm0, qword ptr fs:[edx]
        16 F20F6475A6 pcmpgtb mm6, qword ptr [di - 0x5a]
        32 640F660DDF000000 pcmpgtd mm1, qword ptr fs:[0xdf]
        16 F2670F656BC8 pcmpgtw mm5, qword ptr [ebx - 0x38]
        32 F20FF5B25AF0FFFF pmaddwd mm6, qword ptr [edx - 0xfa6]
        16 F2670FE53C02 pmulhw mm7, qword ptr [edx + eax]
        32 66670FD5B44300 pmullw mm6, qword ptr [si + 0x43]
        16 F2678F048A pop word ptr [edx + ecx*4]
        32 61 popal
        16 61 popaw
        32 669D popf
        16 66F39D popfd
        32 66F30FEB7EC1 por mm7, qword ptr [esi - 0x3f]
        16 670FF2BB45F0FFFF pslld mm7, qword ptr [ebx - 0xfbb]
        32 640FF30575F9A060 psllq mm0, qword ptr fs:[0x60a0f975]
        16 640FF10F psllw mm1, qword ptr fs:[bx]
        32 640FE21A psrad mm3, qword ptr fs:[edx]
        16 640FE10EB100 psraw mm1, qword ptr fs:[0xb1]
        32 640FD21561090000 psrld mm2, qword ptr fs:[0x961]
        16 660FD338 psrlq mm7, qword ptr [bx + si]
        32 640FD10A psrlw mm1, qword ptr fs:[edx]
        16 66670FF8AB27F2CD83 psubb mm5, qword ptr [ebx - 0x7c320dd9]
        32 640FFA050E000000 psubd mm0, qword ptr fs:[0xe]
        16 66670FE8793B psubsb mm7, qword ptr [ecx + 0x3b]
        32 F2670FE938 psubsw mm7, qword ptr [bx + si]
        16 640FD80C psubusb mm1, qword ptr fs:[si]
        32 F20FD93C0B psubusw mm7, qword ptr [ebx + ecx]
        16 0FF9AE22F0 psubw mm5, qword ptr [bp - 0xfde]
        32 0F687EB1 punpckhbw mm7, qword ptr [esi - 0x4f]
        16 F20F6AB539E4 punpckhdq mm6, qword ptr [di - 0x1bc7]
        32 640F690E punpckhwd mm1, qword ptr fs:[esi]
        16 0F6030 punpcklbw mm6, qword ptr [bx + si]
        32 640F621B punpckldq mm3, qword ptr fs:[ebx]
        16 66F30F6131 punpcklwd mm6, qword ptr [bx + di]
        32 66FF346E push word ptr [esi + ebp*2]
        16 6660 pushal
        32 6660 pushaw
        16 9C pushf
        32 9C pushfd
        16 F2670FEFAE4CF0FFFF pxor mm5, qword ptr [esi - 0xfb4]
        32 D1148E rcl dword ptr [esi + ecx*4], 1
        16 363ED39E6051 rcr word ptr ds:[bp + 0x5160], cl
        32 640F32 rdmsr
        16 66F30F33 rdpmc
        32 F2670F31 rdtsc
        16 F36C rep insb byte ptr es:[di], dx
        32 F36D rep insd dword ptr es:[edi], dx
        16 F33E6D rep insw word ptr es:[di], dx
        32 26F3AC rep lodsb al, byte ptr es:[esi]
        16 66F3AD rep lodsd eax, dword ptr [si]
        32 66F33667AD rep lodsw ax, word ptr ss:[si]
        16 26F3A4 rep movsb byte ptr es:[di], byte ptr es:[si]
        32 6736F3A5 rep movsd dword ptr es:[di], dword ptr ss:[si]
        16 26F336A5 rep movsw word ptr es:[di], word ptr ss:[si]
        32 66F36E rep outsb dx, byte ptr [esi]
        16 66F36F rep outsd dx, dword ptr [si]
        16 F36F rep outsw dx, word ptr [si]
        16 66F3AA rep stosb byte ptr es:[di], al
        32 F3AB rep stosd dword ptr es:[edi], eax
        16 F3AB rep stosw word ptr es:[di], ax
        32 36F367A6 repe cmpsb byte ptr ss:[si], byte ptr es:[di]
        16 66F3A7 repe cmpsd dword ptr [si], dword ptr es:[di]
        32 6667F336A7 repe cmpsw word ptr ss:[si], word ptr es:[di]
        16 66F3AE repe scasb al, byte ptr es:[di]
        32 F3AF repe scasd eax, dword ptr es:[edi]
        16 F3AF repe scasw ax, word ptr es:[di]
        32 36F2A6 repne cmpsb byte ptr ss:[esi], byte ptr es:[edi]
        32 36F2A7 repne cmpsd dword ptr ss:[esi], dword ptr es:[edi]
        32 36F266A7 repne cmpsw word ptr ss:[esi], word ptr es:[edi]
        16 F2676C repne insb byte ptr es:[edi], dx
        32 F2676D repne insd dword ptr es:[di], dx
        16 F26D repne insw word ptr es:[di], dx
        32 F267AC repne lodsb al, byte ptr [si]
        32 F267AD repne lodsd eax, dword ptr [si]
        16 26F2AD repne lodsw ax, word ptr es:[si]
        16 64F2A4 repne movsb byte ptr es:[di], byte ptr fs:[si]
        16 26F2A5 repne movsw word ptr es:[di], word ptr es:[si]
        16 2E3EF2366E repne outsb dx, byte ptr ss:[si]
        32 F26F repne outsd dx, dword ptr [esi]
        16 F2656F repne outsw dx, word ptr gs:[si]
        32 F267AE repne scasb al, byte ptr es:[di]
        32 F2AF repne scasd eax, dword ptr es:[edi]
        32 F266AF repne scasw ax, word ptr es:[edi]
        16 F2AA repne stosb byte ptr es:[di], al
        32 F267AB repne stosd dword ptr es:[di], eax
        16 F267AB repne stosw word ptr es:[edi], ax
        32 66F3C3 ret
        16 CB retf
        32 36C0866CA01C6ED2 rol byte ptr ss:[esi + 0x6e1ca06c], 0xd2
        16 2ED18CCFC8 ror word ptr cs:[si - 0x3731], 1
        32 640FAA rsm
        16 9E sahf
        32 36C0B6E181821C06 sal byte ptr ss:[esi + 0x1c8281e1], 6
        16 F267D6 salc
        32 64D0BB47D74286 sar byte ptr fs:[ebx - 0x79bd28b9], 1
        16 64829C2DF0FF sbb byte ptr fs:[si - 0xfd3], 0xff
        32 AE scasb al, byte ptr es:[edi]
        16 66AF scasd eax, dword ptr es:[di]
        32 6667AF scasw ax, word ptr es:[di]
        16 F2670F9714D7 seta byte ptr [edi + edx*8]
        32 640F93B125F0FFFF setae byte ptr fs:[ecx - 0xfdb]
        16 670F923C68 setb byte ptr [eax + ebp*2]
        32 640F96B927F0FFFF setbe byte ptr fs:[ecx - 0xfd9]
        16 F2670F943485775F62D7 sete byte ptr [eax*4 - 0x289da089]
        32 640F9F343B setg byte ptr fs:[ebx + edi]
        16 66670F9D0C49 setge byte ptr [ecx + ecx*2]
        32 640F9CBBBAF0FFFF setl byte ptr fs:[ebx - 0xf46]
        16 F2670F9E24FD09000000 setle byte ptr [edi*8 + 9]
        32 640F959F4B7BE7E0 setne byte ptr fs:[edi - 0x1f1884b5]
        16 66670F918CF900000000 setno byte ptr [ecx + edi*8]
        32 640F9B241B setnp byte ptr fs:[ebx + ebx]
        16 F2670F993CAA setns byte ptr [edx + ebp*4]
        32 66F30F9094E800000000 seto byte ptr [eax + ebp*8]
        16 F2670F9A9CAB00000000 setp byte ptr [ebx + ebp*4]
        32 0F9804ED5730C2C1 sets byte ptr [ebp*8 - 0x3e3dcfa9]
        16 640F0184B3C1 sgdt fs:[si - 0x3e4d]
        32 D32444 shl dword ptr [esp + eax*2], cl
        16 F2670FA51487 shld word ptr [edi + eax*4], dx, cl
        32 C12CF5B693744250 shr dword ptr [esi*8 + 0x427493b6], 0x50
        16 670FAC2C9729 shrd word ptr [edi + edx*4], bp, 0x29
        32 66F30F010CCC sidt [esp + ecx*8]
        16 640F004684 sldt word ptr fs:[bp - 0x7c]
        32 66670F01641F smsw word ptr [si + 0x1f]
        16 F9 stc
        32 FD std
        16 FB sti
        32 AA stosb byte ptr es:[edi], al
        16 6667AB stosd dword ptr es:[edi], eax
        32 66AB stosw word ptr es:[edi], ax
        16 F30F004E38 str word ptr [bp + 0x38]
        32 2E286462D7 sub byte ptr cs:[edx - 0x29], ah
        16 66670F34 sysenter
        32 F30F35 sysexit
        16 3EF7856E5F92FF test word ptr ds:[di + 0x5f6e], 0xff92
        32 F30F0B ud2
        16 670F0024CC verr word ptr [esp + ecx*8]
        32 640F00A80AF0FFFF verw word ptr fs:[eax - 0xff6]
        16 9B wait
        32 F2670F09 wbinvd
        16 0F30 wrmsr
        32 0FC1BC7400000000 xadd dword ptr [esp + esi*2], edi
        16 2E87AC3A84 xchg word ptr cs:[si - 0x7bc6], bp
        32 D7 xlatb
        16 3630A56128 xor byte ptr ss:[di + 0x2861], ah
        16 2E8B13 mov dx, word ptr cs:[bp + di]
        16 3EC64595E7 mov byte ptr ds:[di - 0x6b], 0xe7
        16 8E891C20 mov cs, word ptr [bx + di + 0x201c]
        16 3E894FEE mov word ptr ds:[bx - 0x12], cx
        16 368C494E mov word ptr ss:[bx + di + 0x4e], cs
        16 2E8C1B mov word ptr cs:[bp + di], ds
        16 648CADAE1F mov word ptr fs:[di + 0x1fae], gs
        16 648083E2AC22 add byte ptr fs:[bp + di - 0x531e], 0x22
        16 8382849523 add word ptr [bp + si - 0x6a7c], 0x23
        16 262E26023F add bh, byte ptr es:[bx]
        16 F2670FA4E977 shld cx, bp, 0x77
        16 640FA562F6 shld word ptr fs:[bp + si - 0xa], sp, cl
        16 0FA55333 shld word ptr [bp + di + 0x33], dx, cl
        16 366B1CB6 imul bx, word ptr ss:[si], -0x4a
        16 F7AE7DA7 imul word ptr [bp - 0x5883]
        16 64F7AB6BF0 imul word ptr fs:[bp + di - 0xf95]
        16 26D944CC fld dword ptr es:[si - 0x34]
        16 2EDD4325 fld qword ptr cs:[bp + di + 0x25]
        16 6667D98475F0FFFFFF fld dword ptr [ebp + esi*2 - 0x10]
        16 64FFB4C937 push word ptr fs:[si + 0x37c9]
        16 66FF364A09 push dword ptr [0x94a]
        16 2EFFB662E1 push word ptr cs:[bp - 0x1e9e]
        16 368D38 lea di, ss:[bx + si]
        16 648D4594 lea ax, fs:[di - 0x6c]
        16 8D902C5C lea dx, [bx + si + 0x5c2c]
        32 2EA28B68224A mov byte ptr cs:[0x4a22688b], al
        32 886C2A14 mov byte ptr [edx + ebp + 0x14], ch
        32 648E46B9 mov es, word ptr fs:[esi - 0x47]
        32 648C849C4B300D01 mov word ptr fs:[esp + ebx*4 + 0x10d304b], es
        32 2E8826 mov byte ptr cs:[esi], ah
        32 C7043C96A089B7 mov dword ptr [esp + edi], 0xb789a096
        32 C7830A000000DBA78B23 mov dword ptr [ebx + 0xa], 0x238ba7db
        32 65024810 add cl, byte ptr gs:[eax + 0x10]
        32 0259D9 add bl, byte ptr [ecx - 0x27]
        32 3602937C0A9A84 add dl, byte ptr ss:[ebx - 0x7b65f584]
        32 36660FA53463 shld word ptr ss:[ebx], si, cl
        32 F20FA52C90 shld dword ptr [eax + edx*4], ebp, cl
        32 3E0FA49BA0EDE43E07 shld dword ptr ds:[ebx + 0x3ee4eda0], ebx, 7
        32 F326F72B imul dword ptr es:[ebx]
        32 66F72E imul word ptr [esi]
        32 64F66B51 imul byte ptr fs:[ebx + 0x51]
        32 26D90463 fld dword ptr es:[ebx]
        32 36DB2F fld xword ptr ss:[edi]
        32 3EDD06 fld qword ptr ds:[esi]
        32 64FF34F9 push dword ptr fs:[ecx + edi*8]
        32 FF349DDEE05A16 push dword ptr [ebx*4 + 0x165ae0de]
        32 36FF30 push dword ptr ss:[eax]
        32 648D74F209 lea esi, fs:[edx + esi*8 + 9]
        32 66678DA8028A lea bp, [bx + si - 0x75fe]
        32 268D6C463F lea ebp, es:[esi + eax*2 + 0x3f]
        """
}
