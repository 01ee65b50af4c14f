#!/usr/bin/env python3
"""sum.py IN OUT: sets the last byte of an option ROM so that all of its bytes add up to 0."""
import sys

data = bytearray(open(sys.argv[1], "rb").read())
assert len(data) == data[2] * 512 and data[-1] == 0
data[-1] = -sum(data) & 0xFF
open(sys.argv[2], "wb").write(data)
