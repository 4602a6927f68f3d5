"""Weights that a program loads into a network while it trains: an average, a checkpoint, a colleague's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from torch import nn

if TYPE_CHECKING:
    from gradwise.doctor.observer import Observer

MOST = 64  # times that are kept


class Loading:
    """Fills facts.loads."""

    def __init__(self, observer: Observer, elsewhere: Callable[[], bool]) -> None:
        self.observer, self.elsewhere = observer, elsewhere

    def replaced(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """A module's load_state_dict."""

        def load(module: nn.Module, *args: Any, **kwargs: Any) -> Any:
            if not self.observer.busy and not self.elsewhere():
                self._note(module)
            return original(module, *args, **kwargs)

        return load

    def _note(self, module: nn.Module) -> None:
        observer = self.observer
        name = observer.names.find(getattr(module, "_orig_mod", module)) if observer.step else None
        if name is not None and len(observer.facts.loads) < MOST:
            observer.facts.loads.append((observer.step, name, observer.sources.line(3)))
