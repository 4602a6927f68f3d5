"""What stands in the place of torch's functions on the way forward: modules, loss functions, dropout."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from gradwise.doctor.observer import Observer

LOSSES = {  # the parameters after (input, target), with their defaults
    "cross_entropy": {"weight": None, "ignore_index": -100, "reduction": "mean", "label_smoothing": 0.0},
    "nll_loss": {"weight": None, "ignore_index": -100, "reduction": "mean"},
    "binary_cross_entropy": {"weight": None, "reduction": "mean"},
    "binary_cross_entropy_with_logits": {"weight": None, "reduction": "mean", "pos_weight": None},
    "mse_loss": {"reduction": "mean", "weight": None},
    "l1_loss": {"reduction": "mean", "weight": None},
    "smooth_l1_loss": {"reduction": "mean", "beta": 1.0},
    "huber_loss": {"reduction": "mean", "delta": 1.0, "weight": None},
    "kl_div": {"reduction": "mean", "log_target": False},
    "poisson_nll_loss": {"log_input": True, "full": False, "eps": 1e-08, "reduction": "mean"},
    "soft_margin_loss": {"reduction": "mean"},
    "hinge_embedding_loss": {"margin": 1.0, "reduction": "mean"},
    "multi_margin_loss": {"p": 1, "margin": 1.0, "weight": None, "reduction": "mean"},
    "multilabel_soft_margin_loss": {"weight": None, "reduction": "mean"},
    "cosine_embedding_loss": {"input2": None, "margin": 0.0, "reduction": "mean"},
    "margin_ranking_loss": {"input2": None, "margin": 0.0, "reduction": "mean"},
    "gaussian_nll_loss": {"var": None, "full": False, "eps": 1e-06, "reduction": "mean"},
}
DROPOUTS = ("dropout", "alpha_dropout", "dropout1d", "dropout2d", "dropout3d", "feature_alpha_dropout")
MOST = 1024  # weights that are looked at
_OLD = {"size_average", "reduce"}  # deprecated arguments, None when not used


class Forward:
    """Each is handed the original, and gives what stands in its place."""

    def __init__(self, observer: Observer, elsewhere: Callable[[], bool]) -> None:
        self.observer, self.elsewhere = observer, elsewhere

    def module(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """A module is called: the outermost is told."""
        observer, elsewhere = self.observer, self.elsewhere

        def call(module: nn.Module, *args: Any, **kwargs: Any) -> Any:
            if observer.following.open and not observer.inside:
                observer.following.pause(over=torch.is_grad_enabled())
            if observer.inside or (observer.pace.deep and torch.is_grad_enabled()) or elsewhere():
                return original(module, *args, **kwargs)
            observer.inside = True
            observer.dropped = [0.0, 0.0]
            try:
                training = module.training
                output = original(module, *args, **kwargs)
            finally:
                observer.inside = False
            observer.called(module, args, kwargs, output, training)
            return output

        return call

    def loss(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        """A loss function of torch.nn.functional, by its name."""
        observer, elsewhere, defaults = self.observer, self.elsewhere, LOSSES[name]
        names = list(inspect.signature(original).parameters)

        def loss(*args: Any, **kwargs: Any) -> Any:
            if observer.busy or (observer.pace.deep and _trains(args)) or elsewhere():
                return original(*args, **kwargs)
            given = {**dict(zip(names, args, strict=False)), **kwargs}
            x, y = given.pop("input1" if "input1" in given else "input", None), given.pop("target", None)
            arguments = {
                k: v
                for k, v in given.items()
                if k not in _OLD and (_counts(k, v) if isinstance(v, Tensor) else v != defaults.get(k))
            }
            try:
                value = original(*args, **kwargs)
            except Exception as error:
                observer.lossed(name, x, y, arguments, None, f"{type(error).__name__}: {error}")
                raise
            observer.lossed(name, x, y, arguments, value, "")
            return value

        return loss

    def dropout(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """One of the dropouts: how much it drops."""
        observer = self.observer

        def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
            if not torch.compiler.is_compiling() and observer.inside and p > 0:
                observer.dropped[bool(training)] = max(observer.dropped[bool(training)], float(p))
            return original(input, p, training, inplace)

        return dropout


def _counts(name: str, given: Tensor) -> bool:
    """Whether it makes a difference: weights of 1 weigh nothing. On a device nobody waits for that."""
    seen = name in ("weight", "pos_weight") and given.device.type == "cpu" and given.numel() <= MOST
    return not (seen and bool((given == 1).all()))


def _trains(args: tuple[Any, ...]) -> bool:
    """Whether a loss is one to go back from: an evaluation's may be computed outside of its no_grad."""
    return torch.is_grad_enabled() and (not args or any(getattr(each, "requires_grad", False) for each in args[:2]))
