"""Kronecker-factored curvature. stage: backward.

    F_l = A_l (x) G_l:   A_l = E[a a^T] of a layer's inputs,   G_l = E[g g^T] of derivatives in its outputs

The derivatives are not those of the loss at the labels: they are drawn so that their covariance is the generalised
Gauss-Newton matrix of the outputs (the Fisher matrix, for cross-entropy), by one more backward pass through the graph.

Shapes: B samples, T places in each (1 for vectors), I inputs (and a 1 for the bias), O outputs, K outputs of the net.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gradwise.errors import RecipeError
from gradwise.gradient.curvature import loss_and_outputs, output_roots
from gradwise.gradient.elsewhere import network_of
from gradwise.stages import Batch, Count, Fraction, Memory, Objective, Positive, memory, technique

Layer = nn.Linear | nn.Conv2d


@technique
class KFAC:
    """The natural gradient, layer by layer (Martens & Grosse 2015, arXiv:1503.05671).

    Of Linear and Conv2d layers (Grosse & Martens 2016, arXiv:1602.01407); what else is trained keeps its gradient. With
    `SGD(lr=...)`, rates as without it.
    stage: backward. treats: plateau.
    equation: G_W <- (G + r / q I)^-1 G_W (A + r q I)^-1, r = sqrt(damping), q^2 = mean eigenvalue of A over that of G
        (section 6.3); then all shortened together until step . F step <= most
    Args: damping: above 0; large comes near the plain gradient; good: 1e-3 to 1e-2; decay: of the factors' average,
        0 <= d < 1; good: 0.95; every: steps between two looks at the curvature, at least 1; good: 10 (1 for short
        runs); most: the largest step . F step, above 0: about twice how far a step with rate 1 moves the predictions
        (Kullback-Leibler divergence); good: 1e-3 / rate^2.
    conflicts: Adam (scales once more).
    """

    damping: Positive = 1e-2
    decay: Fraction = 0.95
    every: Count = 10
    most: Positive = 0.1
    kept: Memory[Any] = memory()

    def __call__(self, objective: Objective, model: nn.Module, batch: Batch) -> Tensor:
        """The loss, detached; `.grad` of the layers' weights and biases is the step."""
        network = network_of(model)
        layers = _layers(network)
        if not self.kept:
            self.kept.update(steps=0, layers={})
        if self.kept["steps"] % self.every == 0:
            loss = self._look(objective, network, layers, batch)
        else:
            loss = objective(model, batch)
            loss.backward()
        self.kept["steps"] += 1
        self._rewrite(layers)
        return loss.detach()

    def _look(self, objective: Objective, network: nn.Module, layers: dict[str, Layer], batch: Batch) -> Tensor:
        """Fill `.grad` as back-propagation does, and move the factors towards this batch's."""
        inputs: dict[str, list[Tensor]] = {name: [] for name in layers}
        slopes: dict[str, list[Tensor]] = {name: [] for name in layers}
        handles = [m.register_forward_hook(_noting(inputs[n], slopes[n])) for n, m in layers.items()]
        try:
            loss, outputs = loss_and_outputs("KFAC", objective, network, batch)
        finally:
            for handle in handles:
                handle.remove()
        roots = output_roots(loss, outputs)  # (B, K, K)
        for noted in slopes.values():
            noted.clear()  # of a last layer, whose outputs these are
        drawn = (roots @ torch.randn_like(roots[:, :, :1])).reshape(outputs.shape)  # covariance H_b
        weights = [m.weight for m in layers.values()]
        torch.autograd.grad(outputs, weights, drawn, retain_graph=True, allow_unused=True)  # fills slopes, not .grad
        found = {name: [torch.cat(slopes[name])] if slopes[name] else [] for name in layers}
        loss.backward()  # the same hooks add to slopes: no longer looked at
        with torch.no_grad():
            for name, layer in layers.items():
                if found[name]:
                    self._average(name, *_factors(layer, torch.cat(inputs[name]), found[name][0]))
        return loss

    def _average(self, name: str, below: Tensor, above: Tensor) -> None:
        old: dict[str, Tensor] = self.kept["layers"].get(name, {"below": below, "above": above})
        below, above = old["below"].lerp(below, 1 - self.decay), old["above"].lerp(above, 1 - self.decay)
        ratio = (_mean_eigenvalue(below) / _mean_eigenvalue(above)).sqrt()  # ()
        root = self.damping**0.5
        self.kept["layers"][name] = {
            "below": below,
            "above": above,
            "below_inverse": _inverse(below, root * ratio),
            "above_inverse": _inverse(above, root / ratio),
        }

    @torch.no_grad()
    def _rewrite(self, layers: dict[str, Layer]) -> None:
        """Each layer's gradient by its step; the steps' common length is bounded."""
        gradients: list[Tensor] = []
        steps: list[Tensor] = []
        for name, layer in layers.items():
            factors, weight = self.kept["layers"].get(name), layer.weight.grad
            if factors is None or weight is None:
                continue
            trained = _bias(layer)
            bias = None if trained is None else trained.grad
            gradient = weight.flatten(1) if bias is None else torch.cat([weight.flatten(1), bias[:, None]], 1)  # (O, I)
            step = factors["above_inverse"] @ gradient @ factors["below_inverse"]
            columns = weight[0].numel()
            parts = [(weight, step[:, :columns].view_as(weight))]
            parts += [] if bias is None else [(bias, step[:, columns])]
            gradients += [gradient for gradient, _ in parts]
            steps += [part for _, part in parts]
        if not steps:
            return
        product = torch.stack([(g * s).sum() for g, s in zip(gradients, steps, strict=True)]).sum()
        factor = (self.most / product.clamp(min=1e-30)).sqrt().clamp(max=1.0)
        for gradient, step in zip(gradients, steps, strict=True):
            gradient.copy_(step * factor)


