#!/usr/bin/env python3
"""finish.py IN OUT: pads an option ROM to whole 2 KB, enters its length (also in the PCI structure) and its checksum."""
import sys

data = bytearray(open(sys.argv[1], "rb").read())
data += bytes(-(len(data) + 1) % 2048 + 1)
blocks = len(data) // 512
data[2] = blocks
pci = data[0x18] | data[0x19] << 8
assert data[pci:pci + 4] == b"PCIR"
data[pci + 16] = blocks
data[-1] = -sum(data[:-1]) & 0xFF
open(sys.argv[2], "wb").write(data)
