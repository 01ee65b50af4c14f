#!/bin/sh
# embed.sh [FILE]: writes the firmware and the demo disk as string literals into FILE, which is
# Sources/PCHost/EmbeddedFirmware.swift unless another is named. A base64 string costs the compiler nothing, an array
# literal of 64 KB costs it 13 seconds. Zeros at the end of the demo disk are left out; a missing image becomes "".
set -e
cd "$(dirname "$0")/.."
out=${1:-Sources/PCHost/EmbeddedFirmware.swift}

literal() { # NAME IMAGE
    echo "    static let $1: StaticString = \"\"\""
    if [ -f "$2" ]; then
        # The last byte that differs from zero: its number is the length without the zeros behind it.
        length=$(cmp -l "$2" /dev/zero 2>/dev/null | tail -n 1 | awk '{ print $1 }')
        if [ "$3" != trim ]; then length=$(wc -c < "$2"); fi
        head -c "${length:-0}" "$2" | base64 -w 100 | sed 's/^/        /'
    fi
    echo "        \"\"\""
}

{
    echo "// Written by BIOS/embed.sh from BIOS/bios.bin, vgabios.bin, kernel.bin, dos/runner.bin and TestROMs/demo.img."
    echo "enum EmbeddedFirmware {"
    literal bios BIOS/bios.bin
    literal vgabios BIOS/vgabios.bin
    literal kernel BIOS/kernel.bin
    literal runner BIOS/dos/runner.bin
    literal demo TestROMs/demo.img trim
    if [ -f TestROMs/demo.img ]; then size=$(wc -c < TestROMs/demo.img); else size=163840; fi
    echo "    static let demoSize = $size"
    echo "}"
} > "$out"