def _layers(network: nn.Module) -> dict[str, Layer]:
    """The layers whose curvature is factored, by name."""
    found: dict[str, Layer] = {}
    for name, module in network.named_modules():
        plain = type(module) is nn.Linear or (
            type(module) is nn.Conv2d
            and module.groups == 1
            and module.padding_mode == "zeros"
            and not isinstance(module.padding, str)
        )
        if plain and isinstance(module, nn.Linear | nn.Conv2d) and module.weight.requires_grad:
            found[name] = module
    if not found:
        raise RecipeError(
            "KFAC finds no layer that it knows.",
            why="it factors the curvature of Linear and of plain Conv2d layers (no groups, no parametrised weights).",
            fix="backward: Backprop.",
        )
    return found


def _noting(inputs: list[Tensor], slopes: list[Tensor]) -> Any:
    def hook(module: nn.Module, args: tuple[Tensor, ...], output: Tensor) -> None:
        inputs.append(args[0].detach())
        output.register_hook(slopes.append)  # before a ReLU in place makes something else of it

    return hook


def _factors(layer: Layer, inputs: Tensor, slopes: Tensor) -> tuple[Tensor, Tensor]:
    """A (I, I), summed over places and averaged over samples, and G (O, O), the other way round."""
    if isinstance(layer, nn.Conv2d):
        kernel, padding = layer.kernel_size, layer.padding
        assert not isinstance(padding, str)
        patches = F.unfold(inputs, kernel, layer.dilation, padding, layer.stride)  # (B, I, T)
        below = patches.mT.flatten(0, 1)  # (B T, I)
        above = slopes.flatten(2).mT.flatten(0, 1)  # (B T, O)
    else:
        below, above = inputs.reshape(-1, inputs.shape[-1]), slopes.reshape(-1, slopes.shape[-1])
    if _bias(layer) is not None:
        below = torch.cat([below, below.new_ones(len(below), 1)], 1)
    size = len(inputs)
    places = len(below) / size
    return below.mT @ below / size, above.mT @ above / places


def _bias(layer: Layer) -> nn.Parameter | None:
    """The bias, where there is one that is trained."""
    bias = layer._parameters.get("bias")
    return bias if bias is not None and bias.requires_grad else None


def _mean_eigenvalue(factor: Tensor) -> Tensor:
    return factor.diagonal().mean().clamp(min=1e-12)


def _inverse(factor: Tensor, damping: Tensor) -> Tensor:
    eye = torch.eye(len(factor), dtype=factor.dtype, device=factor.device)
    return torch.cholesky_inverse(torch.linalg.cholesky_ex(factor + damping * eye)[0])  # _ex: does not wait
