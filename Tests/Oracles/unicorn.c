/* The oracle that is Unicorn: runs cases in flat 32-bit code at level 3 and in real mode.
 *
 *     cc -O2 -o unicorn unicorn.c -lunicorn
 *
 * Each instruction is a call of `uc_emu_start`: flags are not right yet in a hook before the next instruction, and
 * translation runs ahead into pages that are not there.
 */
#include "protocol.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicorn/unicorn.h>

static const int names[REGISTERS] = {UC_X86_REG_EAX, UC_X86_REG_ECX, UC_X86_REG_EDX, UC_X86_REG_EBX, UC_X86_REG_ESP,
    UC_X86_REG_EBP, UC_X86_REG_ESI, UC_X86_REG_EDI, UC_X86_REG_EIP, UC_X86_REG_EFLAGS, UC_X86_REG_ES, UC_X86_REG_CS,
    UC_X86_REG_SS, UC_X86_REG_DS, UC_X86_REG_FS, UC_X86_REG_GS};

enum { GDT = 0x500000 };

typedef struct {
    uc_engine *engine;
    int is32;
    /* What memory is, and what it was in the state before. */
    uint8_t *memory, *shadow;
} Machine;

static Machine machines[2];
static Machine *machine;

/* The exception that a hook saw. */
static int vector;
static uint32_t faultAddress;
/* Addresses that were written since the last state. */
static uint32_t written[1 << 19];
static int writes;

static void check(uc_err error, const char *what) {
    if (error == UC_ERR_OK) return;
    fprintf(stderr, "unicorn: %s: %s\n", what, uc_strerror(error));
    exit(2);
}

static void interrupted(uc_engine *engine, uint32_t number, void *data) {
    (void)data;
    vector = (int)number;
    uc_emu_stop(engine);
}

static bool invalid(uc_engine *engine, void *data) {
    (void)engine, (void)data;
    vector = 6;
    return false;
}

static bool unmapped(uc_engine *engine, uc_mem_type type, uint64_t address, int size, int64_t value, void *data) {
    (void)engine, (void)type, (void)size, (void)value, (void)data;
    vector = 14;
    faultAddress = (uint32_t)address;
    return false;
}

static void wrote(uc_engine *engine, uc_mem_type type, uint64_t address, int size, int64_t value, void *data) {
    (void)engine, (void)type, (void)value, (void)data;
    for (int i = 0; i < size && writes < 1 << 19; i++) written[writes++] = (uint32_t)address + (uint32_t)i;
}

static void setDescriptor(Machine *m, int index, uint32_t high) {
    uint32_t descriptor[2] = {0xFFFF, high};
    check(uc_mem_write(m->engine, GDT + (uint64_t)index * 8, descriptor, 8), "GDT");
}

/* Goes to level 3, which writing registers does not do: by an IRET. */
static void leaveLevel0(Machine *m) {
    uint32_t frame[] = {GDT + 0x200, 0x23, 0x202, 0x300000, 0x2B};
    uint8_t iret = 0xCF, loop[] = {0xEB, 0xFE};
    check(uc_mem_write(m->engine, GDT + 0x800, frame, sizeof frame), "frame");
    check(uc_mem_write(m->engine, GDT + 0x100, &iret, 1), "IRET");
    check(uc_mem_write(m->engine, GDT + 0x200, loop, 2), "loop");
    uint64_t esp = GDT + 0x800, ss = 0x30;
    check(uc_reg_write(m->engine, UC_X86_REG_SS, &ss), "SS");
    check(uc_reg_write(m->engine, UC_X86_REG_ESP, &esp), "ESP");
    check(uc_emu_start(m->engine, GDT + 0x100, GDT + 0x200, 0, 2), "IRET");
    for (int i = ES; i <= GS; i++) {
        uint64_t selector = i == CS ? 0x23 : 0x2B;
        if (i != CS && i != SS) check(uc_reg_write(m->engine, names[i], &selector), "segment");
    }
}

