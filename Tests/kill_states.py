#!/usr/bin/env python3
"""States saved while a guest writes to its disk, and swift86 killed: the guest's file system has to be whole afterwards.

kill_states.py FREEDOS.img [--swift86 PROGRAM] [--count N] [--seed N]

A FreeDOS guest copies and deletes files on drive B without a pause. At a random time its state is saved by QMP's savevm, and
the program is killed with SIGKILL before, during or after that. The last state that savevm was done with is loaded by a new
process, where the guest finishes its work; then the FAT on drive B is checked: no lost, shared or unterminated chains, both
copies equal, sizes as the chains say. An older state must load as long as the new one is not there. Needs mtools.
"""
import argparse, json, os, random, re, shutil, signal, socket, struct, subprocess, sys, tempfile, time, zlib

BATCH = "\r\n".join(
    ["@echo off", "b:"]
    + ["for %%i in (1 2 3 4 5 6) do copy a:\\kernel.sys b:\\k%%i.sys", "for %%i in (1 3 5) do del b:\\k%%i.sys",
       "for %%i in (a b c d) do copy a:\\readme.txt b:\\%%i.txt", "md b:\\sub", "copy b:\\k2.sys b:\\sub",
       "for %%i in (1 2) do copy a:\\command.com b:\\sub\\c%%i.com", "del b:\\k2.sys", "del b:\\sub\\c1.com",
       "copy b:\\sub\\c2.com b:\\last.com", "echo ALL-IS-WRITTEN", ""])


