"""The benchmark floppies of img/: what they are, and how one is run."""
import os
import resource
import struct
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
FLOPPY = 1_474_560
OURS = ["boot", "--headless", "--speed", "max", "--memory", "32M", "--no-reboot", "--debug-console", "stdio",
        "--debug-exit"]


class Workload:
    """One floppy.

    instructions: in one iteration, counted by this emulator or, where that is not the same in each, on average
    iterations: as many as a quick machine runs in about a second; slow_iterations: as many as QEMU does
    checksum: of 200 iterations
    profiled: iterations under callgrind
    peers: million instructions in a second of Bochs HEAD and QEMU 7.2, once measured on one AMD EPYC core
    """

    def __init__(self, instructions, iterations, checksum, profiled, peers=None, slow_iterations=None):
        self.instructions, self.iterations, self.checksum = instructions, iterations, checksum
        self.profiled, self.peers = profiled, peers
        self.slow_iterations = slow_iterations or iterations


WORKLOADS = {
    "alu16": Workload(1474.9, 262144, "14A6A227", 4000, (250.4, 626.9)),
    "alu32": Workload(1603.3, 524288, "E9F8055F", 4000, (382.5, 1585.9)),
    "sieve32": Workload(601946.0, 2048, "1E14BE1D", 10, (335.8, 2835.1)),
    "c32": Workload(112401.6, 8192, "35D03D6B", 50, (383.6, 2351.5)),
    "str": Workload(54483.0, 16384, "BD3B533B", 300, (578.2, 710.2)),
    "page32": Workload(49157.0, 2048, "4E9F0680", 60, (60.6, 121.7)),
    "fpu": Workload(1501416.4, 96, "98AF9782", 2, (75.3, 131.6)),
    "smc": Workload(407.0, 131072, "4FA2AA23", 4000, (79.4, 7.9), slow_iterations=8192),
    "io": Workload(1571.0, 65536, "1B3AE29C", 1000, (133.6, 69.2)),
}

# Pieces of real programs, for which nothing was tuned.
PROGRAMS = {
    "lz": Workload(1883606.8, 1024, "797CA439", 2),
    "console": Workload(120285.2, 512, "CF0147E8", 10),
    "tasks": Workload(2844.0, 65536, "AC9D92A7", 1000),
}
ALL = {**WORKLOADS, **PROGRAMS}

# For the gate on host instructions, not for the table: iterations under callgrind, a million guest instructions or more.
LOOPS = {"loopalu": 1500, "loopmem": 1500, "loopcall": 500, "loopreal": 1500}
PROFILED = {**{name: workload.profiled for name, workload in ALL.items()}, **LOOPS}


def write_image(name, iterations, folder):
    """Writes the floppy with so many iterations: its path."""
    with open(os.path.join(HERE, "img", name + ".bin"), "rb") as file:
        image = bytearray(file.read())
    image += bytes(FLOPPY - len(image))
    struct.pack_into("<II", image, 0x1F0, iterations, 0)
    path = os.path.join(folder, f"{name}-{iterations}.img")
    with open(path, "wb") as file:
        file.write(image)
    return path


def run(command):
    """Runs a program: (CPU seconds, what it printed)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    outcome = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             check=False, timeout=900)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, outcome.stdout.decode("latin-1").replace("\r", "")


def checksum(name, output):
    """What the guest of that name reported, None where it did not."""
    for line in output.split("\n"):
        if line.startswith(name + " N=") and "C=" in line:
            return line.split("C=")[1].split()[0]
    return None
