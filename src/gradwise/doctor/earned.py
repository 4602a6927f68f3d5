"""Log-probabilities of what was drawn, weighed by what it earned: whether the loss makes that likelier or unlikelier.

The graph has the sign, and the constant that multiplies; whether the constant is to be large, a reward, or small, a
cost, is in the program's name for it alone.
"""

from __future__ import annotations

import re
from types import FrameType

from torch import Tensor

from gradwise.doctor.graph import Graph, Op
from gradwise.doctor.layers import all_above, all_below, weighs
from gradwise.doctor.names import variables
from gradwise.doctor.valued import constant, sign

_EARNED = re.compile(
    r"(^|_)(adv|advs|advantages?|rewards?|rew|rews|returns?|rets?|gains?|gae|togo|rtg|profits?|payoffs?|earned)(_|$)"
)
_LOGARITHMS = ("logsoftmax", "logsigmoid", "logsigmoidforward")
_FAR = 24  # operations from the loss


def weighed(graph: Graph, frame: FrameType | None) -> tuple[str, int]:
    """The name of the reward that a loss multiplies log-probabilities by, and their sign in it: 1, where a step down
    makes them small; "" and 0 where there is none."""
    for op in graph.ops[:_FAR]:
        factor = constant(op) if op.kind == "mul" and len(op.inputs) == 1 else None
        if factor is None or factor.numel() < 2 or any(weighs(above) for above in all_above(op)):
            continue
        drawn = next((below for below in [op.inputs[0], *all_below(op)] if _logarithm(below)), None)
        way = sign(graph.roots[0], drawn) if drawn is not None else 0
        if way != 0 and (name := _called(factor, frame)):
            return name, way
    return "", 0


def _logarithm(op: Op) -> bool:
    """Of probabilities: log_softmax, or x - logsumexp(x)."""
    return op.kind in _LOGARITHMS or (op.kind == "sub" and any("logsumexp" in below.kind for below in op.inputs))


def _called(factor: Tensor, frame: FrameType | None) -> str:
    """The program's name for a constant, where it is one of what is earned."""
    for name, value in variables(frame).items() if frame is not None else ():
        same = isinstance(value, Tensor) and value.data_ptr() == factor.data_ptr() and value.numel() == factor.numel()
        if same and _EARNED.search(name.lower()):
            return name
    return ""
