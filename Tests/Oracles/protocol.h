/* What the fuzzer and its oracles say to each other, over standard input and output. All integers are little endian
 * and nothing is aligned.
 *
 * A message either way is u32 size and that many bytes; the fuzzer's holds cases, the oracle's holds their results.
 *
 * case    u8 mode, u8 content, u16 steps, u32 registers[16], [u8 fpu[108]], u16 runs, runs x { u32 address, u16 size,
 *         u8 bytes[size] }
 * result  u8 end, u8 vector, u16 steps, u32 errorCode, u32 cr2, then a state for each step, and where `end` is EXCEPTION
 *         one more: what the handler would find
 * state   u32 registers[16], [u8 fpu[108]], u32 changes, changes x { u32 address, u8 value }: the memory that is not
 *         what it was in the state before
 *
 * Memory is zero where no run covers it. `fpu` is what 32-bit FNSAVE stores. A step is a whole instruction, a REP
 * with all its elements.
 */
#include <stdint.h>

enum { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI, EIP, EFLAGS, ES, CS, SS, DS, FS, GS, REGISTERS };
enum { PROTECTED32, PROTECTED16, REAL16 };
enum { ALL_STEPS, EXCEPTION, REFUSED };
enum { HAS_FPU = 1 };
enum { FPU_SIZE = 108, PAGE = 4096, LARGEST = 1 << 22 };

enum { TF = 0x100, RF = 0x10000 };

/* The pages that are there in each mode (Sources/Fuzzing/FuzzMode.swift). In real mode the rest of the first 512 KB is
 * there as well. */
static const uint32_t pages32[] = {0x100000, 0x101000, 0x200000, 0x201000, 0x300000, 0x301000};
static const uint32_t pages16[] = {0x10000, 0x11000, 0x1F000, 0x20000, 0x21000, 0x2F000, 0x30000, 0x31000, 0x3F000};

static uint8_t input[LARGEST];
static uint8_t output[4 * LARGEST];
static uint8_t *in, *out;

static inline uint32_t get(int size) {
    uint32_t value = 0;
    for (int i = 0; i < size; i++) value |= (uint32_t)*in++ << (8 * i);
    return value;
}

static inline void put(uint32_t value, int size) {
    for (int i = 0; i < size; i++) *out++ = (uint8_t)(value >> (8 * i));
}