static void setUp(Machine *m, int is32) {
    m->is32 = is32;
    check(uc_open(UC_ARCH_X86, is32 ? UC_MODE_32 : UC_MODE_16, &m->engine), "open");
    m->memory = aligned_alloc(PAGE, 0x400000);
    m->shadow = aligned_alloc(PAGE, 0x400000);
    memset(m->memory, 0, 0x400000);
    memset(m->shadow, 0, 0x400000);
    if (is32) {
        for (int i = 0; i < 6; i++) {
            check(uc_mem_map_ptr(m->engine, pages32[i], PAGE, UC_PROT_ALL, m->memory + pages32[i]), "map");
        }
        check(uc_mem_map(m->engine, GDT, PAGE, UC_PROT_ALL), "map");
        uc_x86_mmr gdtr = {.base = GDT, .limit = 0x7F};
        check(uc_reg_write(m->engine, UC_X86_REG_GDTR, &gdtr), "GDTR");
        setDescriptor(m, 4, 0x00CFFB00); /* 23h: code of level 3 */
        setDescriptor(m, 5, 0x00CFF300); /* 2Bh: data of level 3 */
        setDescriptor(m, 6, 0x00CF9300); /* 30h: data of level 0 */
        leaveLevel0(m);
    } else {
        check(uc_mem_map_ptr(m->engine, 0, 0x80000, UC_PROT_ALL, m->memory), "map");
    }
    check(uc_ctl_exits_enable(m->engine), "exits");
    uc_hook hook;
    check(uc_hook_add(m->engine, &hook, UC_HOOK_INTR, interrupted, NULL, 1, 0), "hook");
    check(uc_hook_add(m->engine, &hook, UC_HOOK_INSN_INVALID, invalid, NULL, 1, 0), "hook");
    check(uc_hook_add(m->engine, &hook, UC_HOOK_MEM_UNMAPPED, unmapped, NULL, 1, 0), "hook");
    check(uc_hook_add(m->engine, &hook, UC_HOOK_MEM_WRITE, wrote, NULL, 1, 0), "hook");
}

static uint32_t reg(int number) {
    uint64_t value = 0;
    uc_reg_read(machine->engine, names[number], &value);
    return (uint32_t)value;
}

/* EIP. In real mode Unicorn leaves the linear address there when it stops between two instructions. */
static uint32_t offset(uint32_t base) {
    uint32_t eip = reg(EIP);
    return !machine->is32 && eip >= base ? (eip - base) : eip;
}

