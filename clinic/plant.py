"""Plant a fault in healthy programs, and ask the doctor.  python clinic/plant.py missing-zero-grad [--programs 40]

All healthy programs and cured twins of all batches, in the order of digests of fault and name: nobody chose the first
ones. The fault is put into the program's text; where it has no place, the next program is taken. What the doctor named
first, found beside others, or did not find. A planted fault may do no harm (Adam forgives an initial scale): programs in
which it was not named are listed, with what was said instead, for somebody to look at.
"""

from __future__ import annotations

import argparse
import ast
import glob
import hashlib
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from score import HERE, timed
from twin import cured

OPTIMIZERS = ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "NAdam", "RAdam", "LBFGS", "SparseAdam", "Adamax")
LAYERS = ("ReLU", "Tanh", "GELU", "Sigmoid", "SiLU", "ELU", "LeakyReLU")
FUNCTIONS = ("relu", "tanh", "gelu", "silu", "elu", "leaky_relu", "sigmoid")
Edit = Callable[[ast.AST], ast.AST | None]  # a call or an expression statement with the fault; None: not its place


def rate(times: float) -> Edit:
    """Another learning rate, where an optimizer is made."""

    def edit(node: ast.AST) -> ast.AST | None:
        if not isinstance(node, ast.Call) or called(node) not in OPTIMIZERS:
            return None
        rates = [word for word in node.keywords if word.arg == "lr" and number(word.value)]
        for word in rates:
            word.value = ast.Constant(float(f"{ast.literal_eval(word.value) * times:.6g}"))
        return node if rates else None

    return edit


def not_cleared(node: ast.AST) -> ast.AST | None:
    """No zero_grad()."""
    cleared = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and called(node.value) == "zero_grad"
    return ast.Pass() if cleared else None


def negated(node: ast.AST) -> ast.AST | None:
    """(-loss).backward()."""
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call) or node.value.args:
        return None
    call = node.value
    if called(call) != "backward" or not isinstance(call.func, ast.Attribute):
        return None
    call.func.value = ast.UnaryOp(ast.USub(), call.func.value)
    return node


def squashed(node: ast.AST) -> ast.AST | None:
    """A softmax before the cross-entropy."""
    if not isinstance(node, ast.Call) or called(node) != "cross_entropy" or len(node.args) < 2:
        return None
    softmax = ast.Attribute(ast.Name("torch"), "softmax")
    node.args[0] = ast.Call(softmax, [node.args[0], ast.Constant(-1)], [])
    return node


def straight(node: ast.AST) -> ast.AST | None:
    """No activations."""
    if not isinstance(node, ast.Call):
        return None
    if called(node) in LAYERS:
        return ast.Call(ast.Attribute(ast.Attribute(ast.Name("torch"), "nn"), "Identity"), [], [])
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    function = isinstance(owner, ast.Name) and owner.id in ("torch", "F", "nn") and called(node) in FUNCTIONS
    return node.args[0] if function and node.args else None


FAULTS: dict[str, Edit] = {
    "learning-rate-too-high": rate(100),
    "learning-rate-too-low": rate(1e-3),
    "missing-zero-grad": not_cleared,
    "gradient-ascent": negated,
    "probabilities-as-logits": squashed,
    "no-nonlinearity": straight,
}


class Planted(ast.NodeTransformer):
    """A program's tree with a fault in every place that it has."""

    def __init__(self, edit: Edit) -> None:
        self.edit, self.places = edit, 0

    def visit(self, node: ast.AST) -> ast.AST:
        edited = self.edit(self.generic_visit(node))
        self.places += edited is not None
        return node if edited is None else edited


def called(call: ast.Call) -> str:
    """The last word of what is called: "Adam" for torch.optim.Adam(...)."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def healthy() -> Iterator[tuple[str, str]]:
    """Name and text of every healthy program and every cured twin."""
    for name in sorted(glob.glob("*/healthy/*.py", root_dir=HERE)):
        yield name, (HERE / name).read_text()
    for name in sorted(glob.glob("*/sick/*/*.py", root_dir=HERE)):
        yield name, cured((HERE / name).read_text())


def planted(fault: str, wanted: int) -> dict[str, str]:
    """The first programs, by the digest of the fault and their names, that have a place for it."""
    found: dict[str, str] = {}
    for name, text in sorted(healthy(), key=lambda each: hashlib.sha1((fault + each[0]).encode()).digest()):
        transformer = Planted(FAULTS[fault])
        tree = transformer.visit(ast.parse(text))
        if transformer.places and len(found) < wanted:
            found[name] = ast.unparse(ast.fix_missing_locations(tree))
    return found


def named(fault: str, name: str, text: str, folder: Path) -> str:
    """Whether it was named "first", "found" or missed; then what was said instead is printed."""
    program = folder / (name.replace("/", "-"))
    program.write_text(text)
    verdict = program.with_suffix(".json")
    _, complaint = timed([sys.executable, "-m", "gradwise", "doctor", "--json", str(verdict), str(program)])
    try:
        codes = [finding["code"] for finding in json.loads(verdict.read_text())["findings"]]
    except (OSError, ValueError, KeyError):
        codes = [f"no verdict: {complaint.strip()[-200:]}"]
    if codes[:1] == [fault]:
        return "first"
    print(f"    {name}: {', '.join(codes) or 'nothing'}", flush=True)
    return "found" if fault in codes else "missed"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faults", nargs="+", choices=list(FAULTS), metavar="CODE", help=", ".join(FAULTS))
    parser.add_argument("--programs", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    for fault in arguments.faults:
        programs = planted(fault, arguments.programs)
        with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(arguments.jobs) as pool:
            jobs = [pool.submit(named, fault, *each, Path(name)) for each in programs.items()]
            count = Counter(job.result() for job in jobs)
        print(f"{fault}: {len(programs)} programs, named first in {count['first']}, found in {count['found']} more")


if __name__ == "__main__":
    main()
