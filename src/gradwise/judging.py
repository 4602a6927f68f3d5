"""Which weights of a run are judged and kept, and which evaluations count."""

from __future__ import annotations

import copy

from torch import nn
from torch.optim.swa_utils import update_bn

from gradwise.assembly import Assembly
from gradwise.recipe import Recipe
from gradwise.stages import Averaging, Gradual
from gradwise.watch import Trace


def judged(parts: Assembly) -> nn.Module:
    """The model that is evaluated and kept: with the weights of the last technique that averages them, if any."""
    model = parts.model
    keepers = (t for t in (*reversed(parts.recipe.after), parts.optimizer) if isinstance(t, Averaging))
    found = ((keeper, keeper.averaged(model)) for keeper in keepers)
    keeper, average = next(((keeper, average) for keeper, average in found if average), (None, {}))
    if keeper is None:
        return model
    other = copy.deepcopy(model)
    other.load_state_dict(model.state_dict() | average)
    if keeper.recalibrate:
        update_bn((batch.x for batch in parts.supply.some(keeper.recalibrate)), other)
    return other


def ready(recipe: Recipe) -> int:
    """Steps after which the network is as asked for: earlier evaluations are neither the best nor shown to a stop."""
    return max((each.ready for each in recipe.after if isinstance(each, Gradual)), default=0)


def counted(trace: Trace, since: int) -> Trace:
    """The record without the evaluations of earlier steps."""
    later = copy.copy(trace)
    later.evaluations = [row for row in trace.evaluations if row.step >= since]
    return later