static int compareAddresses(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void putState(uint32_t base) {
    for (int i = 0; i < REGISTERS; i++) {
        uint32_t value = i == EIP ? offset(base) : reg(i);
        if (i == EFLAGS) value = (value & ~(TF | RF)) | 2;
        if (i >= ES) value &= 0xFFFF;
        put(value, 4);
    }
    uint8_t *count = out;
    out += 4;
    qsort(written, (size_t)writes, sizeof *written, compareAddresses);
    uint32_t changes = 0;
    for (int i = 0; i < writes; i++) {
        uint32_t at = written[i];
        if ((i > 0 && at == written[i - 1]) || at >= 0x400000) continue;
        uint8_t byte = machine->memory[at];
        if (byte == machine->shadow[at]) continue;
        machine->shadow[at] = byte;
        put(at, 4);
        put(byte, 1);
        changes++;
    }
    writes = 0;
    uint8_t *end = out;
    out = count;
    put(changes, 4);
    out = end;
}

/* Whether registers and memory are what they were. Stores of an instruction that has to start again are seen, but not
 * done. */
static int nothingDone(const uint32_t *before) {
    for (int i = 0; i < REGISTERS; i++) {
        if (i != EIP && reg(i) != before[i]) return 0;
    }
    for (int i = 0; i < writes; i++) {
        if (written[i] < 0x400000 && machine->memory[written[i]] != machine->shadow[written[i]]) return 0;
    }
    return 1;
}

/* Whether the instruction at `at` is a string instruction with REP. */
static int isRepeated(uint32_t at) {
    int isRep = 0;
    for (int i = 0; i < 15; i++, at++) {
        uint8_t byte = at < 0x400000 ? machine->memory[at] : 0;
        switch (byte) {
        case 0x26: case 0x2E: case 0x36: case 0x3E: case 0x64 ... 0x67: case 0xF0: continue;
        case 0xF2: case 0xF3: isRep = 1; continue;
        case 0x6C ... 0x6F: case 0xA4 ... 0xA7: case 0xAA ... 0xAF: return isRep;
        default: return 0;
        }
    }
    return 0;
}

static void runCase(void) {
    uint32_t mode = get(1), hasFPU = get(1) & HAS_FPU, steps = get(2), start[REGISTERS];
    for (int i = 0; i < REGISTERS; i++) start[i] = get(4);
    if (hasFPU) in += FPU_SIZE;
    machine = &machines[mode == REAL16];
    if (!machine->engine) setUp(machine, mode != REAL16);
    uc_engine *engine = machine->engine;
    uint32_t allPages[64];
    int count = 0;
    if (machine->is32) {
        for (; count < 6; count++) allPages[count] = pages32[count];
    } else {
        for (; count < 0x31; count++) allPages[count] = 0x10000 + (uint32_t)count * PAGE;
    }
    for (int i = 0; i < count; i++) memset(machine->memory + allPages[i], 0, PAGE);
    for (uint32_t runs = get(2); runs > 0; runs--) {
        uint32_t address = get(4), size = get(2);
        if (address + size <= 0x400000) memcpy(machine->memory + address, in, size);
        in += size;
    }
    /* What was translated is of the case before. To flush everything would take 30 ms. */
    for (int i = 0; i < count; i++) uc_ctl_remove_cache(engine, (uint64_t)allPages[i], (uint64_t)allPages[i] + PAGE);
    for (int i = 0; i < count; i++) memcpy(machine->shadow + allPages[i], machine->memory + allPages[i], PAGE);
    static const int order[] = {CS, SS, DS, ES, FS, GS, EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI, EFLAGS, EIP};
    for (int i = machine->is32 ? 6 : 0; i < REGISTERS; i++) {
        uint64_t value = start[order[i]];
        uc_reg_write(engine, names[order[i]], &value);
    }
    uint8_t *result = out;
    out += 12;
    int end = ALL_STEPS;
    uint32_t base = machine->is32 ? 0 : start[CS] << 4, done = 0;
    writes = 0;
    while (done < steps) {
        uint32_t eip = offset(base);
        int repeats = isRepeated(base + eip);
        uc_err error;
        vector = -1;
        /* Wherever the instruction ends, translation does: it would go on to the end of the page. */
        uint64_t exits[15];
        for (uint32_t i = 0; i < 15; i++) exits[i] = base + eip + 1 + i;
        uc_ctl_set_exits(engine, exits, (size_t)15);
        uint32_t before[REGISTERS];
        for (int i = 0; i < REGISTERS; i++) before[i] = reg(i);
        int tries = 0; /* without a result */
        do {
            error = uc_emu_start(engine, base + eip, 0xFFFFFFFF, 0, 1);
            /* Now and then it stops before it has done anything. */
        } while (error == UC_ERR_OK && vector < 0 && offset(base) == eip && (repeats || (nothingDone(before) && ++tries < 2)));
        if (tries > 1) {
            end = REFUSED;
            break;
        }
        /* A jump to where nothing is: the jump is done, and the next instruction faults. */
        int isDone = error == UC_ERR_FETCH_UNMAPPED && offset(base) != eip;
        if (!isDone && (error != UC_ERR_OK || vector >= 0)) {
            if (vector < 0) vector = error == UC_ERR_INSN_INVALID ? 6 : 255;
            end = EXCEPTION;
            putState(base);
            break;
        }
        done++;
        putState(base);
    }
    uint8_t *last = out;
    out = result;
    put((uint32_t)end, 1);
    put((uint32_t)(end == EXCEPTION ? vector : 0), 1);
    put(done, 2);
    put(0, 4);
    put(end == EXCEPTION && vector == 14 ? faultAddress : 0, 4);
    out = last;
}

static void transfer(int isWrite, uint8_t *bytes, uint32_t size) {
    size_t count = isWrite ? fwrite(bytes, 1, size, stdout) : fread(bytes, 1, size, stdin);
    if (count != size) exit(feof(stdin) ? 0 : 4);
    if (isWrite) fflush(stdout);
}

int main(void) {
    for (;;) {
        in = input;
        transfer(0, input, 4);
        uint32_t size = get(4);
        if (size > LARGEST) return 5;
        transfer(0, input, size);
        in = input;
        out = output + 4;
        while (in < input + size) runCase();
        uint32_t length = (uint32_t)(out - output) - 4;
        out = output;
        put(length, 4);
        transfer(1, output, length + 4);
    }
}
