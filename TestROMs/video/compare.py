#!/usr/bin/env python3
"""compare.py: shows the pictures of screens.img on Swift86 and on a peer, and compares them pixel for pixel.

  --swift86 PROGRAM      default ../../.build/release/swift86
  --peer qemu|bochs      default qemu
  --vga-bios FILE        the VGA BIOS of both; default our own
  --only NAME            this picture alone, may be repeated
  --keep DIR             writes NAME.ours.png, NAME.peer.png where they differ
  --all                  with --keep: every picture

What each only repeats is undone: lines and dots are made as many as the other's where that is a whole multiple. Colours are
compared by the six bits that a VGA's DAC has. Status 0: equal, or different as README.md explains.
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
    "qemu": {},
    "bochs": {},
}
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


def difference(ours, theirs):
    """None if they are equal; otherwise how they differ."""
    w, h = max(ours[0], theirs[0]), max(ours[1], theirs[1])
    a, b = scaled(ours, w, h), scaled(theirs, w, h)
    if a is None or b is None:
        return f"{ours[0]}x{ours[1]} and {theirs[0]}x{theirs[1]}"
    a, b = a[2].translate(SIX_BITS), b[2].translate(SIX_BITS)
    if a == b:
        return None
    wrong = [i for i in range(0, len(a), 3) if a[i:i + 3] != b[i:i + 3]]
    first = wrong[0] // 3
    return f"{len(wrong)} of {w * h} pixels, first at {first % w},{first // w} of {w}x{h}"


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
        return "\n".join(self.ask("serial"))

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
        self.process = subprocess.Popen(["bochs", "-q", "-f", script], stdin=subprocess.DEVNULL,
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

    def screen(self):
        # Bochs's VNC has 8 bits a pixel: three of red, three of green, two of blue
        self.socket.sendall(struct.pack(">BBHHHH", 3, 0, 0, 0, self.width, self.height))
        while True:
            kind = self.take(1)[0]
            if kind == 0:
                break
            raise RuntimeError(f"VNC: message {kind}")
        _, count = struct.unpack(">BH", self.take(3))
        for _ in range(count):
            x, y, w, h, _ = struct.unpack(">HHHHi", self.take(12))
            data = self.take(w * h)
            for row in range(h):
                for column in range(w):
                    p = data[row * w + column]
                    at = ((y + row) * self.width + x + column) * 3
                    self.pixels[at:at + 3] = bytes(((p & 7) << 5, (p >> 3 & 7) << 5, (p >> 6 & 3) << 6))
        return self.width, self.height, bytes(self.pixels)

    def stop(self):
        self.process.kill()
        self.process.wait()


def wait(machine, count):
    """Until `count` pictures have been announced; the name of the last."""
    for _ in range(600):
        names = machine.names().split()
        if len(names) >= count:
            return names[count - 1]
        time.sleep(0.03)
    raise RuntimeError(f"no picture {count}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--swift86", default=os.path.join(ROOT, ".build", "release", "swift86"))
    parser.add_argument("--peer", choices=["qemu", "bochs"], default="qemu")
    parser.add_argument("--vga-bios")
    parser.add_argument("--only", action="append")
    parser.add_argument("--keep")
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    bad = 0
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
                    # What blinks is shown by us, and by turns by the peer, which also draws when it likes.
                    for turn in range(10):
                        time.sleep(0.12 if turn else 0.2)
                        a, b = ours.screen(), theirs.screen()
                        found = difference(a, b)
                        if found is None:
                            break
                    why = EXPLAINED[options.peer].get(name)
                    print(f"{name:24} " + ("same" if not found else found + (f"  ({why})" if why else "")), flush=True)
                    if found and not why:
                        bad += 1
                    if options.keep and (found or options.all):
                        os.makedirs(options.keep, exist_ok=True)
                        write_png(os.path.join(options.keep, name + ".ours.png"), a)
                        write_png(os.path.join(options.keep, name + ".peer.png"), b)
                ours.key()
                theirs.key()
        finally:
            ours.stop()
            theirs.stop()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