def check(image):
    """What is wrong with a FAT12 floppy; an empty list where nothing is."""
    wrong = []
    size, per, reserved, fats, entries, total, _, length = struct.unpack_from("<HBHBHHBH", image, 11)
    fat = [image[(reserved + i * length) * size:][:length * size] for i in range(fats)]
    if any(copy != fat[0] for copy in fat):
        wrong.append("the copies of the FAT differ")
    root = (reserved + fats * length) * size
    data = root + entries * 32
    clusters = (total * size - data) // (per * size)

    def link(number):
        value = struct.unpack_from("<H", fat[0], number * 3 // 2)[0]
        return value >> 4 if number & 1 else value & 0xFFF

    used = {}

    def chain(first, name):
        found = []
        while 2 <= first < clusters + 2:
            if first in used:
                wrong.append(f"{name}: cluster {first} is {used[first]}'s as well")
                return found
            used[first] = name
            found.append(first)
            first = link(first)
        if found and first < 0xFF8:
            wrong.append(f"{name}: its chain ends with {first:03X}")
        return found

    def folder(content, path):
        for at in range(0, len(content), 32):
            entry = content[at:at + 32]
            if entry[0] == 0:
                return
            if entry[0] == 0xE5 or entry[11] & 8 or entry[0] == 0x2E:
                continue
            name = path + entry[:11].decode("cp437").strip()
            first, bytes = struct.unpack_from("<HI", entry, 26)
            found = chain(first, name)
            if entry[11] & 0x10:
                folder(b"".join(image[data + (c - 2) * per * size:][:per * size] for c in found), name + "/")
            elif len(found) != -(-bytes // (per * size)):
                wrong.append(f"{name}: {bytes} bytes in {len(found)} clusters")

    folder(image[root:data], "")
    lost = [n for n in range(2, clusters + 2) if link(n) not in (0, 0xFF7) and n not in used]
    if lost:
        wrong.append(f"{len(lost)} lost clusters")
    return wrong


def changed(state, image, tag=b"FLPB"):
    """The image with the changes that a state holds of drive B."""
    with open(state, "rb") as file:
        content = file.read()
    image = bytearray(image)
    at = 24
    for _ in range(struct.unpack_from("<I", content, 12)[0]):
        raw, stored = struct.unpack_from("<QQ", content, at + 4)
        if content[at:at + 4] == tag:
            sectors = zlib.decompress(content[at + 20:at + 20 + stored])
            for start in range(0, len(sectors), 520):
                number = struct.unpack_from("<Q", sectors, start)[0]
                image[number * 512:number * 512 + 512] = sectors[start + 8:start + 520]
        at += 20 + stored
    return bytes(image)


class QMP:
    def __init__(self, path):
        for _ in range(500):
            self.socket = socket.socket(socket.AF_UNIX)
            try:
                self.socket.connect(path)
                break
            except OSError:
                self.socket.close()
                time.sleep(0.01)
        self.file = self.socket.makefile("rw")
        self.file.readline()
        self.ask("qmp_capabilities")

    def send(self, command, **arguments):
        self.file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.file.flush()

    def ask(self, command, **arguments):
        self.send(command, **arguments)
        while True:
            answer = json.loads(self.file.readline())
            if "event" not in answer:
                return answer


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("freedos")
    parser.add_argument("--swift86", default=".build/release/swift86")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="kill-states-")
    a, b = folder + "/a.img", folder + "/b.img"
    shutil.copy(options.freedos, a)
    with open(folder + "/w.bat", "w", newline="") as file:
        file.write(BATCH)
    subprocess.run(["mcopy", "-i", a, folder + "/w.bat", "::W.BAT"], check=True)
    subprocess.run(["mformat", "-C", "-f", "1440", "-i", b, "::"], check=True)
    with open(b, "rb") as file:
        empty = file.read()
    base = folder + "/base.s86"
    boot = [options.swift86, "boot", "--headless", "--discard-writes", "--disk-timing", "fast"]
    with open(folder + "/type.scn", "w") as file:
        file.write('wait-text "A:\\>" 60\ntype "w\\n"\nwait-text "k1.sys" 60\n')
    start = subprocess.run(
        boot + ["--cpu", "486", "--mips", "20", "--script", folder + "/type.scn", "--save", base, a, b],
        capture_output=True, text=True)
    if start.returncode != 0:
        sys.exit(f"the guest does not start: {start.stderr}")
    outcomes = {"before": 0, "after": 0, "busy": 0}
    for number in range(options.count):
        seed = options.seed * 1_000_003 + number
        chance = random.Random(seed)
        path = folder + "/qmp"
        state = folder + "/s.state"
        shutil.copy(base, state)
        process = subprocess.Popen(
            boot + ["--speed", "max", "--load", base, "--qmp", path, "--states", folder], stderr=subprocess.PIPE)
        qmp = QMP(path)
        time.sleep(chance.uniform(0, 0.25))
        isTold = False
        if chance.random() < 0.5:
            # Killed while it saves, or a little before or after.
            qmp.send("human-monitor-command", **{"command-line": "savevm s"})
            time.sleep(chance.uniform(0, 0.03))
        else:
            isTold = "error" not in qmp.ask("human-monitor-command", **{"command-line": "savevm s"})
            if not isTold:
                sys.exit(f"seed {seed}: savevm failed")
            time.sleep(chance.uniform(0, 0.03))
        process.send_signal(signal.SIGKILL)
        process.wait()
        with open(base, "rb") as one, open(state, "rb") as other:
            isNew = one.read() != other.read()
        if isTold and not isNew:
            sys.exit(f"seed {seed}: savevm was done and nothing is saved")
        outcomes["after" if isNew else "before"] += 1
        end = folder + "/end.s86"
        done = subprocess.run(
            boot + ["--load", state, "--until-text", "ALL-IS-WRITTEN", "--max-time", "5m", "--save", end],
            capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"seed {seed}: the state does not go on: status {done.returncode} {done.stderr} ({folder})")
        whole = changed(end, empty)
        outcomes["busy"] += isNew and changed(state, empty) != whole
        wrong = check(whole)
        if wrong:
            sys.exit(f"seed {seed}: {'; '.join(wrong)} ({folder})")
        if number % 50 == 49:
            print(f"{number + 1} kills, the file system was whole each time; {outcomes['after']} with a new state, "
                  f"{outcomes['busy']} of them in the middle of the guest's writes",
                  flush=True)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
