#!/usr/bin/env python3
"""How fast the benchmark floppies of img/ run, beside QEMU's translator where it is installed.

  run.py SWIFT86 [--only alu32,lz] [--rounds 3] [--quick] [--no-qemu]

A speed is (instructions of N iterations) / (CPU seconds of 2N iterations minus those of N), the best of the rounds, in
turn with QEMU's, so that start-up and loading drop out. A wrong checksum is an error. --quick takes an eighth of the
iterations and one round. README.md says what the columns are.
"""
import argparse
import math
import os
import shutil
import sys
import tempfile

from workloads import ALL, OURS, PROGRAMS, WORKLOADS, checksum, run, write_image

QEMU = ["qemu-system-i386", "-M", "pc", "-cpu", "pentium", "-m", "32", "-accel", "tcg", "-nodefaults", "-vga", "std",
        "-display", "none", "-boot", "a", "-serial", "none", "-debugcon", "stdio",
        "-device", "isa-debug-exit,iobase=0xf4,iosize=1"]
# By these QEMU's speed now is compared with what it was when the peers were measured: the ones it does steadily.
STEADY = ["alu16", "alu32", "c32", "str", "fpu"]


class Ours:
    def __init__(self, program):
        self.program = os.path.abspath(program)

    def command(self, image):
        return [self.program, *OURS, image]

    def iterations(self, workload):
        return workload.iterations


class Qemu:
    def command(self, image):
        return [*QEMU, "-drive", f"if=floppy,format=raw,file={image}"]

    def iterations(self, workload):
        return workload.slow_iterations


class Speed:
    """The CPU seconds of N and of 2N iterations on one machine, round by round."""

    def __init__(self, machine, name, scale):
        self.machine, self.name = machine, name
        self.iterations = max(1, machine.iterations(ALL[name]) // scale)
        self.once, self.twice = [], []
        self.reports = True

    def measure(self, folder):
        for iterations, seconds in ((self.iterations, self.once), (2 * self.iterations, self.twice)):
            taken, output = run(self.machine.command(write_image(self.name, iterations, folder)))
            self.reports = self.reports and checksum(self.name, output) is not None
            seconds.append(taken)

    def mips(self):
        """None where the guest did not come to its end, or too fast to tell."""
        seconds = min(self.twice) - min(self.once) if self.reports and self.once else 0
        return ALL[self.name].instructions * self.iterations / seconds / 1e6 if seconds > 0 else None


def mean(numbers):
    """The geometric mean; None of nothing."""
    return math.exp(sum(map(math.log, numbers)) / len(numbers)) if numbers else None


def show(number, places=2):
    return f"{number:.{places}f}" if number else "-"


def over(a, b):
    return a / b if a and b else None


class Row:
    """What is known of one workload."""

    def __init__(self, name, ours, qemu, rounds, scale, folder):
        self.name = name
        _, output = run(ours.command(write_image(name, 200, folder)))
        seen = checksum(name, output)
        self.is_right = seen == ALL[name].checksum
        self.seen = "ok" if self.is_right else seen or "none"
        speeds = [Speed(machine, name, scale) if machine else None for machine in (ours if self.is_right else None, qemu)]
        for _ in range(rounds):
            for speed in filter(None, speeds):
                speed.measure(folder)
        self.ours, self.qemu = (speed and speed.mips() for speed in speeds)

    def line(self, factor):
        peers = ALL[self.name].peers
        bochs = show(over(self.ours, peers[0] * factor)) if peers else ""
        return (f"{self.name:9} {self.seen:9} {show(self.ours, 1):>8} {show(self.qemu, 1):>9} "
                f"{show(over(self.ours, self.qemu)):>6} {bochs:>8}").rstrip()


def summary(rows, factor):
    """The geometric means of some rows, as far as they are known."""
    ratios = [row.ours / row.qemu for row in rows if row.ours and row.qemu]
    bochs = [row.ours / ALL[row.name].peers[0] / factor for row in rows if row.ours and ALL[row.name].peers]
    parts = [f"{show(mean(numbers))} x {who}" for numbers, who in ((ratios, "QEMU"), (bochs, "Bochs*")) if numbers]
    known = [row.ours for row in rows if row.ours]
    if known:
        parts.append(f"{show(mean(known), 1)} MIPS")
        print(f"geometric mean of {len(known)}: " + ", ".join(parts))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--only", default=",".join(ALL))
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--no-qemu", action="store_true")
    arguments = parser.parse_args()
    names = arguments.only.split(",")
    unknown = [name for name in names if name not in ALL]
    if unknown:
        parser.error(f"no such workload: {', '.join(unknown)}; there are {', '.join(ALL)}")
    qemu = None if arguments.no_qemu or not shutil.which(QEMU[0]) else Qemu()
    if not qemu and not arguments.no_qemu:
        print(f"{QEMU[0]} is not installed: no comparison with it", file=sys.stderr)
    scale, rounds = (8, arguments.rounds or 1) if arguments.quick else (1, arguments.rounds or 3)
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for name in names:
            rows.append(Row(name, Ours(arguments.program), qemu, rounds, scale, folder))
            print(f"measured {name}", file=sys.stderr, flush=True)

    factor = mean([row.qemu / ALL[row.name].peers[1] for row in rows if row.qemu and row.name in STEADY])
    print(f"{'workload':9} {'checksum':9} {'MIPS':>8} {'QEMU now':>9} {'/QEMU':>6} {'/Bochs*':>8}")
    for group in (WORKLOADS, PROGRAMS):
        known = [row for row in rows if row.name in group]
        for row in known:
            print(row.line(factor or 1))
        summary(known, factor or 1)
    print("* Bochs HEAD as measured once, " + (f"scaled by {factor:.2f}: this machine now, judged by QEMU" if factor
                                               else "on another machine, not scaled"))
    return 0 if all(row.is_right for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
