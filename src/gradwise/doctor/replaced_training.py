"""What stands in the place of what a training is made of: optimizers, schedules, loaders, and the hooks of a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from torch.optim import Optimizer

if TYPE_CHECKING:
    from gradwise.doctor.observer import Observer


class Training:
    """Each is handed the original, and gives what stands in its place; a step has a hook before and behind it."""

    def __init__(self, observer: Observer, elsewhere: Callable[[], bool]) -> None:
        self.observer, self.elsewhere = observer, elsewhere

    def made(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """The __init__ of an optimizer or a schedule."""
        observer, elsewhere = self.observer, self.elsewhere

        def init(thing: object, *args: Any, **kwargs: Any) -> None:
            original(thing, *args, **kwargs)
            if not observer.busy and not elsewhere():
                observer.made(thing)

        return init

    def iterated(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """A DataLoader is iterated over."""
        observer, elsewhere = self.observer, self.elsewhere

        def iterate(loader: Any) -> Any:
            if not observer.busy and not elsewhere():
                observer.made(loader)
            return original(loader)

        return iterate

    def drawn(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """It draws the numbers of a batch."""
        observer, elsewhere = self.observer, self.elsewhere

        def draw(iterator: Any) -> Any:
            index = original(iterator)
            if (observer.pace.deep and not iterator._num_workers) or elsewhere():
                return index
            observer.drawn(iterator, index)
            return index

        return draw

    def fetched(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """It makes a batch."""
        observer, elsewhere = self.observer, self.elsewhere

        def fetch(iterator: Any) -> Any:
            listened = observer.following.open and observer.following.pause(over=False)
            try:
                batch = original(iterator)
            finally:
                if listened:
                    observer.following.resume()
            if (observer.pace.deep and not iterator._num_workers) or elsewhere():
                return batch  # workers draw ahead: the order of their numbers is kept in deep sleep, too
            observer.fetched(iterator, batch)
            return batch

        return fetch

    def before_step(self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """An optimizer is about to step, perhaps with a closure."""
        if self.observer.busy or self.elsewhere():
            return None
        given = list(args)  # the optimizer itself, and perhaps a closure
        closure = kwargs.get("closure") or (given[1] if len(given) > 1 else None)
        if closure is None:
            self.observer.before_step(optimizer)
            return None
        self.observer.stepping = True
        if type(optimizer).__name__ == "LBFGS":  # it calls the closure at many points: no gradient is the step's
            return None

        def watched() -> Any:
            value = closure()
            self.observer.before_step(optimizer)
            return value

        if "closure" in kwargs:
            return args, {**kwargs, "closure": watched}
        return (given[0], watched, *given[2:]), kwargs

    def after_step(self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """It stepped."""
        if not self.observer.busy and not self.elsewhere():
            self.observer.after_step(optimizer)
