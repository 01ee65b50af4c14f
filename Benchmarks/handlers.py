"""The handlers of the CPU: the closures that HandlerTable's fill functions put into the table, in source and program."""
import glob
import os
import re

CPU = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Sources/PCCore/CPU")


def sources():
    """{fill function: [text of its first closure, of the second, …]}"""
    found = {}
    for path in sorted(glob.glob(os.path.join(CPU, "**/HandlerTable*.swift"), recursive=True)):
        with open(path, encoding="utf-8") as file:
            functions = re.split(r"\n    static func (fill\w+)\(", file.read())
        for name, text in zip(functions[1::2], functions[2::2]):
            body = text.split("\n    }\n")[0]
            found[name] = [shorter(closure) for closure in re.findall(r"\{\s*([^{}]*\$4\))\s*\}", body)]
            if body.count("] = ") != len(found[name]):
                raise SystemExit(f"{path}: {name} has {body.count('] = ')} assignments and {len(found[name])} closures")
    return found


def shorter(closure):
    """`aluRegReg(Add, UInt8)` for `aluRegReg(Add.self, UInt8.self, $0, $1, $2, $3, $4)`."""
    text = re.sub(r",?\s*\$0, \$1, \$2, \$3, \$4", "", closure).replace(".self", "")
    return re.sub(r"\s+", " ", text)


def place(symbol):
    """(fill function, number of the closure from 0) of a mangled name; None where it is no handler's."""
    match = re.fullmatch(r"\$s6PCCore12HandlerTableV(\d+)(\w+)FZ\w+fU(\d*)_", symbol)
    if not match:
        return None
    name = match[2][:int(match[1])]
    return (name, int(match[3]) + 1 if match[3] else 0) if name.startswith("fill") else None
