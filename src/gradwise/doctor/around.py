"""What stands round a program while it runs: SIGTERM, processes that it starts, the moment when it imports torch."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from multiprocessing.process import BaseProcess
from types import ModuleType

_POOLS = ("torch.utils.data", "multiprocessing", "concurrent", "joblib", "sklearn", "loky")  # these train nothing


class Terminated(BaseException):
    """SIGTERM: it goes through the program, so that the report is still written."""


@contextmanager
def session() -> Generator[None]:
    """A notebook goes on after the program (`%run`): it gets its own `__main__`, argv and path back.

    Elsewhere the program's stay: what runs at exit still needs them.
    """
    kept = sys.modules["__main__"], sys.argv[:], sys.path[:]
    try:
        yield
    finally:
        if hasattr(sys, "ps1") or "IPython" in sys.modules:
            sys.modules["__main__"], sys.argv[:], sys.path[:] = kept


@contextmanager
def processes(not_seen: dict[str, str]) -> Generator[None]:
    """Notes it where the program starts processes of its own: nobody watches those."""
    original = BaseProcess.start

    def start(self: BaseProcess) -> None:
        target = getattr(self, "_target", None)
        if not (getattr(target, "__module__", None) or type(self).__module__).startswith(_POOLS):
            not_seen["processes"] = "those that the program starts are not watched"
        original(self)

    BaseProcess.start = start
    try:
        yield
    finally:
        BaseProcess.start = original


def other_ranks() -> dict[str, str]:
    """What is not seen of a training in several processes."""
    size = os.environ.get("WORLD_SIZE", "")
    if not size.isdigit() or int(size) < 2:
        return {}
    return {"ranks": f"rank 0 of {size} was watched: batches of the others were not"}


@contextmanager
def imported(name: str, then: Callable[[], object]) -> Generator[None]:
    """Calls `then` as soon as a module has been imported: at once where it is there already."""
    finder = _Finder(name, then)
    if name in sys.modules:
        then()
    else:
        sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        if finder in sys.meta_path:
            sys.meta_path.remove(finder)


class _Finder(MetaPathFinder):
    """Lets everybody else find the module, and adds a call to its end."""

    def __init__(self, name: str, then: Callable[[], object]) -> None:
        self.name, self.then = name, then
        self._asked = False  # by ourselves: the others are to answer

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The others' answer, its loader changed."""
        if fullname != self.name or self._asked:
            return None
        self._asked = True
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._asked = False
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            if self in sys.meta_path:
                sys.meta_path.remove(self)
                self.then()

        spec.loader.exec_module = exec_module
        return spec
