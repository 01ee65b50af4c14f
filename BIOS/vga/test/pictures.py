#!/usr/bin/env python3
"""pictures.py [--bless] SWIFT86: a picture in VESA modes of every depth, on QEMU and on Swift86 with our VGA BIOS on both.

The pictures must be equal pixel by pixel, as far as the guest's bits go: where a component has five or six, QEMU makes eight
of them in its own ways (it repeats the lowest of six bits, and fills up the five of 15-bit pixels with zeros, but not those
of 16-bit pixels), and we repeat the upper ones. --bless writes their sums to pictures.txt, which a test of the tree compares with
what the machine shows; without QEMU that is all there is.
"""
import os
import struct
import subprocess
import sys
import tempfile
import time
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
ROM = os.path.join(HERE, "..", "..", "vgabios.bin")

# Mode, banks to fill, virtual width, first column and line. There are none of 4 bits: while QEMU shows such a mode its window
# is not in planes. For 8 and 15 bits QEMU starts a line at a multiple of four bytes only.
PICTURES = [
    (0x101, 5, 0, 0, 0), (0x105, 12, 0, 0, 0), (0x101, 8, 800, 12, 7), (0x146, 1, 0, 0, 0), (0x100, 4, 0, 0, 0),
    (0x10D, 2, 0, 0, 0), (0x110, 10, 0, 0, 0), (0x113, 15, 1024, 100, 50),
    (0x10E, 2, 0, 0, 0), (0x111, 10, 0, 0, 0), (0x114, 20, 1000, 8, 3), (0x112, 15, 0, 0, 0), (0x115, 22, 0, 0, 0),
    (0x115, 30, 960, 40, 60), (0x142, 19, 0, 0, 0), (0x143, 30, 0, 0, 0), (0x143, 40, 1024, 77, 30),
    (0x147, 118, 0, 0, 0), (0x151, 3, 0, 0, 0), (0x153, 2, 0, 0, 0), (0x158, 12, 0, 0, 0),
]


def read(path):
    """Width, height and pixels of a PPM."""
    data = open(path, "rb").read()
    fields = data.split(maxsplit=4)
    width, height = int(fields[1]), int(fields[2])
    return width, height, data[-width * height * 3:]


# Bits of a component that come from the guest, where it is not eight
SIX = (0x100, 0x101, 0x105, 0x146, 0x153)
FIVE = (0x10D, 0x110, 0x113)


def from_guest(picture, mode):
    mask = 0xFC if mode in SIX else 0xF8 if mode in FIVE else 0xFF
    return (*picture[:2], picture[2].translate(bytes(i & mask for i in range(256))))


def qemu(image, picture):
    child = subprocess.Popen(
        ["qemu-system-i386", "-display", "none", "-vga", "none", "-device", f"VGA,romfile={ROM}", "-snapshot", "-boot",
         "a", "-drive", f"if=floppy,format=raw,file={image}", "-debugcon", "file:" + image + ".log", "-global",
         "isa-debugcon.iobase=0xe9", "-monitor", "stdio"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    deadline = time.time() + 60
    while time.time() < deadline and not (os.path.exists(image + ".log") and "." in open(image + ".log").read()):
        time.sleep(0.1)
    child.stdin.write(f"screendump {picture}\n")
    child.stdin.flush()
    time.sleep(0.5)
    child.stdin.write("quit\n")
    child.stdin.flush()
    child.wait(timeout=30)


def ours(program, image, picture):
    child = subprocess.Popen([program, "control"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(request):
        child.stdin.write(request + "\n")
        child.stdin.flush()
        lines = []
        while not lines or not (lines[-1] == "ok" or lines[-1].startswith("error")):
            lines.append(child.stdout.readline().strip())
        return lines

    ask(f"machine floppya {image}")
    ask("start")
    for _ in range(300):
        if "|running" not in ask("status"):
            break
        time.sleep(0.1)
    print(*(line for line in ask(f"screen {picture}") if line != "ok"), end="")
    child.stdin.close()
    child.wait(timeout=30)


def main():
    arguments = sys.argv[1:]
    bless = "--bless" in arguments
    program = os.path.abspath([a for a in arguments if a != "--bless"][0])
    failed = False
    sums = []
    with tempfile.TemporaryDirectory() as folder:
        boot = os.path.join(folder, "boot.bin")
        subprocess.run(["nasm", "-f", "bin", "-o", boot, os.path.join(HERE, "pictures.asm")], check=True)
        sector = open(boot, "rb").read()
        for number, picture in enumerate(PICTURES):
            image = os.path.join(folder, f"{number}.img")
            content = sector[:0x1F0] + struct.pack("<5H", *picture) + sector[0x1FA:]
            open(image, "wb").write(content + bytes(1474560 - 512))
            theirs_path, ours_path = image + ".theirs.ppm", image + ".ours.ppm"
            qemu(image, theirs_path)
            ours(program, image, ours_path)
            shown = read(ours_path)
            theirs, mine = from_guest(read(theirs_path), picture[0]), from_guest(shown, picture[0])
            # QEMU shows low resolutions as they are programmed, as we do.
            if theirs == mine:
                verdict = "equal"
            elif theirs[:2] != mine[:2]:
                verdict = f"QEMU {theirs[0]}x{theirs[1]}, ours {mine[0]}x{mine[1]}"
            else:
                count = sum(theirs[2][i:i + 3] != mine[2][i:i + 3] for i in range(0, len(theirs[2]), 3))
                first = next(i for i in range(0, len(mine[2]), 3) if theirs[2][i:i + 3] != mine[2][i:i + 3])
                verdict = (f"{count} pixels differ, the first at {first // 3 % mine[0]},{first // 3 // mine[0]}: "
                           f"QEMU {theirs[2][first:first + 3].hex()}, ours {mine[2][first:first + 3].hex()}")
            failed |= verdict != "equal"
            print(f"{picture[0]:X}h {mine[0]}x{mine[1]} {picture[1:]}: {verdict}", flush=True)
            sums.append(" ".join(map(str, (*picture, *mine[:2], f"{zlib.crc32(shown[2]):08X}"))))
    if bless and not failed:
        open(os.path.join(HERE, "pictures.txt"), "w").write("\n".join(sums) + "\n")
    sys.exit(failed)


main()
