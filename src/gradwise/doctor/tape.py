"""What a program computes between its weights and its loss: calls that can be made again with other weights.

Networks are copied where a module's output goes into a loss function of torch's. Tapes serve all the rest: bare
tensors, cells and losses written by hand, several networks, penalties. They are recorded for the first few turns.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch._C import _functorch  # type: ignore[attr-defined]
from torch.overrides import TorchFunctionMode, _get_current_function_mode
from torch.utils._pytree import tree_flatten, tree_map

from gradwise.doctor import terms
from gradwise.doctor.defect import defect
from gradwise.doctor.terms import Played, Slot

MOST = 20_000  # calls in a turn
BYTES = 16_000_000  # of what a tape holds that does not depend on weights
CLOSE = 0.02  # a tape played with the same weights gives the same loss, or more of it was not seen
# What is drawn is drawn once: an action and its reward belong together.
DRAWN = frozenset({"multinomial", "bernoulli", "bernoulli_", "normal", "normal_", "poisson", "binomial"})
DROPPED = frozenset({"dropout", "alpha_dropout", "feature_alpha_dropout", "dropout1d", "dropout2d", "dropout3d"})
LEFT = frozenset({"backward", "__get__", "register_hook", "requires_grad_", "item", "tolist", "numpy"})


class Tape:
    """The calls from some weights to a loss."""

    def __init__(self, calls: list[Played], leaves: dict[int, Tensor], first: dict[int, Tensor], root: int) -> None:
        self.calls, self.leaves, self.first, self.root = calls, leaves, first, root
        # Calls that add what depends on weights alone, and which argument is not it.
        self.penalties = terms.penalties(calls, root)
        matrices = {number for number, x in leaves.items() if x.ndim > 1}
        codes = terms.codes(calls, root, matrices)  # that add what only some of the other term's matrices enter
        self.codes = {index: rest for index, rest in codes.items() if index not in self.penalties}
        self.rewards: list[float] = []  # what multiplies the log-probabilities of what the network drew
        self.drops = any(call.name in DROPPED for call in calls)
        held = [x for call in calls for x in tree_flatten(call.given)[0] if isinstance(x, Tensor)]
        self._versions = [(x, x._version) for x in held]
        self.bytes = sum(
            {x.data_ptr(): x.nbytes for x in [*held, *first.values()] if x.layout is torch.strided}.values()
        )

    @property
    def whole(self) -> bool:
        """Nothing that it holds was changed since."""
        return all(x._version == version for x, version in self._versions)

    def own(self) -> None:
        """Hold copies: nothing that the program has is changed by playing."""
        copies: dict[int, tuple[Tensor, Tensor]] = {}  # originals stay alive meanwhile: their ids are keys

        def copied(x: Any) -> Any:
            if not isinstance(x, Tensor):
                return x
            if id(x) not in copies:
                copies[id(x)] = (x, x.detach().clone())
            return copies[id(x)][1]

        for call in self.calls:
            call.given = tree_map(copied, call.given)
        self._versions = []

    def play(self, weights: dict[int, Tensor], without: dict[int, int] | None = None, steady: bool = False) -> Tensor:
        """The loss with these weights, by number. without: some of its penalties. steady: without dropout."""
        without = without or {}
        known: dict[int, Tensor] = dict(weights)
        for number, value in self.first.items():
            known[number] = value.clone()

        def filled(x: Any) -> Any:
            return known[x.number] if isinstance(x, Slot) else x

        for index, call in enumerate(self.calls):
            args, kwargs = tree_map(filled, call.given, is_leaf=lambda x: isinstance(x, Slot))
            if index in without or (steady and call.name in DROPPED):
                known[call.made[0]] = args[without.get(index, 0)]
                continue
            with torch.set_grad_enabled(call.gradient):
                output = call.function(*args, **kwargs)
            for number, value in zip(call.made, tree_flatten(output)[0], strict=False):
                if number and isinstance(value, Tensor):
                    known[number] = value
        return known[self.root]


class Recorder(TorchFunctionMode):
    """Listens to torch's functions while it is open, and remembers those that depend on weights."""

    def __init__(self, busy: Callable[[], bool]) -> None:
        super().__init__()
        self._busy, self._home = busy, os.getpid()
        self.open = self.entered = False
        self.failed = ""
        self.drew = False  # random numbers whose distribution depends on weights: actions
        self._known: dict[int, Tensor] = {}  # depends on weights
        self._leaves: dict[int, Tensor] = {}
        self._first: dict[int, Tensor] = {}  # constants that are written into: their values before
        self._calls: list[Played] = []

    def start(self) -> None:
        """From now on."""
        if self.failed:
            return
        self.forget()
        self.open = True
        if not self.entered:
            self.__enter__()
            self.entered = True

    def stop(self) -> None:
        """Not any more. Where another mode was entered since, or a function of torch's is running, calls pass by."""
        self.open = False
        self.forget()
        if self.entered and _get_current_function_mode() is self:
            self.__exit__(None, None, None)
            self.entered = False

    def forget(self) -> None:
        """Begin again."""
        self._known, self._leaves, self._first, self._calls = {}, {}, {}, []
        self.drew = False

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        func = getattr(func, "__wrapped__", func)  # not our own replacement once more
        if not self.open or self.failed or self._busy() or os.getpid() != self._home:
            return func(*args, **kwargs)
        if _functorch.peek_interpreter_stack() is not None:
            return func(*args, **kwargs)
        return self._recorded(func, args, kwargs)

    def _recorded(self, func: Any, args: Any, kwargs: Any) -> Any:
        try:
            entered = self._enters(func, args, kwargs)
        except Exception as error:  # of tensors that nobody thought of: the program goes on
            self.failed, entered = defect("a call was not recorded", error), None
        output = func(*args, **kwargs)
        if entered is not None:
            try:
                name, target, gradient = entered
                self._keep(name, func, (args, kwargs), output, target, gradient)
            except Exception as error:
                self.failed = defect("a call was not recorded", error)
        return output

    def _enters(self, func: Any, args: Any, kwargs: Any) -> tuple[str, Any, bool] | None:
        """What is to be kept of a call besides what it is given and gives: its name, what it changes, whether with
        gradients; None where it does not depend on weights."""
        name = getattr(func, "__name__", "")
        changes = (name.endswith("_") and not name.endswith("__")) or name == "__setitem__" or "out" in kwargs
        changes |= name.startswith("__i") and name not in ("__invert__", "__index__", "__int__")
        given = [x for x in tree_flatten((args, kwargs))[0] if isinstance(x, Tensor)]
        gradient = torch.is_grad_enabled()
        depends = any(id(x) in self._known or (gradient and x.requires_grad) for x in given)
        noise = name == "normal_" and not depends  # as in rsample(): new in every play
        if not (depends or noise) or (name in LEFT and getattr(func, "__self__", None) not in (Tensor.T, Tensor.mT)):
            return None
        target = kwargs.get("out", given[0]) if changes else None
        if isinstance(target, Tensor) and target.requires_grad and target.is_leaf:  # a weight is made, or stepped
            return None
        if isinstance(target, Tensor) and id(target) not in self._known and not target.requires_grad:
            self._first[id(target)] = target.detach().clone()
            self._known[id(target)] = target
        if name in DRAWN and not noise:
            self.drew = True
            return None
        return name, target, gradient

    def _keep(self, name: str, func: Any, given: Any, output: Any, target: Any, gradient: bool) -> None:
        made = list(tree_flatten(output)[0])
        if not any(isinstance(x, Tensor) for x in made) and target is None:
            return

        def slotted(x: Any) -> Any:
            if not isinstance(x, Tensor):
                return x
            if id(x) in self._known:
                return Slot(id(x))
            if not x.requires_grad:
                return x
            if not x.is_leaf:
                self.failed = "part of what it computes is not seen"
                return x
            self._leaves[id(x)] = x
            return Slot(id(x))

        entry = Played(func, tree_map(slotted, given), [], 0, gradient, name)
        for x in made:
            entry.made.append(id(x) if isinstance(x, Tensor) else 0)
            if isinstance(x, Tensor) and id(x) not in self._leaves:
                self._known[id(x)] = x
        entry.changed = id(target) if isinstance(target, Tensor) else 0
        self._calls.append(entry)
        if len(self._calls) > MOST:
            self.failed = "a step makes too many calls"

    def made(self) -> list[Tensor]:
        """What was computed from weights so far."""
        return [x for x in self._known.values() if _has_graph(x)]

    def tape(self, root: Tensor) -> Tape | None:
        """What leads to a loss, of all that was recorded. None where that is not known."""
        if self.failed or id(root) not in self._known or torch.is_autocast_enabled():
            return None
        needed, kept = {id(root)}, list[Played]()
        for call in reversed(self._calls):
            if not needed.isdisjoint([*call.made, call.changed] if call.changed else call.made):
                kept.append(call)
                needed.update(call.slots)
        leaves = {number: x for number, x in self._leaves.items() if number in needed}
        first = {number: x for number, x in self._first.items() if number in needed}
        tape = Tape(kept[::-1], leaves, first, id(root))
        if self.drew:
            tape.rewards = terms.rewards(kept, self._known)
        return tape


def _has_graph(tensor: Tensor) -> bool:
    try:
        return tensor.grad_fn is not None
    except RuntimeError:  # a view that was made without gradients, of what was changed with them
        return False
