#!/usr/bin/env python3
"""compare.py: shows the pictures of screens.img on Swift86 and on a peer, and compares them pixel for pixel.

  --swift86 PROGRAM      default ../../.build/release/swift86
  --peer qemu|bochs      default qemu
  --vga-bios FILE        the VGA BIOS of both; default our own
  --only NAME            this picture alone, may be repeated
  --keep DIR             writes NAME.ours.png, NAME.peer.png where they differ
  --all                  with --keep: every picture
  --accept               writes the peer's lines of differences.txt: how the pictures that README.md explains differ now
  --bless                no peer: writes expected.txt, the pictures' sums, from what Swift86 shows

What each only repeats is undone: lines and dots are made as many as the other's where that is a whole multiple. QEMU's
colours are compared by the six bits that a VGA's DAC has; Bochs's VNC has 256 colours of its own, so there shapes count: all
pixels of one colour here are of one colour there. Status 0: equal, or different as README.md explains; with our own VGA BIOS,
in the pixels that differences.txt says.
"""
import argparse
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")

# Differences that README.md explains, by peer and picture.
EXPLAINED = {
    "qemu": {
        "40 columns": "mode-00 mode-01",
        "line graphics": "text-all-characters",
        "underline": "mode-07-underlined text-underlined",
        "double scan": "text-200-lines",
        "blinking": "text-blinking",
        "panning": "text-panning-9 text-panning-8 text-preset-row-scan text-byte-panning text-split-panned text-split-still "
        "x-panning 13h-panning planar-panning planar-split-still",
        "row scans": "four-banks",
        "address modes": "planar-word-mode planar-count-by-2",
        "plane enable": "plane-enable",
        "pel mask": "pel-mask",
        "blanking": "palette-address-source screen-off",
    },
    "bochs": {
        "underline": "mode-07-underlined text-underlined",
        "double scan": "text-200-lines",
        "panning": "text-byte-panning text-split-panned x-panning 13h-panning planar-panning planar-split-still",
        "row scans": "four-banks",
        "address modes": "planar-word-mode planar-count-by-2",
        "plane enable": "plane-enable",
        "256 colours": "x-split 13h-start-address",
        "blinking": "mode-0f mode-02 mode-03 mode-07 text-blinking",
        "one font": "font-two-maps",
        "write mode 3": "write-modes",
        "colours": "colour-select dac-page",
    },
}
EXPLAINED = {peer: {name: why for why, names in reasons.items() for name in names.split()}
             for peer, reasons in EXPLAINED.items()}
# In which pixels, with our VGA BIOS.
DIFFERENCES = os.path.join(HERE, "differences.txt")
# Pictures that depend on the beam.
OURS_ONLY = ("raster", "copper")


def read_ppm(path):
    data = open(path, "rb").read()
    fields, at = [], 0
    while len(fields) < 4:
        end = at
        while data[end] not in b" \n\t\r":
            end += 1
        fields.append(data[at:end])
        at = end + 1
    width, height = int(fields[1]), int(fields[2])
    pixels = data[at:]
    if fields[0] != b"P6" or len(pixels) != width * height * 3:
        raise ValueError("not a picture")
    return width, height, pixels


def write_png(path, picture):
    width, height, pixels = picture
    rows = b"".join(b"\0" + pixels[y * width * 3:(y + 1) * width * 3] for y in range(height))

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
                   + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def scaled(picture, width, height):
    """The picture with each dot repeated; None where that is no whole multiple."""
    w, h, pixels = picture
    if width % w or height % h:
        return None
    nx, ny = width // w, height // h
    out = []
    for y in range(h):
        row = pixels[y * w * 3:(y + 1) * w * 3]
        if nx > 1:
            row = b"".join(row[i:i + 3] * nx for i in range(0, len(row), 3))
        out.append(row * ny)
    return width, height, b"".join(out)


SIX_BITS = bytes(i & 0xFC for i in range(256))


def by_value(ours, theirs):
    """The pixels that differ, by the six bits of a VGA's DAC."""
    a, b = ours.translate(SIX_BITS), theirs.translate(SIX_BITS)
    if a == b:
        return []
    return [i for i in range(0, len(a), 3) if a[i:i + 3] != b[i:i + 3]]


