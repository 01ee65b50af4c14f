#!/usr/bin/env python3
"""Makes the binary fonts out of their drawings.

    makefont.py            writes font8x{8,14,16}.bin and font8x8-low.bin beside the drawings
    makefont.py --sheet D  also writes contact sheets (PNG) of all fonts, with 9-dot cells, into D

Drawings: font8x16.txt and font8x8.txt (their syntax is told there). The 8x14 font is the 8x16 one without its
last row and without one row of the letter that has a twin beside it; what that spoils is redrawn in font8x14.txt.
The line drawing set, the blocks and the shades (B0-DF) are made here, so that they join exactly.
"""
import os
import struct
import sys
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))


def read_drawing(name, height):
    """The glyphs and parts of a drawing: code or name -> rows; and code -> row to leave out for 8x14."""
    glyphs, named, dropped = {}, {}, {}
    rows, top, path = None, 0, os.path.join(HERE, name)
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if not line or line.startswith("; "):
            continue
        if rows is not None and len(line) == 8 and set(line) <= {".", "#"}:
            if top >= height:
                sys.exit(f"{path}:{number}: more rows than the cell has")
            rows[top] = int(line.replace(".", "0").replace("#", "1"), 2)
            top += 1
            continue
        if line == ";":
            continue
        words = line.split(" ")
        code = None if words[0] == "*" else int(words[0], 16)
        if words[2] == "=":
            rows = [0] * height
            for part in words[3:]:
                invert = 0xFF if part.startswith("~") and len(part) > 1 else 0
                part = part[1:] if invert else part
                rows = [a | (b ^ invert) for a, b in zip(rows, named[part])]
            named[words[1]], top = rows, height
        else:
            if not words[2].startswith("@"):
                sys.exit(f"{path}:{number}: what is this?")
            rows, top = [0] * height, int(words[2][1:])
            named[words[1]] = rows
        if code is not None:
            if code in glyphs:
                sys.exit(f"{path}:{number}: drawn twice")
            glyphs[code] = rows
            for word in words[3:]:
                if word.startswith("-") and word[1:].isdigit():
                    dropped[code] = int(word[1:])
    return glyphs, dropped


# Each line drawing character by its arms: up, down, left, right; 0 none, 1 single, 2 double.
ARMS = {
    0xB3: "1100", 0xB4: "1110", 0xB5: "1120", 0xB6: "2210", 0xB7: "0210", 0xB8: "0120", 0xB9: "2220", 0xBA: "2200",
    0xBB: "0220", 0xBC: "2020", 0xBD: "2010", 0xBE: "1020", 0xBF: "0110", 0xC0: "1001", 0xC1: "1011", 0xC2: "0111",
    0xC3: "1101", 0xC4: "0011", 0xC5: "1111", 0xC6: "1102", 0xC7: "2201", 0xC8: "2002", 0xC9: "0202", 0xCA: "2022",
    0xCB: "0222", 0xCC: "2202", 0xCD: "0022", 0xCE: "2222", 0xCF: "1022", 0xD0: "2011", 0xD1: "0122", 0xD2: "0211",
    0xD3: "2001", 0xD4: "1002", 0xD5: "0102", 0xD6: "0201", 0xD7: "2211", 0xD8: "1122", 0xD9: "1010", 0xDA: "0101",
}


def line_glyph(arms, height):
    """One line drawing character. Upright strokes are two dots wide, level ones one row high.

    A double stroke is a broad one (columns 1-6, three rows) with a gap (columns 3-4, one row) taken out of it;
    single strokes (columns 3-4, one row) go on top.
    """
    up, down, left, right = (int(arm) for arm in arms)
    middle = height // 2 - 1
    upright, level = max(up, down), max(left, right)
    broad, gap, single = set(), set(), set()

    def box(dots, x0, x1, y0, y1):
        dots.update((x, y) for x in range(x0, x1 + 1) for y in range(y0, y1 + 1))

    for weight, opposite, above in ((up, down, True), (down, up, False)):
        # `side` is +1 towards the far side of what the arm meets.
        side = 1 if above else -1
        extent = (lambda end: (0, end)) if above else (lambda end: (end, height - 1))
        if weight == 2:
            box(broad, 1, 6, *extent(middle + side if level == 2 else middle))
            box(gap, 3, 4, *extent(middle))
        elif weight == 1:
            end = middle
            if level == 2 and not opposite:
                end = middle - side if left and right else middle + side
            box(single, 3, 4, *extent(end))
    for weight, opposite, before in ((left, right, True), (right, left, False)):
        extent = (lambda end: (0, end)) if before else (lambda end: (end, 7))
        if weight == 2:
            box(broad, *extent({2: 6, 1: 4, 0: 4}[upright] if before else {2: 1, 1: 3, 0: 3}[upright]),
                middle - 1, middle + 1)
            box(gap, *extent(4 if before else 3), middle, middle)
        elif weight == 1:
            end = 4 if before else 3
            if upright == 2 and not opposite:
                end = (2 if before else 5) if up and down else (6 if before else 1)
            box(single, *extent(end), middle, middle)
    dots = (broad - gap) | single
    return [sum(0x80 >> x for x in range(8) if (x, y) in dots) for y in range(height)]


def block_glyphs(height):
    half = height // 2
    full = 0xFF
    return {
        0xB0: [(0x88, 0x22)[y % 2] for y in range(height)],
        0xB1: [(0xAA, 0x55)[y % 2] for y in range(height)],
        0xB2: [(0x77, 0xDD)[y % 2] for y in range(height)],
        0xDB: [full] * height,
        0xDC: [0] * half + [full] * (height - half),
        0xDD: [0xF0] * height,
        0xDE: [0x0F] * height,
        0xDF: [full] * half + [0] * (height - half),
    }


