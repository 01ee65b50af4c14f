#!/usr/bin/env python3
"""What a full-screen animation of 60 pictures a second takes of a host's core: without a window, and in one on an Xvfb.

  graphics.py SWIFT86 [--seconds 10] [--no-qemu]

The guest (src/graphics.asm) changes every pixel of every picture, in mode 13h, in mode X and in 800x600x32. The difference
of both is what showing it costs. QEMU does the same where it is installed, in the same run, in a window by SDL or GTK.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time

from idle import FLOPPY, STARTUP, Screen, cpu_time
from workloads import existing

HERE = os.path.dirname(os.path.abspath(__file__))
GUESTS = ["mode 13h", "mode X", "800x600x32"]


def dots(path):
    with open(path, "rb") as file:
        content = file.read()
    if b"!" in content:
        sys.exit("graphics.py: the guest's mode is not there")
    return len(content)


def share(command, log, seconds, environment):
    """The share of a core, and the pictures a second that the guest has drawn."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                             env=environment)
    try:
        time.sleep(STARTUP + 2)
        if child.poll() is not None:
            sys.exit(f"graphics.py: it ended by itself: {child.stderr.read().decode().strip()}")
        before, drawn, start = cpu_time(child.pid), dots(log), time.perf_counter()
        time.sleep(seconds)
        spent = (cpu_time(child.pid) - before) / 1e9
        past = time.perf_counter() - start
        return spent / past, (dots(log) - drawn) * 60 / past
    finally:
        child.terminate()
        child.wait()
        child.stderr.close()


def qemu_window():
    """What QEMU can draw a window with."""
    if not shutil.which("qemu-system-i386"):
        return None
    help_text = subprocess.run(["qemu-system-i386", "-display", "help"], capture_output=True, text=True).stdout.split()
    return next((kind for kind in ("sdl", "gtk") if kind in help_text), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--no-qemu", action="store_true")
    arguments = parser.parse_args()
    program = existing(arguments.program)
    with open(os.path.join(HERE, "img", "graphics.bin"), "rb") as file:
        content = file.read()
    window = None if arguments.no_qemu else qemu_window()
    screen = Screen()
    if not screen.server:
        sys.exit("graphics.py: needs Xvfb")
    windowed = {**os.environ, "DISPLAY": screen.display, "SDL_VIDEODRIVER": "x11", "SDL_AUDIODRIVER": "dummy"}
    print(f"{'':22} {'without':>8} {'window':>8} {'showing':>8} {'pictures/s':>10}", flush=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            for number, name in enumerate(GUESTS):
                image = os.path.join(folder, f"{number}.img")
                with open(image, "wb") as file:
                    image_content = bytearray(content)
                    image_content[0x1F0] = number
                    file.write(bytes(image_content) + bytes(FLOPPY - len(content)))
                log = os.path.join(folder, f"{number}.log")
                ours = [program, "boot", "--speed", "real", "--debug-console", "file:" + log, image, "--display"]
                rom = os.path.join(HERE, "..", "BIOS", "vgabios.bin")
                theirs = ["qemu-system-i386", "-m", "64", "-snapshot", "-boot", "a", "-vga", "none", "-device",
                          f"VGA,romfile={rom}", "-drive", f"if=floppy,format=raw,file={image}", "-debugcon", "file:" + log,
                          "-global", "isa-debugcon.iobase=0xe9", "-display"]
                for who, command, shown in [("", ours, "window"), (", QEMU", theirs, window)]:
                    if not shown:
                        continue
                    without, _ = share(command + ["none"], log, arguments.seconds, os.environ)
                    with_window, rate = share(command + [shown], log, arguments.seconds, windowed)
                    print(f"{name + who:22} {without:8.1%} {with_window:8.1%} {with_window - without:8.1%} {rate:10.1f}",
                          flush=True)
    finally:
        screen.close()


if __name__ == "__main__":
    main()
