"""Which samples of its data set a DataLoader's batch is made of."""

from __future__ import annotations

import weakref
from collections import deque
from typing import Any


class Drawn:
    """The numbers that loaders draw, which workers may fetch later: by iterator, in their order."""

    def __init__(self) -> None:
        self._waiting: weakref.WeakKeyDictionary[Any, deque[Any]] = weakref.WeakKeyDictionary()
        self.last: list[int] | None = None  # those of the last batch that was given; None where they are not known

    def add(self, iterator: Any, index: Any) -> None:
        """An iterator drew the numbers of a batch."""
        self._waiting.setdefault(iterator, deque()).append(index)

    def given(self, iterator: Any) -> None:
        """It gave the batch whose numbers have waited longest."""
        queue = self._waiting.get(iterator)
        index = queue.popleft() if queue else None
        self.last = index if isinstance(index, list) and all(isinstance(i, int) for i in index[:1]) else None