def complete(glyphs, height, name):
    font = dict(glyphs)
    for code, arms in ARMS.items():
        font[code] = line_glyph(arms, height)
    font.update(block_glyphs(height))
    missing = [f"{code:02X}" for code in range(256) if code not in font]
    if missing:
        sys.exit(f"{name}: not drawn: {' '.join(missing)}")
    return font


SMALL = [*range(0x61, 0x7B), *range(0x81, 0x8E), 0x91, *range(0x93, 0x99), *range(0xA0, 0xA5), 0xE0, 0xE3, 0xE5, 0xE6,
         0xE7, 0xEC]


def shorten(code, rows, choice):
    """16 rows to 14: without row 15, and without the row that is missed least."""
    if code in (0x08, 0x0A):
        return [0xFF ^ row for row in shorten(code - 1, [0xFF ^ row for row in rows], choice)]
    rows = rows[:15]
    if choice is None:
        first, last = (5, 11) if code in SMALL else (2, 11)
        used = [y for y in range(first, last + 1) if rows[y]]
        centre = (used[0] + used[-1]) / 2 if used else 7

        def cost(y):
            change = min(bin(rows[y] ^ rows[other]).count("1") for other in (y - 1, y + 1))
            return (change, 0 if rows[y] else 1, abs(y - centre))

        if used:
            low, high = used[0], used[-1]
            # What does not reach the base line keeps its rows; it only moves up when it lies low.
            if high - low < 6:
                choice = 0 if low >= 7 and not rows[0] else 12
                choice = choice if not rows[choice] else min(range(low, high + 1), key=cost)
            else:
                choice = min(range(low, high + 1), key=cost)
        else:
            choice = 0
    return rows[:choice] + rows[choice + 1:]


def png(path, width, height, rows):
    """Writes a grey picture; rows are bytes of 0..255."""
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    data = b"".join(b"\0" + bytes(row) for row in rows)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
                   + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b""))


TEXT = ["The quick brown fox jumps over the lazy dog. 0123456789 (){}[]<>",
        "JACKDAWS LOVE MY BIG SPHINX OF QUARTZ; pack my box: fifty dozen!",
        "C:\\>DIR /P | MORE   `x'=\"~/a_b\" #define MAX(a,b) ((a)>(b)?(a):(b))",
        "lI1|! 0OQ 5S 2Z 8B rn m cl d vv w  mov ax,[es:di+2] @#$%^&*-+="]
BOXES = [bytes.fromhex(line) for line in (
    "dac4c4c4c2c4bf20c9cdcdcdcbcdbb20d5cdcdd1b820d6c4c4d2b720b0b1b2dbdcdddedf dac2bf",
    "b320b3b320b3b320ba20baba20baba20b32020b3b320ba2020baba20b0b1b2dbdcdddedf c3c5b4",
    "c3c4c4c4c5c4b420cccdcdcdcecdb920c6cdcdd8b520c7c4c4d7b620b0b1b2dbdcdddedf c0c1d9",
    "c0c4c4c4c1c4d920c8cdcdcdcacdbc20d4cdcdcfbe20d3c4c4d0bd20b0b1b2dbdcdddedf c9cbbb")]


def sheet(path, fonts):
    """All glyphs in 9-dot cells, 32 in a line, with space between; then text and frames without."""
    scale, lines = 2, []
    pad = 3
    width = 9 * 68
    for font, height in fonts:
        def cell(code, y):
            row = font[code][y]
            ninth = (row & 1) if 0xC0 <= code <= 0xDF else 0
            return [255 if row & (0x80 >> x) else 0 for x in range(8)] + [255 * ninth]
        for first in range(0, 256, 32):
            for y in range(-pad, height):
                line = []
                for code in range(first, first + 32):
                    line += [60] * 8 + (cell(code, y) if y >= 0 else [60] * 9)
                lines.append((line + [60] * width)[:width])
        for text in [line.encode("cp437") for line in TEXT] + BOXES:
            for y in range(height):
                line = []
                for code in text:
                    line += cell(code, y)
                lines.append((line + [0] * width)[:width])
        lines += [[128] * width] * 4
    out = []
    for line in lines:
        big = [dot for dot in line for _ in range(scale)]
        out += [big] * scale
    png(path, width * scale, len(out), out)


def main():
    drawn16, dropped = read_drawing("font8x16.txt", 16)
    drawn8, _ = read_drawing("font8x8.txt", 8)
    drawn14 = {code: shorten(code, rows, dropped.get(code)) for code, rows in drawn16.items()}
    redrawn, _ = read_drawing("font8x14.txt", 14)
    drawn14.update(redrawn)
    fonts = [(complete(drawn16, 16, "8x16"), 16), (complete(drawn14, 14, "8x14"), 14), (complete(drawn8, 8, "8x8"), 8)]
    for font, height in fonts:
        data = b"".join(bytes(font[code]) for code in range(256))
        with open(os.path.join(HERE, f"font8x{height}.bin"), "wb") as file:
            file.write(data)
        if height == 8:
            with open(os.path.join(HERE, "font8x8-low.bin"), "wb") as file:
                file.write(data[:1024])
    if len(sys.argv) == 3 and sys.argv[1] == "--sheet":
        for font, height in fonts:
            sheet(os.path.join(sys.argv[2], f"font8x{height}.png"), [(font, height)])


main()
