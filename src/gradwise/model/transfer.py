"""Begin with what another run has learnt, and keep it. stage: surgery."""

from __future__ import annotations

from typing import Annotated, Any

from annotated_types import Ge
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from gradwise.errors import RecipeError
from gradwise.model.layers import DROPOUTS, MAPS, calls, nowhere
from gradwise.stages import Batch, Count, technique
from gradwise.stored import weights_of


@technique
class Transfer:
    """Begin with the weights of another run, all but the last layers' (Yosinski et al. 2014, arXiv:1411.1792).

    stage: surgery. treats: overfitting, underfitting.
    equation: w_l = the other run's for every layer l but the last `fresh`
    Args: source: a run folder (its best weights), a checkpoint's folder or a safetensors file; fresh: so many of the
        last linear maps and convolutions begin anew, with what lies behind them; good: 1 for other classes, 0 to go on
        with the same.
    order: after what rebuilds the network and after initialisations; before Freeze and what parametrises weights.
    conflicts: every initialisation behind it, which would overwrite what is learnt.
    """

    source: str
    fresh: Annotated[int, Ge(0)] = 1

    def __call__(self, model: nn.Module, batch: Batch) -> nn.Module:
        """The same module. Raises RecipeError where a layer is not in the source, or has another shape there."""
        theirs = weights_of(self.source, "Transfer")
        path = [call for call in calls(model, batch) if _holds(call.module)]
        maps = [i for i, call in enumerate(path) if isinstance(call.module, MAPS)]
        if len(maps) < self.fresh:
            raise nowhere("Transfer", model, f"it has {len(maps)} layers, fewer than fresh: {self.fresh}.", "lower it.")
        cut = maps[len(maps) - self.fresh] if self.fresh else len(path)
        anew = {id(tensor) for call in path[cut:] for tensor in _tensors(call.module).values()}
        own = {name: tensor for name, tensor in _tensors(model).items() if id(tensor) not in anew}
        for name, tensor in own.items():
            if name not in theirs or theirs[name].shape != tensor.shape:
                raise self._differs(name, tensor, theirs)
        for name, tensor in own.items():
            tensor.data.copy_(theirs[name])
        return model

    def _differs(self, name: str, tensor: Tensor, theirs: dict[str, Tensor]) -> RecipeError:
        there = f"is {tuple(theirs[name].shape)} there" if name in theirs else "is not there"
        return RecipeError(
            f"Transfer.source: {name}, here {tuple(tensor.shape)}, {there}.",
            where=self.source,
            why="layers take each other's weights by name and shape.",
            fix="use the same model and surgery as that run, or raise fresh so that the layer begins anew.",
        )


@technique
class Freeze:
    """Train the last layers alone; what lies before them stays as it is (Yosinski et al. 2014, arXiv:1411.1792).

    Statistics of batch normalisation stay as they are too, and dropout in frozen layers is off: they compute as in an
    evaluation.
    stage: surgery. treats: overfitting.
    equation: dw_l = 0 for every layer l but the last `free`
    Args: free: so many of the last linear maps and convolutions are trained, with what lies behind them; good: 1 with
        few samples.
    order: last of all, after Transfer and what rebuilds the network.
    conflicts: Unfreeze, which frees layers one after another: what is frozen here is not in the optimizer.
    """

    free: Count = 1

    def __call__(self, model: nn.Module, batch: Batch) -> nn.Module:
        """The same module, most of it without gradients. Raises RecipeError where nothing is left to freeze."""
        path = calls(model, batch)
        maps = [i for i, call in enumerate(path) if isinstance(call.module, MAPS)]
        if len(maps) <= self.free:
            why = f"it has {len(maps)} linear maps and convolutions, and {self.free} are to be trained."
            raise nowhere("Freeze", model, why, "lower free, or leave Freeze out.")
        cut = maps[-self.free]
        free = {id(p) for call in path[cut:] for p in call.module.parameters()}
        for p in model.parameters():
            p.requires_grad_(id(p) in free)
        for call in path[:cut]:
            if isinstance(call.module, (_BatchNorm, *DROPOUTS)):
                call.module.register_forward_pre_hook(_evaluating)
        return model


def _holds(module: nn.Module) -> bool:
    return bool(_tensors(module))


def _tensors(module: nn.Module) -> dict[str, Tensor]:
    """Parameters and the buffers that a checkpoint keeps, by name."""
    return module.state_dict(keep_vars=True)


def _evaluating(module: nn.Module, inputs: tuple[Any, ...]) -> None:
    module.training = False  # model.train(), before each epoch, has set it
