"""Host instructions of a run, counted by valgrind's callgrind: no noise, whatever else the computer does."""
import collections
import os
import re
import shutil
import subprocess

from workloads import OURS, run, write_image


def stripped(program, folder):
    """A copy without debug information, which not every valgrind can read; the symbols stay."""
    path = os.path.join(folder, "swift86")
    shutil.copy(program, path)
    subprocess.run(["strip", "-g", path], check=True)
    return path


def count(program, image, folder):
    """Runs a floppy: (guest instructions, {function: host instructions of its own})."""
    profile = os.path.join(folder, "callgrind.out")
    # Swift seeds its hash tables anew in every process otherwise.
    _, output = run(["env", "SWIFT_DETERMINISTIC_HASHING=1", "valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}",
                     program, *OURS, "--stats", image])
    found = re.search(r"^instructions (\d+)", output, re.M)
    if not found:
        raise SystemExit(f"callgrind: {os.path.basename(image)} did not run to its end:\n{output}")
    return int(found[1]), costs(profile)


def costs(profile):
    """Reads the file that callgrind wrote. Names stand in it once and then by number, and end in 'N within recursion."""
    names, own, current, is_call = {}, collections.Counter(), None, False
    with open(profile, encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.startswith("fn="):
                number, _, name = line[3:].strip().partition(" ")
                current = names.setdefault(number, name.partition("'")[0] or number)
            elif line.startswith("cfn="):
                number, _, name = line[4:].strip().partition(" ")
                names.setdefault(number, name.partition("'")[0] or number)
            elif line.startswith("calls="):
                is_call = True
            elif line[:1].isdigit() or line[:1] in "+-*":
                # The line behind `calls=` is what the callee took.
                if not is_call:
                    own[current] += int(line.split()[1])
                is_call = False
    return own


def difference(program, name, iterations, folder):
    """Guest and host instructions of so many iterations, start-up not among them."""
    guest, host = count(program, write_image(name, iterations, folder), folder)
    guest2, host2 = count(program, write_image(name, 2 * iterations, folder), folder)
    host2.subtract(host)
    return guest2 - guest, host2
