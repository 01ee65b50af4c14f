#!/usr/bin/env python3
"""Cuts the sample from a folder of .sst vectors: the first five of each form, and the first with an exception."""
import struct
import sys
from pathlib import Path

COUNT = 5
here = Path(__file__).parent
for old in here.glob("*.sst"):
    old.unlink()
for path in sorted(Path(sys.argv[1]).glob("*.sst")):
    data = path.read_bytes()
    at = 16
    for _ in range(2):  # form and status
        at += 1 + data[at]
    header, records = data[:at], []
    while at < len(data):
        size = 4 + struct.unpack_from("<I", data, at)[0]
        records.append(data[at : at + size])
        at += size
    raising = [record for record in records[COUNT:] if record[20] & 1]
    kept = records[:COUNT] + raising[:1]
    (here / path.name).write_bytes(header[:8] + struct.pack("<I", len(kept)) + header[12:] + b"".join(kept))
