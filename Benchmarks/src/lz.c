/* lz - packs generated text and unpacks it again: LZ77 with hash chains and lazy matching over 8 KB, its tokens then
 * Huffman-coded. One iteration = 8 KB of new text packed, unpacked and compared. The checksum is the CRC of what was
 * packed, so every bit of it counts. */
typedef unsigned int u32;
typedef unsigned char u8;
typedef unsigned short u16;
const char bench_name[] = "lz";
u32 xinfo; /* bytes that the last iteration's text was packed to */

enum { SIZE = 8192, HASHES = 1024, NONE = 0xFFFF, LEAST = 3, MOST = 34, SYMBOLS = 256 + MOST - LEAST + 2, END = SYMBOLS - 1 };

static u8 text[SIZE], packed[SIZE * 2], unpacked[SIZE];
static u16 head[HASHES], chain[SIZE];
static u16 tokens[SIZE + 1], distances[SIZE + 1];
static u32 seed, crctab[256];

void *memset(void *d, int c, u32 n) { u8 *p = d; while (n--) *p++ = c; return d; }
void *memcpy(void *d, const void *s, u32 n) { u8 *p = d; const u8 *q = s; while (n--) *p++ = *q++; return d; }

static u32 rnd(u32 below) { seed = seed * 1103515245u + 12345u; return (seed >> 10) % below; }

/* Sentences of made-up words, the common ones more often. */
static void write_text(void) {
    static const char syllables[] = "kalomeritasunodevigapefibohuwexyjazoquchsh";
    u32 at = 0, word = 0;
    while (at < SIZE) {
        u32 number = rnd(rnd(2) ? 24 : 3000), length = 1 + number % 4;
        for (u32 i = 0; i < length && at + 1 < SIZE; i++) {
            u32 s = (number / (i + 1) * 7 + i * i * 11 + i) % 21 * 2;
            text[at] = syllables[s];
            if (word == 0 && i == 0) text[at] -= 32;
            text[at + 1] = syllables[s + 1];
            at += 2;
        }
        word = rnd(9) ? word + 1 : 0;
        if (at < SIZE && word == 0) text[at++] = '.';
        if (at < SIZE) text[at++] = rnd(11) ? ' ' : '\n';
    }
}

static u32 hash(const u8 *p) { return ((p[0] << 7) ^ (p[1] << 4) ^ p[2] ^ (p[2] << 5)) & (HASHES - 1); }

static void enter(u32 at) {
    if (at + LEAST > SIZE) return;
    u32 h = hash(text + at);
    chain[at] = head[h];
    head[h] = at;
}

/* The longest match before `at`, at most 16 candidates. */
static u32 longest(u32 at, u32 *distance) {
    u32 best = 0, limit = SIZE - at < MOST ? SIZE - at : MOST;
    if (limit < LEAST) return 0;
    u32 candidate = head[hash(text + at)];
    for (u32 tries = 16; candidate != NONE && tries; tries--, candidate = chain[candidate]) {
        if (text[candidate + best] != text[at + best]) continue;
        u32 n = 0;
        while (n < limit && text[candidate + n] == text[at + n]) n++;
        if (n > best) { best = n; *distance = at - candidate; if (n == limit) break; }
    }
    return best >= LEAST ? best : 0;
}

static u32 find_tokens(void) {
    u32 count = 0, at = 0, distance = 0, later = 0;
    for (u32 i = 0; i < HASHES; i++) head[i] = NONE;
    while (at < SIZE) {
        u32 length = longest(at, &distance);
        enter(at);
        /* Lazy: a longer match one byte on is worth a literal. */
        if (length && length < 16 && at + 1 < SIZE && longest(at + 1, &later) > length) length = 0;
        if (!length) { tokens[count++] = text[at++]; continue; }
        tokens[count] = 256 + length - LEAST;
        distances[count++] = distance;
        for (u32 i = 1; i < length; i++) enter(at + i);
        at += length;
    }
    tokens[count++] = END;
    return count;
}

/* Huffman code lengths: a heap of weights, then depths from the root down; then canonical codes. */
static u32 weights[SYMBOLS * 2];
static u16 parents[SYMBOLS * 2], heap[SYMBOLS + 1];
static u8 lengths[SYMBOLS];
static u32 codes[SYMBOLS];

static void sift(u32 at, u32 count) {
    u16 node = heap[at];
    for (u32 child = at * 2; child <= count; at = child, child = at * 2) {
        if (child < count && weights[heap[child + 1]] < weights[heap[child]]) child++;
        if (weights[node] <= weights[heap[child]]) break;
        heap[at] = heap[child];
    }
    heap[at] = node;
}

