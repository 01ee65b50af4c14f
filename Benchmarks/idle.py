#!/usr/bin/env python3
"""What a machine at real speed takes of a host's core while it has little to do.

  idle.py SWIFT86 [--dos IMAGE] [--seconds 10]

Each guest runs with --speed real; once it has started, the CPU time of its process is taken over some seconds of wall
time. `polls the keyboard` asks the BIOS for a key again and again, as DOS does at its prompt; with --dos a DOS of your
own waits at its prompt besides. `scrolls` moves a full text screen up by a line 60 times a second (src/scroll.asm). In
the window rows the screen is drawn on an Xvfb.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
FLOPPY = 1_474_560
STARTUP = 4


def sector(code):
    """A boot sector that runs `code`."""
    return code + bytes(510 - len(code)) + b"\x55\xaa"


def scroller(mode):
    with open(os.path.join(HERE, "img", "scroll.bin"), "rb") as file:
        image = bytearray(file.read())
    image[0x1F0] = mode
    return bytes(image)


GUESTS = {
    "halted": sector(bytes.fromhex("fb f4 eb fd")),              # sti; hlt; jmp to it
    "polls the keyboard": sector(bytes.fromhex("b4 01 cd 16 eb fa")),  # mov ah, 1; int 16h; jmp to it
    "scrolls": scroller(0),
    "scrolls, polls the retrace": scroller(1),
}


def cpu_time(pid):
    """Nanoseconds that the threads of a process have run."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/schedstat") as file:
            total += int(file.read().split()[0])
    return total


def share(command, seconds, environment):
    """The share of a core that the program takes once it has started."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    try:
        time.sleep(STARTUP)
        if child.poll() is not None:
            sys.exit(f"idle.py: it ended by itself: {child.stderr.read().decode().strip()}")
        before, start = cpu_time(child.pid), time.perf_counter()
        time.sleep(seconds)
        return (cpu_time(child.pid) - before) / 1e9 / (time.perf_counter() - start)
    finally:
        child.terminate()
        child.wait()
        child.stderr.close()


class Screen:
    """An X server without a screen, as far as there is one."""

    def __init__(self):
        self.server = None
        if shutil.which("Xvfb"):
            reader, writer = os.pipe()
            self.server = subprocess.Popen(
                ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-noreset"],
                pass_fds=[writer], stderr=subprocess.DEVNULL)
            os.close(writer)
            with os.fdopen(reader) as line:
                self.display = ":" + line.readline().strip()

    def close(self):
        if self.server:
            self.server.terminate()
            self.server.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--dos")
    parser.add_argument("--seconds", type=float, default=10)
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    screen = Screen()
    try:
        with tempfile.TemporaryDirectory() as folder:
            images = {}
            for name, content in GUESTS.items():
                images[name] = os.path.join(folder, name.replace(" ", "-") + ".img")
                with open(images[name], "wb") as file:
                    file.write(content + bytes(FLOPPY - len(content)))
            if arguments.dos:
                images["DOS prompt"] = shutil.copy(arguments.dos, folder)
            print(f"{'':28} {'headless':>9} {'window':>9}", flush=True)
            for name, image in images.items():
                command = [program, "boot", "--speed", "real", image, "--display"]
                row = f"{name:28} {share(command + ['none'], arguments.seconds, os.environ):9.2%}"
                if screen.server:
                    windowed = {**os.environ, "DISPLAY": screen.display, "SDL_VIDEODRIVER": "x11", "SDL_AUDIODRIVER": "dummy"}
                    row += f" {share(command + ['window'], arguments.seconds, windowed):9.2%}"
                print(row, flush=True)
    finally:
        screen.close()


if __name__ == "__main__":
    main()