def by_shape(ours, theirs):
    """The pixels that differ, whatever colours the peer has: one of ours is always the same one of theirs."""
    pairs = {}
    for i in range(0, len(ours), 3):
        pair = ours[i:i + 3], theirs[i:i + 3]
        pairs.setdefault(pair, []).append(i)
    best = {}
    for (a, b), places in pairs.items():
        if a not in best or len(places) > len(pairs[a, best[a]]):
            best[a] = b
    return sorted(i for (a, b), places in pairs.items() if best[a] != b for i in places)


def difference(ours, theirs, wrong_pixels):
    """None if they are equal; otherwise how they differ, for people and as a mark to compare with."""
    w, h = max(ours[0], theirs[0]), max(ours[1], theirs[1])
    a, b = scaled(ours, w, h), scaled(theirs, w, h)
    if a is None or b is None:
        return f"{ours[0]}x{ours[1]} and {theirs[0]}x{theirs[1]}", f"{ours[0]}x{ours[1]}/{theirs[0]}x{theirs[1]}"
    wrong = wrong_pixels(a[2], b[2])
    if not wrong:
        return None
    first = wrong[0] // 3
    # Which pixels, and by value what they are instead: Bochs has its own colours.
    pixels = [struct.pack(f"<{len(wrong) + 2}I", w, h, *wrong)]
    if wrong_pixels is by_value:
        pixels += [(a[2][i:i + 3] + b[2][i:i + 3]).translate(SIX_BITS) for i in wrong]
    text = f"{len(wrong)} of {w * h} pixels, first at {first % w},{first // w} of {w}x{h}"
    return text, f"{len(wrong)}:{zlib.crc32(b''.join(pixels)):08x}"


def read_differences():
    """The marks of pictures that differ as README.md explains, by peer and picture: some blink, and have several."""
    with open(DIFFERENCES) as file:
        return {tuple(line.split()[:2]): line.split()[2:] for line in file}


def write_differences(peer, new):
    """Puts the marks of the pictures that were looked at in place of their old ones."""
    lines = read_differences() if os.path.exists(DIFFERENCES) else {}
    lines.update(((peer, name), marks) for name, marks in new.items())
    with open(DIFFERENCES, "w") as file:
        for (name, picture), marks in sorted(lines.items()):
            # Bochs blinks by its host's clock, and is caught at any time.
            reason = EXPLAINED[name].get(picture)
            if reason and (name, reason) != ("bochs", "blinking"):
                file.write(f"{name} {picture} {' '.join(marks)}\n")


def checksum(picture):
    """FNV-1a of 64 bits over width, height and the colours; Tests/MachineTests/VideoScreenTests.swift has it too."""
    value = 0xCBF29CE484222325
    for byte in struct.pack("<II", *picture[:2]) + picture[2]:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