static void make_lengths(u32 count) {
    u32 leaves = 0, nodes = SYMBOLS;
    static u8 depth[SYMBOLS * 2];
    for (u32 i = 0; i < SYMBOLS; i++) weights[i] = 0;
    for (u32 i = 0; i < count; i++) weights[tokens[i]]++;
    for (u32 i = 0; i < SYMBOLS; i++) if (weights[i]) heap[++leaves] = i;
    for (u32 i = leaves / 2; i >= 1; i--) sift(i, leaves);
    while (leaves > 1) {
        u16 a = heap[1];
        heap[1] = heap[leaves--];
        sift(1, leaves);
        u16 b = heap[1];
        weights[nodes] = weights[a] + weights[b];
        parents[a] = parents[b] = nodes;
        heap[1] = nodes++;
        sift(1, leaves);
    }
    depth[nodes - 1] = 0;
    for (u32 i = nodes - 1; i-- > SYMBOLS;) depth[i] = depth[parents[i]] + 1;
    for (u32 i = 0; i < SYMBOLS; i++) lengths[i] = weights[i] ? depth[parents[i]] + 1 : 0;
}

static u32 first[32], counts[32];
static u16 order[SYMBOLS];

static void make_codes(void) {
    u32 code = 0, place = 0;
    for (u32 n = 0; n < 32; n++) counts[n] = 0;
    for (u32 i = 0; i < SYMBOLS; i++) if (lengths[i]) counts[lengths[i]]++;
    for (u32 n = 1; n < 32; n++) { code = (code + counts[n - 1]) << 1; first[n] = code; }
    for (u32 n = 1; n < 32; n++) {
        code = first[n];
        for (u32 i = 0; i < SYMBOLS; i++) if (lengths[i] == n) { codes[i] = code++; order[place++] = i; }
    }
}

static u8 *out;
static u32 bits, filled;
static void put(u32 value, u32 n) {
    while (n--) {
        bits = bits << 1 | ((value >> n) & 1);
        if (++filled == 8) { *out++ = bits; filled = 0; }
    }
}

static const u8 *in;
static u32 get(void) {
    if (!filled) { bits = *in++; filled = 8; }
    return (bits >> --filled) & 1;
}

static u32 pack(void) {
    u32 count = find_tokens();
    make_lengths(count);
    make_codes();
    out = packed; filled = 0;
    for (u32 i = 0; i < SYMBOLS; i++) put(lengths[i], 5);
    for (u32 i = 0; i < count; i++) {
        put(codes[tokens[i]], lengths[tokens[i]]);
        if (tokens[i] >= 256 && tokens[i] != END) put(distances[i], 13);
    }
    put(0, 7);
    return out - packed;
}

static u32 unpack(void) {
    u32 at = 0;
    in = packed; filled = 0;
    for (u32 i = 0; i < SYMBOLS; i++) { u32 n = 0; for (int b = 0; b < 5; b++) n = n << 1 | get(); lengths[i] = n; }
    make_codes();
    for (;;) {
        u32 code = 0, n = 0, place = 0;
        do { place += counts[n]; code = code << 1 | get(); n++; } while (code - first[n] >= counts[n]);
        u32 symbol = order[place - counts[0] + code - first[n]];
        if (symbol == END) return at;
        if (symbol < 256) { unpacked[at++] = symbol; continue; }
        u32 distance = 0;
        for (int b = 0; b < 13; b++) distance = distance << 1 | get();
        for (u32 length = symbol - 256 + LEAST; length--; at++) unpacked[at] = unpacked[at - distance];
    }
}

void init32(void) {
    for (u32 i = 0; i < 256; i++) { u32 c = i; for (int k = 0; k < 8; k++) c = c & 1 ? c >> 1 ^ 0xEDB88320u : c >> 1; crctab[i] = c; }
    seed = 1994;
}

u32 main32(u32 n) {
    u32 crc = 0;
    while (n--) {
        write_text();
        xinfo = pack();
        for (u32 i = 0; i < xinfo; i++) crc = crctab[(crc ^ packed[i]) & 255] ^ crc >> 8;
        if (unpack() != SIZE) return 0xBAD1;
        for (u32 i = 0; i < SIZE; i++) if (unpacked[i] != text[i]) return 0xBAD2;
    }
    return crc;
}
