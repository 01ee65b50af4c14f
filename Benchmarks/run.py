#!/usr/bin/env python3
"""Guest MIPS on the benchmark floppies of img/.

  run.py SWIFT86 [--only alu32,c32] [--rounds 3] [--quick]

Each floppy runs N iterations of one workload and prints a checksum. The speed is (instructions of N iterations) /
(CPU seconds at 2N minus CPU seconds at N), the best of the rounds, so that start-up and loading drop out. A wrong
checksum is an error. --quick takes an eighth of the iterations.
"""
import argparse
import math
import os
import resource
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FLOPPY = 1_474_560
# name: (instructions in one iteration, iterations to measure, checksum after 200 iterations)
WORKLOADS = {
    "alu16": (1474.9, 262144, "14A6A227"),
    "alu32": (1603.3, 524288, "E9F8055F"),
    "sieve32": (601946.0, 2048, "1E14BE1D"),
    "c32": (112401.6, 8192, "35D03D6B"),
    "str": (54483.0, 16384, "BD3B533B"),
    "page32": (49157.0, 2048, "4E9F0680"),
    "fpu": (1501416.4, 96, "98AF9782"),
    "smc": (407.0, 131072, "4FA2AA23"),
    "io": (1571.0, 65536, "1B3AE29C"),
}
# Needs a coprocessor, which the machine does not have yet.
LATER = {"fpu"}


def run(program, name, iterations, folder):
    """Runs one floppy: (CPU seconds, checksum or None)."""
    with open(os.path.join(HERE, "img", name + ".bin"), "rb") as file:
        image = bytearray(file.read())
    image += bytes(FLOPPY - len(image))
    struct.pack_into("<II", image, 0x1F0, iterations, 0)
    path = os.path.join(folder, name + ".img")
    with open(path, "wb") as file:
        file.write(image)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    outcome = subprocess.run(
        [program, "boot", "--headless", "--speed", "max", "--memory", "32M", "--no-reboot",
         "--debug-console", "stdio", "--debug-exit", "--max-time", "10m", path],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    for line in outcome.stdout.decode("latin-1").replace("\r", "").split("\n"):
        if line.startswith(name + " N=") and "C=" in line:
            return seconds, line.split("C=")[1].split()[0]
    return seconds, None


def measure(program, name, rounds, scale, folder):
    """Guest MIPS; None where the difference is too small to tell."""
    instructions, iterations, _ = WORKLOADS[name]
    iterations = max(1, iterations // scale)
    small = min(run(program, name, iterations, folder)[0] for _ in range(rounds))
    large = min(run(program, name, 2 * iterations, folder)[0] for _ in range(rounds))
    return instructions * iterations / (large - small) / 1e6 if large > small else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--only", default=",".join(name for name in WORKLOADS if name not in LATER))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    speeds, wrong = [], 0
    print(f"{'workload':9} {'checksum':9} {'MIPS':>8}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.only.split(","):
            _, seen = run(program, name, 200, folder)
            is_right = seen == WORKLOADS[name][2]
            wrong += not is_right
            speed = measure(program, name, arguments.rounds, 8 if arguments.quick else 1, folder) if is_right else None
            if speed:
                speeds.append(speed)
            print(f"{name:9} {'ok' if is_right else seen or 'none':9} {f'{speed:8.1f}' if speed else '       -'}", flush=True)
    if speeds:
        mean = math.exp(sum(map(math.log, speeds)) / len(speeds))
        print(f"geometric mean of {len(speeds)}: {mean:.1f} MIPS")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
