/* The oracle that is this computer's CPU: runs cases in 32- and 16-bit protected mode, one instruction a signal.
 *
 *     cc -m32 -O2 -static -nostdlib -ffreestanding -fno-stack-protector -fno-pie -no-pie \
 *        -Wl,-Ttext-segment=0x40000000 -o host host.c
 *
 * A 32-bit program without libc. INT3 in `enter` raises the first signal; its handler puts the case's registers into
 * the signal's frame with TF set, so that the return from the signal starts the case and each instruction ends in
 * another signal. 16-bit code runs in segments of an LDT. Strict seccomp leaves the process read, write, exit and
 * sigreturn, whatever the code of a case does. Status 2: this kernel or CPU cannot do it.
 */
#include "protocol.h"

typedef struct {
    uint16_t gs, gsHigh, fs, fsHigh, es, esHigh, ds, dsHigh;
    uint32_t edi, esi, ebp, esp, ebx, edx, ecx, eax, trap, error, eip;
    uint16_t cs, csHigh;
    uint32_t eflags, espAtSignal;
    uint16_t ss, ssHigh;
    uint8_t *fpu;
    uint32_t oldMask, cr2;
} Context; /* struct sigcontext_32 */

enum { SYS_exit = 1, SYS_read = 3, SYS_write = 4, SYS_munmap = 91, SYS_sigreturn = 119, SYS_modify_ldt = 123,
       SYS_prctl = 172, SYS_rt_sigaction = 174, SYS_sigaltstack = 186, SYS_mmap2 = 192 };

static int32_t call(uint32_t number, uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e) {
    int32_t result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory");
    return result;
}

static void leave(uint32_t status) {
    for (;;) call(SYS_exit, status, 0, 0, 0, 0);
}

void *memset(void *to, int value, unsigned count) {
    void *start = to;
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(value) : "memory");
    return start;
}

void *memcpy(void *to, const void *from, unsigned count) {
    void *start = to;
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
    return start;
}

/* MARK: Memory */

static uint8_t shadow[9][PAGE] __attribute__((aligned(64)));
static const uint32_t *pages;
static int pageCount;

static int isThere(uint32_t address) {
    for (int i = 0; i < pageCount; i++) {
        if ((address & ~(PAGE - 1)) == pages[i]) return 1;
    }
    return 0;
}

/* Appends what differs from the shadow, and lets the shadow follow. */
static void putChanges(void) {
    uint8_t *count = out;
    uint32_t changes = 0;
    out += 4;
    for (int i = 0; i < pageCount; i++) {
        uint64_t *now = (uint64_t *)pages[i], *before = (uint64_t *)shadow[i];
        for (int block = 0; block < PAGE / 64; block++, now += 8, before += 8) {
            uint64_t differs = (now[0] ^ before[0]) | (now[1] ^ before[1]) | (now[2] ^ before[2]) | (now[3] ^ before[3])
                | (now[4] ^ before[4]) | (now[5] ^ before[5]) | (now[6] ^ before[6]) | (now[7] ^ before[7]);
            if (!differs) continue;
            for (int k = 0; k < 64; k++) {
                uint8_t *byte = (uint8_t *)now + k, *old = (uint8_t *)before + k;
                if (*byte == *old) continue;
                *old = *byte;
                put((uint32_t)byte, 4);
                put(*byte, 1);
                changes++;
            }
        }
    }
    uint8_t *end = out;
    out = count;
    put(changes, 4);
    out = end;
}

/* MARK: One case */

static Context home;
static uint8_t homeFPU[FPU_SIZE];
static int running, hasFPU, steps, done;
static uint32_t start[REGISTERS], mode;
static uint8_t *startFPU, *result;
/* The instruction about to run: where it is, and what is special about it. */
static uint32_t currentEIP;
static int isRepeated, pushesFlags;

static uint32_t codeBase(void) { return mode == PROTECTED32 ? 0 : 0x10000; }

/* Looks at the instruction at EIP before it runs; 0 where it must not run here. */
static int mayRun(uint32_t eip) {
    int isRep = 0, isOperand16 = mode != PROTECTED32;
    currentEIP = eip;
    isRepeated = pushesFlags = 0;
    for (int i = 0; i < 16; i++, eip++) {
        uint32_t offset = mode == PROTECTED32 ? eip : eip & 0xFFFF;
        uint32_t at = codeBase() + offset;
        /* Fetching faults: that is a result. */
        if (mode != PROTECTED32 && eip > 0xFFFF) return 1;
        if (!isThere(at)) return 1;
        uint8_t byte = *(uint8_t *)at;
        switch (byte) {
        case 0x26: case 0x2E: case 0x36: case 0x3E: case 0x64: case 0x65: case 0x67: case 0xF0: continue;
        case 0x66: isOperand16 = mode == PROTECTED32; continue;
        case 0xF2: case 0xF3: isRep = 1; continue;
        case 0x6C ... 0x6F: case 0xA4 ... 0xA7: case 0xAA ... 0xAF: isRepeated = isRep; return 1;
        case 0x9C: pushesFlags = isOperand16 ? 2 : 4; return 1;
        /* INT n reaches the kernel; INT1 looks like a step; far transfers and loads of SS are not this program's. */
        case 0xCD: case 0xF1: case 0x17: return 0;
        case 0x9A: case 0xEA: case 0xCA: case 0xCB: case 0xCF: return 0;
        case 0x8E: return isThere(at + 1) && (((uint8_t *)at)[1] >> 3 & 7) != 2;
        case 0x0F: {
            if (!isThere(at + 1)) return 1;
            uint8_t second = ((uint8_t *)at)[1];
            /* What exists since the Pentium II, or leaves user mode, or reads what differs. */
            return !(second < 0x0A || second == 0x34 || second == 0x35 || second == 0x31 || second == 0x33
                || second == 0xA2 || second == 0xB2 || second == 0x01 || (second >= 0x20 && second < 0x30)
                || second == 0x05 || second == 0x07);
        }
        default: return 1;
        }
    }
    return 1;
}

