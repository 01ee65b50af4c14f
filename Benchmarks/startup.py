#!/usr/bin/env python3
"""Time and memory from the start of the process to the first guest instructions, beside QEMU.

  startup.py SWIFT86 [--rounds 20] [--no-qemu]

A 64 KB BIOS writes one byte to port E9h at its reset vector and ends the machine through port F4h. The wall time runs
until the byte arrives at the pipe; CPU time and peak memory are those of the whole process. The runs alternate, so that
what else the computer does hits each alike.

The rows `16M` and `512M` end after the first byte. In the other rows the guest first writes a byte into each of 1,024
pages of its memory (4 MB): those from 1 MB on, or as many spread evenly over all that it has. Cost is to grow with what
a guest does, not with what it has.
"""
import argparse
import os
import select
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time

ROM_SIZE = 65536
OUT_AND_END = bytes.fromhex("b0 41 e6 e9"  # mov al, 'A'; out E9h, al
                            "30 c0 e6 f4"  # xor al, al; out F4h, al
                            "f4 eb fd")    # hlt; jmp to it
# Real mode, at F000:0000: a 32-bit data segment by way of protected mode, then a byte into 1,024 pages from 1 MB on.
TOUCH = bytes.fromhex(
    "fa 2e 0f 01 16 80 00"     # cli; lgdt cs:[80h]
    "0f 20 c0 0c 01 0f 22 c0"  # mov eax, cr0; or al, 1; mov cr0, eax
    "eb 00 b9 08 00 8e d9"     # jmp to the next; mov cx, 8; mov ds, cx
    "66 bf 00 00 10 00"        # mov edi, 100000h
    "b9 00 04"                 # mov cx, 1024
    "67 88 07"                 # mov [edi], al
    "66 81 c7")                # add edi, (the distance)
TOUCH_END = bytes.fromhex("e2 f4")  # loop to the mov
# At 80h what LGDT takes: a limit and the address F0088h, where two descriptors stand: none, and data up to 4 GB.
GDT = bytes.fromhex("0f00 88000f00 0000" "0000000000000000" "ffff 0000 00 92 cf 00")


def rom(distance):
    """A BIOS image that ends the machine, after touching 1,024 pages `distance` bytes apart where there is one."""
    image = bytearray(b"\xf4" * ROM_SIZE)
    touch = TOUCH + struct.pack("<I", distance) + TOUCH_END if distance else b""
    program = touch + OUT_AND_END
    image[: len(program)] = program
    image[0x80:0x80 + len(GDT)] = GDT
    image[0xFFF0:0xFFF5] = bytes.fromhex("ea 0000 00f0")  # jmp F000:0000
    return bytes(image)


def run(command):
    """Starts the program: (milliseconds until the byte, milliseconds of CPU time, peak memory in MB)."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if not select.select([child.stdout], [], [], 30)[0]:
        child.kill()
    byte = os.read(child.stdout.fileno(), 1)
    arrival = time.perf_counter() - start
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    complaint = child.stderr.read().decode("latin-1").strip()
    child.stdout.close()
    child.stderr.close()
    if byte != b"A":
        sys.exit(f"startup.py: {os.path.basename(command[0])} wrote no byte: {complaint}")
    return arrival * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--no-qemu", action="store_true")
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    with tempfile.TemporaryDirectory() as folder:
        def ours(megabytes, distance=0):
            path = os.path.join(folder, f"{distance}.rom")
            with open(path, "wb") as file:
                file.write(rom(distance))
            return [program, "boot", "--headless", "--memory", f"{megabytes}M", "--no-reboot",
                    "--debug-console", "stdio", "--debug-exit", "--bios", path]

        commands = {}
        for megabytes in (16, 512):
            commands[f"{megabytes}M"] = ours(megabytes)
            commands[f"{megabytes}M, 4 MB"] = ours(megabytes, 4096)
            commands[f"{megabytes}M, 4 MB spread"] = ours(megabytes, ((megabytes - 1) << 20) // 1024)
        qemu = shutil.which("qemu-system-i386")
        if qemu and not arguments.no_qemu:
            commands["QEMU 16M"] = [
                qemu, "-M", "pc", "-cpu", "pentium", "-m", "16", "-accel", "tcg", "-nodefaults", "-vga", "std",
                "-display", "none", "-no-reboot", "-debugcon", "stdio", "-device", "isa-debug-exit,iobase=0xf4",
                "-bios", os.path.join(folder, "0.rom")]
        runs = {name: [] for name in commands}
        for _ in range(arguments.rounds):
            for name, command in commands.items():
                runs[name].append(run(command))
    print(f"{'':20} {'to the byte, ms':>17} {'CPU time, ms':>17} {'peak memory':>12}")
    print(f"{'':20} {'best':>8} {'median':>8} {'best':>8} {'median':>8}")
    figures = {}
    for name, rows in runs.items():
        byte, cpu, peak = zip(*rows)
        figures[name] = statistics.median(byte), min(cpu), max(peak)
        print(f"{name:20} {min(byte):8.2f} {statistics.median(byte):8.2f} {min(cpu):8.2f} {statistics.median(cpu):8.2f}"
              f" {max(peak):9.1f} MB")
    if "QEMU 16M" in figures:
        print(f"swift86 / QEMU, median to the byte: {figures['16M'][0] / figures['QEMU 16M'][0]:.2f}")
    for what in ("", ", 4 MB", ", 4 MB spread"):
        small, large = figures["16M" + what], figures["512M" + what]
        print(f"512M{what} / 16M{what}: CPU time {large[1] / small[1]:.2f}, memory {large[2] / small[2]:.2f}")


if __name__ == "__main__":
    main()
