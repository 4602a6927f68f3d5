"""Take whole units out of a network that is trained already. stage: surgery."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import torch
from annotated_types import Gt, Lt
from torch import nn

from gradwise.errors import MissingExtra
from gradwise.model.layers import calls, hidden, nowhere, plain_maps
from gradwise.stages import Batch, technique


@technique
class PruneUnits:
    """Take the least units out of every layer but the last: a smaller, faster network (Li et al. 2017).

    What depends on a unit goes with it: its normalisation, the weights that read it, its partner across a shortcut
    (Fang et al. 2023, arXiv:2301.12900; by the library Torch-Pruning). The run behind it is the fine-tuning.
    stage: surgery.
    Source: arXiv:1608.08710, section 3.1.
    equation: of each layer's units the `share` with the least |w|, w all weights that belong to a unit
    Args: share: of each hidden layer's units or channels, above 0, below 1; good: 0.3 to 0.7; norm: "l1" as in the
        paper, or "l2".
    order: behind Transfer(fresh=0), which brings the trained weights; before Freeze and what parametrises weights.
    conflicts: initialisations behind it.
    Needs Torch-Pruning: pip install 'gradwise[prune]'.
    """

    share: Annotated[float, Gt(0), Lt(1)] = 0.5
    norm: Literal["l1", "l2"] = "l1"

    def __call__(self, model: nn.Module, batch: Batch) -> nn.Module:
        """The same module with smaller layers, every parameter a new one. Raises RecipeError, MissingExtra."""
        tp = _torch_pruning()
        path = calls(model, batch)
        maps = {id(layer) for layer in plain_maps("PruneUnits", model)}
        inner = {id(call.module) for call in hidden(path)}
        last = [call.module for call in path if id(call.module) in maps and id(call.module) not in inner]
        if not maps & inner:
            raise nowhere("PruneUnits", model, "it has no hidden layer.", "leave PruneUnits out.")
        modes = [(module, module.training) for module in model.modules()]
        importance = tp.importance.GroupMagnitudeImportance(p=1 if self.norm == "l1" else 2)
        pruner = tp.pruner.MagnitudePruner(
            model, batch.x[:2], importance=importance, pruning_ratio=self.share, ignored_layers=last
        )
        pruner.step()
        for module, training in modes:
            module.training = training
        for p in model.parameters():
            p.grad = None
        with torch.no_grad():
            for module in model.modules():  # contiguous, as kernels and checkpoints want them
                for name, p in module._parameters.items():
                    if p is not None and not p.is_contiguous():
                        module._parameters[name] = nn.Parameter(p.detach().contiguous(), p.requires_grad)
        return model


def _torch_pruning() -> Any:
    try:
        import torch_pruning  # pyright: ignore[reportMissingTypeStubs]
    except ImportError:
        raise MissingExtra("Torch-Pruning", "prune", "PruneUnits") from None
    return torch_pruning