static void putState(const Context *c) {
    uint32_t values[REGISTERS] = {c->eax, c->ecx, c->edx, c->ebx, c->esp, c->ebp, c->esi, c->edi, c->eip,
        c->eflags & ~(TF | RF), c->es, c->cs, c->ss, c->ds, c->fs, c->gs};
    for (int i = 0; i < REGISTERS; i++) put(values[i], 4);
    if (hasFPU) {
        memcpy(out, c->fpu, FPU_SIZE);
        out += FPU_SIZE;
    }
    putChanges();
}

static void finish(Context *c, int end, uint8_t vector) {
    result[0] = (uint8_t)end;
    result[1] = vector;
    result[2] = (uint8_t)done;
    result[3] = (uint8_t)(done >> 8);
    uint8_t *last = out;
    out = result + 4;
    put(end == EXCEPTION ? c->error : 0, 4);
    put(end == EXCEPTION && vector == 14 ? c->cr2 : 0, 4);
    out = last;
    running = 0;
    uint8_t *fpu = c->fpu;
    *c = home;
    c->fpu = fpu;
    memcpy(fpu, homeFPU, FPU_SIZE);
}

static void begin(Context *c) {
    home = *c;
    memcpy(homeFPU, c->fpu, FPU_SIZE);
    running = 1;
    done = 0;
    c->eax = start[EAX]; c->ecx = start[ECX]; c->edx = start[EDX]; c->ebx = start[EBX];
    c->esp = start[ESP]; c->ebp = start[EBP]; c->esi = start[ESI]; c->edi = start[EDI];
    c->eip = start[EIP];
    c->eflags = start[EFLAGS] | TF;
    c->es = (uint16_t)start[ES]; c->cs = (uint16_t)start[CS]; c->ss = (uint16_t)start[SS];
    c->ds = (uint16_t)start[DS]; c->fs = (uint16_t)start[FS]; c->gs = (uint16_t)start[GS];
    if (hasFPU) memcpy(c->fpu, startFPU, FPU_SIZE);
    /* A return from a signal takes NT and ID from the handler. */
    __asm__ volatile("pushfl; andl $~0x204000, (%%esp); orl %0, (%%esp); popfl"
                     : : "r"(start[EFLAGS] & 0x204000) : "cc", "memory");
    if (!mayRun(c->eip)) finish(c, REFUSED, 0);
}

__attribute__((regparm(1), used)) static void signalled(Context *c) {
    if (!running) {
        if (c->trap != 3) leave(3);
        return begin(c);
    }
    if (c->trap != 1) return putState(c), finish(c, EXCEPTION, (uint8_t)c->trap);
    if (isRepeated && c->eip == currentEIP) {
        c->eflags |= TF;
        return;
    }
    if (pushesFlags) {
        uint32_t base = mode == PROTECTED32 ? 0 : 0x30000;
        uint32_t esp = mode == PROTECTED32 ? c->esp : c->esp & 0xFFFF;
        uint32_t at = base + (mode == PROTECTED32 ? esp + 1 : (esp + 1) & 0xFFFF);
        if (isThere(at)) *(uint8_t *)at &= (uint8_t)~(TF >> 8);
    }
    done++;
    putState(c);
    if (done == steps) return finish(c, ALL_STEPS, 0);
    if (!mayRun(c->eip)) return finish(c, REFUSED, 0);
    c->eflags |= TF;
}

/* The frame of a signal: its number at 4(%esp), the context at 8(%esp). AC would make this program's own accesses
 * fault. */
void onSignal(void);
void backFromSignal(void);
void enter(void);
void _start(void);
__asm__(
    ".globl onSignal\nonSignal:\n"
    "    pushfl\n    andl $~0x40000, (%esp)\n    popfl\n    cld\n"
    "    leal 8(%esp), %eax\n    movl %esp, %ebx\n    andl $-16, %esp\n"
    "    call signalled\n    movl %ebx, %esp\n    ret\n"
    ".globl backFromSignal\nbackFromSignal:\n"
    "    popl %eax\n    movl $119, %eax\n    int $0x80\n"
    ".globl enter\nenter:\n"
    "    pushl %ebx\n    pushl %esi\n    pushl %edi\n    pushl %ebp\n"
    "    int3\n"
    "    popl %ebp\n    popl %edi\n    popl %esi\n    popl %ebx\n    ret\n"
    ".globl _start\n_start:\n"
    "    movl $stackTop, %esp\n    andl $-16, %esp\n    call work\n"
    ".bss\n.balign 64\n    .skip 65536\nstackTop:\n    .skip 64\n.text\n");

