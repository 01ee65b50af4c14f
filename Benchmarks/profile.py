#!/usr/bin/env python3
"""Where the host instructions go: a table for Benchmarks/README.md.

  profile.py SWIFT86 [--only alu32,c32] [--top 6]

Runs each workload under callgrind with N and with 2N iterations and divides the difference by the guest instructions
in it. Handlers are named by what they call, from the sources beside this folder, which have to be those of the program.
"""
import argparse
import re
import subprocess
import sys
import tempfile

from callgrind import difference, stripped
from handlers import place, sources
from workloads import ALL, PROFILED


def shorter(name):
    """A demangled name without modules, types of arguments and what the optimiser did; `run<Add>` for `<Add> of run<A>`."""
    name = re.sub(r"\((\w+) in _\w+\)", r"\1", name)
    name = re.sub(r"\b(PCCore|PCHost|Swift|static|merged)[. ]", "", name)
    name = re.sub(r"^(function signature specialization <.*?> of )+", "", name)
    types = re.match(r"generic specialization <(.*?)> of ", name)
    name = re.sub(r"^generic specialization <.*?> of ", "", name)
    name = re.sub(r"closure #\d+ .*? in ", "closure in ", name)
    name = re.sub(r"^protocol witness for (.*?)\(.*", r"witness of \1", name)
    return re.split(r"[(<]", name)[0] + (f"<{types[1]}>" if types else "")


def readable(names):
    """What to call the functions in the table."""
    plain = subprocess.run(["swift", "demangle", "--compact"], input="\n".join(names), text=True,
                           stdout=subprocess.PIPE, check=True).stdout.split("\n")
    closures = sources()
    for symbol, name in zip(names, plain):
        fill, number = place(symbol) or (None, 0)
        known = closures.get(fill, [])
        yield known[number] if number < len(known) else shorter(name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--only", default=",".join(ALL))
    parser.add_argument("--top", type=int, default=8)
    arguments = parser.parse_args()
    names = arguments.only.split(",")
    unknown = [name for name in names if name not in PROFILED]
    if unknown:
        parser.error(f"no such workload: {', '.join(unknown)}; there are {', '.join(PROFILED)}")
    print("| workload | h/g | most of it: host instructions for each guest instruction |\n|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        program = stripped(arguments.program, folder)
        for name in names:
            guest, host = difference(program, name, PROFILED[name], folder)
            top = host.most_common(arguments.top)
            named = zip(readable([function for function, _ in top]), top)
            parts = ", ".join(f"`{text}` {cost / guest:.2f}" for text, (_, cost) in named)
            print(f"| {name} | {sum(host.values()) / guest:.1f} | {parts} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
