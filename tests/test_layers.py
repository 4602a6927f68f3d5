"""The arrows between modules, read from the imports: `data -> model` would be an arrow that runs the wrong way."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import gradwise

ROOT = Path(gradwise.__file__).parent
GROUND = {"stages", "errors", "randomness", "kernels", "stored"}
TECHNIQUES = {"data", "model", "loss", "gradient", "update", "evaluate"}
ALLOWED: dict[str, set[str]] = {  # beside itself
    "errors": set(),
    "randomness": set(),
    "events": set(),
    "stages": {"errors", "randomness"},
    "kernels": set(),
    "signals": set(),
    "stored": {"errors", "runs"},
    **dict.fromkeys(TECHNIQUES, GROUND),
    "watch": {"kernels", "stages", "errors"},
    "diagnose": {"watch"},
    "doctor": {"watch", "diagnose", "errors", "kernels", "signals"},
    "runs": {"errors", ""},  # "" is the package itself: its version
    "experiment": {
        *("errors", "events", "kernels", "randomness", "stages"),
        *("data", "gradient", "loss", "model", "update"),
        *("cycle", "recipe", "recipefile", "runs", "train", "training"),
    },
    "remedy": {
        "assembly",
        "consult",
        "diagnose",
        "doctor",
        "errors",
        "events",
        "experiment",
        "recipe",
        "recipefile",
        "runs",
        "training",
        "watch",
    },
    "recipe": {"randomness", "stages", *TECHNIQUES},
    "recipes": {"errors"},
    "recipefile": {"errors", "fromrun", "recipe", "recipes", "safeyaml", "stages"},
    "fromrun": {"stages", "fusion"},  # fusion, which reads recipes, when it is asked for a network
    "safeyaml": {"errors"},
    "cycle": {"recipe", "gradient", "stages"},
    "cards": {"errors", "recipefile", "stages"},
    "effects": set(),
}
Import = tuple[str, str, int, bool]  # module, what it imports, line, when it is imported itself


def modules() -> dict[str, Path]:
    return {
        ".".join(part for part in path.relative_to(ROOT).with_suffix("").parts if part != "__init__"): path
        for path in ROOT.rglob("*.py")
    }


def imports() -> list[Import]:
    """Every import of ours by ours, relative to the package: ("cycle", "recipe", 18, True)."""
    return [found for name, path in modules().items() for found in read(name, ast.parse(path.read_text()))]


def read(module: str, tree: ast.Module) -> list[Import]:
    later = {id(node) for part in ast.walk(tree) if lazy(part) for node in ast.walk(part)}
    found: list[Import] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: a relative import"
            base = node.module or ""
            known = modules()
            names = [f"{base}.{alias.name}" for alias in node.names]
            targets = [name if name.removeprefix("gradwise.") in known else base for name in names]
        else:
            continue
        names = [target for target in targets if top(target) == "gradwise"]
        ours = {name.removeprefix("gradwise").removeprefix(".") for name in names}
        found += [(module, target, node.lineno, id(node) not in later) for target in sorted(ours)]
    return found


def lazy(node: ast.AST) -> bool:
    """What is within a function, or for the type checker alone, is not imported with the module."""
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return True
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))


def top(module: str) -> str:
    return module.partition(".")[0]


def wrong(found: list[Import]) -> list[str]:
    """The arrows that run the wrong way, as "file:line imports what"."""
    lines: list[str] = []
    for module, target, line, _ in found:
        here, there = top(module), top(target)
        if here in ("", "__main__", "cli") or here == there:
            continue
        allowed = ALLOWED.get(here)
        if there in ("report", "cli") or (allowed is not None and there not in allowed):
            lines.append(f"{module}:{line} imports {target or 'gradwise'}")
    return lines


def test_arrows_run_one_way() -> None:
    found = imports()
    assert len(found) > 100  # they were found
    assert wrong(found) == []


def test_every_part_of_the_table_is_there() -> None:
    assert {top(module) for module in modules()} >= set(ALLOWED)


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("data.sets", "from gradwise.model import MLP"),
        ("kernels.build", "import gradwise.errors"),
        ("watch.watch", "from gradwise import recipe"),
        ("loss.supervised", "def f():\n    from gradwise.train import train"),
        ("training", "from gradwise.report.figures import bars"),
        ("runs.files", "from gradwise.stages import Batch"),
        ("cycle", "import gradwise.watch.watch as w"),
    ],
)
def test_an_arrow_that_runs_the_wrong_way_is_seen(module: str, line: str) -> None:
    assert len(wrong(read(module, ast.parse(line)))) == 1


def test_no_import_goes_in_a_circle() -> None:
    known = modules()
    graph: dict[str, set[str]] = {name: set() for name in known}
    for module, target, _, at_once in imports():
        if at_once and target and module:  # the package itself imports nothing of ours when it is imported
            graph[module].add(target)
            graph[module].discard(module)
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join([*path[path.index(name) :], name])
        if name in done:
            return
        for target in graph[name]:
            visit(target, (*path, name))
        done.add(name)

    for name in graph:
        visit(name, ())


def test_the_package_itself_imports_nothing_at_once() -> None:
    assert [found for found in read("", ast.parse(modules()[""].read_text())) if found[3]] == []
