"""Lines of the user's own code: which frames on the stack are the program's, not a library's."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from types import CodeType, FrameType

_OWN = str(Path(__file__).resolve().parents[1])
_LIBRARIES = tuple(
    {str(Path(sysconfig.get_path(name)).resolve()) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    | {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    | {str(Path(sysconfig.get_path("scripts")) / "gradwise")}  # what has called us
)


class Sources:
    """Turns frames into "train.py:31". `home` is the folder that names are shortened by."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self._names: dict[CodeType, str] = {}  # "" for what is not the program's

    def chain(self, depth: int = 1, most: int = 8) -> tuple[str, ...]:
        """The program's lines on the stack, innermost first."""
        frame: FrameType | None = sys._getframe(depth)
        lines: list[str] = []
        while frame is not None and len(lines) < most:
            name = self._name(frame.f_code)
            if name:
                lines.append(f"{name}:{frame.f_lineno}")
            frame = frame.f_back
        return tuple(lines)

    def line(self, depth: int = 1) -> str:
        """The innermost line of the program's; "" where there is none."""
        frame = self.frame(depth + 1)
        return f"{self._name(frame.f_code)}:{frame.f_lineno}" if frame is not None else ""

    def frame(self, depth: int = 1) -> FrameType | None:
        """The innermost frame of the program's."""
        frame: FrameType | None = sys._getframe(depth)
        while frame is not None and not self._name(frame.f_code):
            frame = frame.f_back
        return frame

    def name(self, filename: str) -> str:
        """A file of the program's, shortened; "" for a library's."""
        if filename.startswith("<") and not filename.startswith("<ipython"):
            return ""
        path = str(Path(filename).resolve()) if not filename.startswith("<") else filename
        if path.startswith(_OWN) or path.startswith(_LIBRARIES) or "site-packages" in path or "dist-packages" in path:
            return ""
        try:
            return str(Path(path).relative_to(self.home))
        except ValueError:
            return path

    def _name(self, code: CodeType) -> str:
        name = self._names.get(code)
        if name is None:
            name = self._names[code] = self.name(code.co_filename)
        return name
