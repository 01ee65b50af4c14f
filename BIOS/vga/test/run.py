#!/usr/bin/env python3
"""run.py NAME...: runs NAME.asm on QEMU with our VGA BIOS and with QEMU's own, and shows where they differ.

Differences are not errors: each must be judged. README.md of the folder above tells the choices made.
"""
import difflib
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = os.path.join(HERE, "..", "..", "vgabios.bin")


def run(image, *video):
    log = image + ".log"
    # isa-debug-exit gives QEMU an exit status of its own
    subprocess.run(["qemu-system-i386", "-vga", "none", *video, "-display", "none", "-snapshot", "-boot", "a",
                    "-drive", f"if=floppy,format=raw,file={image}", "-debugcon", f"file:{log}", "-global",
                    "isa-debugcon.iobase=0xe9", "-device", "isa-debug-exit,iobase=0x501"], timeout=120)
    return open(log, errors="replace").read().splitlines()


for name in sys.argv[1:]:
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, "test.img")
        subprocess.run(["nasm", "-f", "bin", "-I", HERE + "/", "-o", image, os.path.join(HERE, name + ".asm")],
                       check=True)
        with open(image, "r+b") as file:
            file.truncate(1474560)
        theirs = run(image, "-device", "VGA")
        ours = run(image, "-device", f"VGA,romfile={OURS}")
        if os.environ.get("KEEP"):
            open(os.path.join(os.environ["KEEP"], name + ".ours"), "w").write("\n".join(ours))
            open(os.path.join(os.environ["KEEP"], name + ".theirs"), "w").write("\n".join(theirs))
        print(f"{name}: {len(ours)} lines of ours, {len(theirs)} of theirs")
        for line in difflib.unified_diff(theirs, ours, "QEMU", "ours", n=2, lineterm=""):
            print(line)
