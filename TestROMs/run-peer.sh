#!/bin/bash
# run-peer.sh qemu|bochs|swift86 IMAGE: runs a ROM and prints what it wrote to port E9h.
# QEMU_VGA sets another display there (`-vga none -device VGA,romfile=...`). SWIFT86 names our emulator's binary, QEMU_FLAGS and BOCHS_CPU set another CPU (`-cpu pentium`, `pentium`).
set -u
here=$(cd "$(dirname "$0")" && pwd)
peer=$1 image=$(realpath "$2")
seconds=${SECONDS_MAX:-40}
case $peer in
qemu)
    # shellcheck disable=SC2086
    timeout "$seconds" qemu-system-i386 ${QEMU_FLAGS:-} -drive if=floppy,format=raw,file="$image",readonly=on \
        -debugcon stdio -device isa-debug-exit,iobase=0xf4,iosize=1 -display none -nodefaults ${QEMU_VGA:--vga std}
    ;;
bochs)
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    cp "$image" "$work/a.img"
    cat >"$work/bochsrc" <<RC
display_library: term
cpu: model=${BOCHS_CPU:-p2_klamath}, count=1, ips=50000000, reset_on_triple_fault=1
memory: guest=16, host=16
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
floppya: 160k=$work/a.img, status=inserted
boot: floppy
port_e9_hack: enabled=1
log: $work/log
panic: action=fatal
error: action=ignore
info: action=ignore
RC
    # Its debugger stops at each reset.
    yes c | head -n 50 >"$work/rc"
    cd "$work" || exit 2
    # Bochs writes the port to the terminal, between its own messages.
    TERM=vt100 timeout "$seconds" script -qec "bochs -q -f bochsrc -rc rc" /dev/null >"$work/out" 2>&1 </dev/null
    if [ -n "${BOCHS_RAW:-}" ]; then cat "$work/out" "$work/log"; fi
    tr -d '\r' <"$work/out" | grep -aE '^(ok |FAIL |skip |[a-z0-9-]+: [0-9]+ passed)'
    ;;
swift86)
    timeout "$seconds" "${SWIFT86:-$here/../.build/release/swift86}" boot --headless --debug-console stdio --debug-exit \
        --max-time 30s "$image"
    ;;
*)
    echo "run-peer.sh: $peer is none of qemu, bochs, swift86" >&2
    exit 2
    ;;
esac