static void runCase(void) {
    mode = get(1);
    hasFPU = get(1) & HAS_FPU;
    steps = (int)get(2);
    for (int i = 0; i < REGISTERS; i++) start[i] = get(4);
    startFPU = in;
    if (hasFPU) in += FPU_SIZE;
    pages = mode == PROTECTED32 ? pages32 : pages16;
    pageCount = mode == PROTECTED32 ? 6 : 9;
    for (int i = 0; i < pageCount; i++) memset((void *)pages[i], 0, PAGE);
    for (uint32_t runs = get(2); runs > 0; runs--) {
        uint32_t address = get(4), size = get(2);
        for (; size > 0; size--, address++, in++) {
            if (isThere(address)) *(uint8_t *)address = *in;
        }
    }
    for (int i = 0; i < pageCount; i++) memcpy(shadow[i], (void *)pages[i], PAGE);
    result = out;
    out += 12;
    if (mode == REAL16 || steps == 0) {
        memset(result, 0, 12);
        result[0] = REFUSED;
        return;
    }
    enter();
}

/* MARK: The process */

static void transfer(uint32_t call_, uint8_t *bytes, uint32_t size) {
    while (size > 0) {
        int32_t count = call(call_, call_ == SYS_write, (uint32_t)bytes, size, 0, 0);
        if (count <= 0) leave(count == 0 ? 0 : 4);
        bytes += count;
        size -= (uint32_t)count;
    }
}

static void setUpMemory(const uint32_t *addresses, int count) {
    for (int i = 0; i < count; i++) {
        /* PROT_READ | WRITE | EXEC; MAP_PRIVATE | MAP_FIXED_NOREPLACE | MAP_ANONYMOUS */
        register uint32_t ebp __asm__("ebp");
        (void)ebp;
        struct { uint32_t address, length, protection, flags, file, offset; } old =
            {addresses[i], PAGE, 7, 0x100022, 0xFFFFFFFF, 0};
        if ((uint32_t)call(90, (uint32_t)&old, 0, 0, 0, 0) != addresses[i]) leave(2);
    }
}

/* LDT entries 0 to 5: code at 10000h, data at 20000h, stack at 30000h, and data that overlap them; 64 KB each. */
static void setUpSegments(void) {
    static const uint32_t bases[] = {0x10000, 0x20000, 0x30000, 0x20010, 0x21000, 0x30010};
    for (uint32_t i = 0; i < 6; i++) {
        struct { uint32_t entry, base, limit, flags; } descriptor = {i, bases[i], 0xFFFF, i == 0 ? 2 << 1 : 0};
        if (call(SYS_modify_ldt, 0x11, (uint32_t)&descriptor, sizeof descriptor, 0, 0) != 0) leave(2);
    }
}

static void setUpSignals(void) {
    static uint8_t stack[65536] __attribute__((aligned(64)));
    struct { void *start; int32_t flags; uint32_t size; } alternate = {stack, 0, sizeof stack};
    if (call(SYS_sigaltstack, (uint32_t)&alternate, 0, 0, 0, 0) != 0) leave(2);
    static const uint8_t signals[] = {4, 5, 7, 8, 11}; /* ILL TRAP BUS FPE SEGV */
    for (unsigned i = 0; i < sizeof signals; i++) {
        /* SA_ONSTACK | SA_RESTORER */
        struct { void (*handler)(void); uint32_t flags; void (*restorer)(void); uint32_t mask[2]; } action =
            {onSignal, 0x0C000000, backFromSignal, {0, 0}};
        if (call(SYS_rt_sigaction, signals[i], (uint32_t)&action, 0, 8, 0) != 0) leave(2);
    }
}

__attribute__((used)) static void work(void) {
    /* The stack, the vDSO and all else up there. */
    call(SYS_munmap, 0xE0000000, 0xFFFFE000 - 0xE0000000, 0, 0, 0);
    setUpMemory(pages32, 6);
    setUpMemory(pages16, 9);
    setUpSegments();
    setUpSignals();
    call(SYS_prctl, 22, 1, 0, 0, 0); /* PR_SET_SECCOMP, strict */
    for (;;) {
        in = input;
        transfer(SYS_read, input, 4);
        uint32_t size = get(4);
        if (size > LARGEST) leave(5);
        transfer(SYS_read, input, size);
        in = input;
        out = output + 4;
        while (in < input + size) {
            if (out > output + sizeof output - LARGEST) leave(6);
            runCase();
        }
        uint32_t length = (uint32_t)(out - output) - 4;
        out = output;
        put(length, 4);
        transfer(SYS_write, output, length + 4);
    }
}
