"""Who gets what: parameter groups for an optimizer."""

from __future__ import annotations

from typing import Any

from torch import Tensor


def spare_vectors(params: list[Any]) -> list[dict[str, Any]]:
    """Groups without weight decay for biases and normalisations (parameters of at most one dimension).

    They bend no function, so decay only costs them (He et al. 2019, arXiv:1812.01187, section 3.1).
    """
    groups: list[dict[str, Any]] = [p if isinstance(p, dict) else {"params": [p]} for p in params]
    matrices: list[Tensor] = [p for group in groups for p in group["params"] if p.dim() > 1]
    vectors: list[Tensor] = [p for group in groups for p in group["params"] if p.dim() <= 1]
    return [g for g in ({"params": matrices}, {"params": vectors, "weight_decay": 0.0}) if g["params"]]