class Swift86:
    def __init__(self, program, vga_bios, folder):
        self.folder = folder
        self.process = subprocess.Popen([program, "control"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        image = os.path.join(folder, "ours.img")
        shutil.copyfile(os.path.join(HERE, "screens.img"), image)
        self.ask("machine floppya " + image)
        if vga_bios:
            self.ask("machine vga-bios " + vga_bios)
        self.ask("start")

    def ask(self, request):
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        lines = []
        while True:
            line = self.process.stdout.readline().rstrip("\n")
            if not line or line.startswith("error"):
                raise RuntimeError(f"{request}: {line}")
            if line == "ok":
                return lines
            lines.append(line[1:] if line.startswith("|") else line)

    def names(self):
        return "".join(line + "\n" for line in self.ask("serial"))

    def key(self):
        self.ask("key spc")

    def screen(self):
        path = os.path.join(self.folder, "ours.ppm")
        self.ask("screen " + path)
        return read_ppm(path)

    def stop(self):
        self.process.kill()
        self.process.wait()


class QEMU:
    def __init__(self, vga_bios, folder):
        self.folder = folder
        image = os.path.join(folder, "qemu.img")
        shutil.copyfile(os.path.join(HERE, "screens.img"), image)
        bios = os.path.abspath(vga_bios or os.path.join(ROOT, "BIOS", "vgabios.bin"))
        monitor = os.path.join(folder, "monitor")
        self.serial = os.path.join(folder, "serial")
        self.process = subprocess.Popen(
            ["qemu-system-i386", "-accel", "tcg", "-m", "16", "-display", "none", "-vga", "none", "-device",
             "VGA,romfile=" + bios, "-nic", "none", "-boot", "a", "-drive", f"if=floppy,format=raw,file={image}",
             "-serial", "file:" + self.serial, "-chardev", f"socket,id=m,path={monitor},server=on,wait=off",
             "-mon", "m,mode=readline"])
        for _ in range(100):
            try:
                self.socket = socket.socket(socket.AF_UNIX)
                self.socket.connect(monitor)
                break
            except OSError:
                time.sleep(0.05)
        self.socket.settimeout(30)
        self.answer()

    def answer(self):
        data = b""
        while not data.endswith(b"(qemu) "):
            data += self.socket.recv(65536)

    def ask(self, request):
        self.socket.sendall(request.encode() + b"\n")
        self.answer()

    def names(self):
        try:
            return open(self.serial, errors="replace").read()
        except FileNotFoundError:
            return ""

    def key(self):
        self.ask("sendkey spc 40")
        time.sleep(0.09)

    def expects(self, picture):
        pass

    def screen(self):
        path = os.path.join(self.folder, "qemu.ppm")
        for _ in range(20):
            self.ask("screendump " + path)
            try:
                return read_ppm(path)
            except (OSError, ValueError, IndexError):
                time.sleep(0.05)
        raise RuntimeError("no screendump")

    def stop(self):
        self.process.kill()
        self.process.wait()


# Of Bochs's VNC: three bits of red and green, two of blue.
COLOURS = [bytes(f(i) for i in range(256)) for f in (
    lambda i: (i & 7) << 5, lambda i: (i >> 3 & 7) << 5, lambda i: (i >> 6 & 3) << 6)]


class Bochs:
    """By VNC, which Debian's Bochs speaks without a display."""

    def __init__(self, vga_bios, folder):
        image = os.path.join(folder, "bochs.img")
        shutil.copyfile(os.path.join(HERE, "screens.img"), image)
        with open(image, "r+b") as file:
            file.truncate(163840)
        self.serial = os.path.join(folder, "serial")
        script = os.path.join(folder, "bochsrc")
        vga_bios = vga_bios or os.path.join(ROOT, "BIOS", "vgabios.bin")
        with open(script, "w") as file:
            file.write(f"""
display_library: rfb, options="timeout=20"
romimage: file=/usr/share/bochs/BIOS-bochs-legacy
vgaromimage: file={os.path.abspath(vga_bios)}
vga: extension=none, update_freq=20
cpu: count=1, ips=20000000
memory: guest=16, host=16
boot: floppy
floppya: 160k={image}, status=inserted
com1: enabled=1, mode=file, dev={self.serial}
log: {folder}/bochs.log
panic: action=report
error: action=ignore
info: action=ignore
clock: sync=none
""")
        # Its debugger stops at each reset.
        commands = os.path.join(folder, "commands")
        with open(commands, "w") as file:
            file.write("c\n" * 50)
        self.process = subprocess.Popen(["bochs", "-q", "-f", script, "-rc", commands], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                self.socket = socket.create_connection(("127.0.0.1", 5900))
                break
            except OSError:
                time.sleep(0.1)
        self.socket.settimeout(30)
        self.take(12)
        self.socket.sendall(b"RFB 003.003\n")
        if struct.unpack(">I", self.take(4))[0] != 1:
            raise RuntimeError("VNC: authentication")
        self.socket.sendall(b"\1")
        self.width, self.height = struct.unpack(">HH", self.take(4))
        self.format = self.take(16)
        self.take(struct.unpack(">I", self.take(4))[0])
        self.size = 720, 400
        self.pixels = bytearray(self.width * self.height * 3)
        self.socket.sendall(struct.pack(">BBHi", 2, 0, 1, 0))

    def take(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise RuntimeError("Bochs went away")
            data += part
        return data

    def names(self):
        try:
            return open(self.serial, errors="replace").read()
        except FileNotFoundError:
            return ""

    def key(self):
        self.socket.sendall(struct.pack(">BBHI", 4, 1, 0, 0x20))
        time.sleep(0.1)
        self.socket.sendall(struct.pack(">BBHI", 4, 0, 0, 0x20))

    def expects(self, picture):
        """Its VNC screen has one size; the guest's picture is in the upper left corner, low resolutions doubled."""
        width, height = picture[:2]
        self.size = width * (2 if width <= 360 else 1), height * (2 if height <= 240 else 1)

    def screen(self):
        # Bochs's VNC has 8 bits a pixel: three of red, three of green, two of blue
        self.socket.sendall(struct.pack(">BBHHHH", 3, 0, 0, 0, self.width, self.height))
        self.socket.settimeout(30)
        while self.update():
            # It sends more than was asked for.
            self.socket.settimeout(0.15)
        # Above is its tool bar, below its status line.
        return self.crop(32, *self.size)

    def update(self):
        """Takes one message; false if there is none."""
        try:
            kind = self.socket.recv(1)
        except TimeoutError:
            return False
        self.socket.settimeout(30)
        if kind != b"\0":
            raise RuntimeError(f"VNC: message {kind}")
        _, count = struct.unpack(">BH", self.take(3))
        for _ in range(count):
            x, y, w, h, _ = struct.unpack(">HHHHi", self.take(12))
            data = self.take(w * h)
            for row in range(h):
                at = ((y + row) * self.width + x) * 3
                line = data[row * w:(row + 1) * w]
                for part in range(3):
                    self.pixels[at + part:at + w * 3:3] = line.translate(COLOURS[part])
        return True

    def crop(self, top, width, height):
        rows = (self.pixels[(top + y) * self.width * 3:][:width * 3] for y in range(height))
        return width, height, b"".join(bytes(row) for row in rows)

    def stop(self):
        self.process.kill()
        self.process.wait()


def wait(machine, count):
    """Until `count` pictures have been announced; the name of the last."""
    for turn in range(600):
        names = machine.names().split("\n")
        if len(names) > count:
            time.sleep(0.03)            # it may be on its way
            return machine.names().split("\n")[count - 1].strip()
        # Bochs loses a key now and then.
        if turn % 100 == 99 and isinstance(machine, Bochs):
            machine.key()
        time.sleep(0.03)
    raise RuntimeError(f"no picture {count}")


def bless(options):
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        ours = Swift86(options.swift86, None, folder)
        try:
            while (name := wait(ours, len(lines) + 1)) != "end":
                time.sleep(0.1)
                picture = ours.screen()
                lines.append(f"{name} {picture[0]}x{picture[1]} {checksum(picture)}\n")
                ours.key()
        finally:
            ours.stop()
    with open(os.path.join(HERE, "expected.txt"), "w") as file:
        file.writelines(line for line in lines if line.split()[0] not in OURS_ONLY)
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--swift86", default=os.path.join(ROOT, ".build", "release", "swift86"))
    parser.add_argument("--peer", choices=["qemu", "bochs"], default="qemu")
    parser.add_argument("--vga-bios")
    parser.add_argument("--only", action="append")
    parser.add_argument("--keep")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("--bless", action="store_true")
    options = parser.parse_args()
    if options.bless:
        return bless(options)
    if options.accept and options.vga_bios:
        parser.error("--accept is for our own VGA BIOS")
    recorded = {} if options.vga_bios or options.accept else read_differences()
    bad, accepted = 0, {}
    with tempfile.TemporaryDirectory() as folder:
        ours = Swift86(options.swift86, options.vga_bios, folder)
        theirs = (QEMU if options.peer == "qemu" else Bochs)(options.vga_bios, folder)
        try:
            count = 0
            while True:
                count += 1
                name, other = wait(ours, count), wait(theirs, count)
                if name != other:
                    raise RuntimeError(f"{name} here, {other} there")
                if name == "end":
                    break
                if name not in OURS_ONLY and (not options.only or name in options.only):
                    why = EXPLAINED[options.peer].get(name)
                    known = recorded.get((options.peer, name))
                    # What blinks is shown by us, and by turns by the peer, which also draws when it likes.
                    marks = []
                    for turn in range(10):
                        time.sleep(0.12 if turn else 0.2)
                        a = ours.screen()
                        theirs.expects(a)
                        b = theirs.screen()
                        found = difference(a, b, by_shape if options.peer == "bochs" else by_value)
                        if found is None or why and known and found[1] in known:
                            break
                        marks.append(found[1])
                    verdict = "same"
                    if found:
                        isKnown = why and (known is None or found[1] in known)
                        verdict = found[0] + (f"  ({why}" + ("" if isKnown else f", but otherwise: {found[1]}") + ")"
                                              if why else "")
                        bad += not isKnown
                        # Once may have been in the middle of a picture.
                        accepted[name] = sorted(m for m in set(marks) if marks.count(m) > 1) or marks[-1:]
                    print(f"{name:24} {verdict}", flush=True)
                    if options.keep and (found or options.all):
                        os.makedirs(options.keep, exist_ok=True)
                        write_png(os.path.join(options.keep, name + ".ours.png"), a)
                        write_png(os.path.join(options.keep, name + ".peer.png"), b)
                theirs.screen()
                ours.key()
                theirs.key()
        finally:
            ours.stop()
            theirs.stop()
    if options.accept:
        write_differences(options.peer, accepted)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
