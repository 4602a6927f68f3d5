"""Free a network's layers one after another. stage: backward."""

from __future__ import annotations

from torch import Tensor, nn

from gradwise.gradient.backprop import Backprop
from gradwise.gradient.elsewhere import network_of
from gradwise.stages import Backward, Batch, Count, Memory, Objective, memory, technique


@technique
class Unfreeze:
    """Train the last layer first, then ever more (Howard & Ruder 2018, arXiv:1801.06146, section 3.2).

    Layers that are not yet free get no gradient and are not moved; what lies below the lowest free one is not even
    differentiated. A layer is a matrix and the vectors that follow it up to the next matrix, as in `layer_decay`.
    stage: backward. treats: overfitting.
    equation: at step t the last 1 + floor(t / every) layers have a gradient
    Args: every: steps from one layer to the next, at least 1; good: an epoch's; backward: how the gradient is filled.
    order: with the weights of another run (Transfer), and `layer_decay` of the optimizer beside it.
    conflicts: Freeze (what it holds still is not in the optimizer); torch.compile compiles anew with each layer.
    """

    every: Count = 100
    backward: Backward = Backprop()
    done: Memory[int] = memory()

    def __call__(self, objective: Objective, model: nn.Module, batch: Batch) -> Tensor:
        """The loss, detached; `.grad` of what is free holds its derivative, the rest has none."""
        step = self.done.get("steps", 0)
        self.done["steps"] = step + 1
        layers = layers_of(network_of(model))
        free = min(1 + step // self.every, len(layers))
        held = [p for layer in layers[: len(layers) - free] for p in layer if p.requires_grad]
        try:
            for p in held:
                p.requires_grad_(False)
            return self.backward(objective, model, batch)
        finally:
            for p in held:
                p.requires_grad_(True)


def layers_of(model: nn.Module) -> list[list[nn.Parameter]]:
    """The parameters in their order, a list for each matrix and the vectors that follow it."""
    layers: list[list[nn.Parameter]] = []
    for p in model.parameters():
        if p.dim() > 1 or not layers:
            layers.append([])
        layers[-1].append(p)
    return layers
