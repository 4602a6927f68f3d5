"""Who gets what: parameter groups for an optimizer."""

from __future__ import annotations

from typing import Any

from torch import Tensor


def spare_vectors(params: list[Any]) -> list[dict[str, Any]]:
    """Groups without weight decay for biases and normalisations (parameters of at most one dimension).

    They bend no function, so decay only costs them (He et al. 2019, arXiv:1812.01187, section 3.1).
    """
    loose: list[Tensor] = [p for p in params if not isinstance(p, dict)]
    groups: list[dict[str, Any]] = [{"params": loose}, *(p for p in params if isinstance(p, dict))]
    spared: list[dict[str, Any]] = []
    for group in groups:
        matrices = [p for p in group["params"] if p.dim() > 1]
        vectors = [p for p in group["params"] if p.dim() <= 1]
        spared += [group | {"params": matrices}, group | {"params": vectors, "weight_decay": 0.0}]
    return [group for group in spared if group["params"]]
