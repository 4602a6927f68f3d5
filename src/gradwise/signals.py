"""Ctrl-C and SIGTERM let a step end, and the caller looks at `caught` after it; elsewhere SIGTERM is an exception."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


class Terminated(KeyboardInterrupt):
    """SIGTERM, where it ends all that is going on."""


@contextmanager
def sigterm_raises(error: type[BaseException]) -> Generator[None]:
    """SIGTERM raises this, so that what is open is closed; a second one ends the process at once.

    Outside the main thread signals are not ours, and nothing happens.
    """
    home = os.getpid()

    def stop(number: int, frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        if os.getpid() != home:  # a child that inherited this: it dies as it would without us
            os.kill(os.getpid(), number)
        raise error

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Signals:
    """Within `with`, a signal is kept in `caught`; a second Ctrl-C raises KeyboardInterrupt as ever.

    Outside the main thread signals are not ours, and nothing happens.
    """

    def __init__(self) -> None:
        self.caught: signal.Signals | None = None
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Signals:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._handle) for number in EXIT_CODES}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def raise_caught(self) -> None:
        """For whoever goes on after the run: what was caught ends all of it. Raises KeyboardInterrupt, Terminated."""
        if self.caught is not None:
            raise Terminated if self.caught == signal.SIGTERM else KeyboardInterrupt

    def _handle(self, number: int, frame: object) -> None:
        if self.caught is not None and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.caught = signal.Signals(number)
