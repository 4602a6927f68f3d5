"""Log-probabilities times what was earned: made large, or small by a slip."""

from __future__ import annotations

import sys

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.distributions import Categorical

from gradwise.doctor.earned import weighed
from gradwise.doctor.graph import Graph

X = torch.randn(6, 4, generator=torch.Generator().manual_seed(1))
ACTIONS = torch.tensor([0, 1, 2, 0, 1, 2])


def named(loss: Tensor) -> str:
    """With the variables of who has called this one."""
    name, sign = weighed(Graph((loss,)), sys._getframe(1))
    return name if sign > 0 else ""


def test_the_sign_of_a_policy_s_loss() -> None:
    policy, adv, cost = nn.Linear(4, 3), torch.linspace(-1, 1, 6), torch.linspace(2, 1, 6)
    drawn = Categorical(logits=policy(X))
    logp = drawn.log_prob(ACTIONS)
    assert named((logp * adv).mean()) == "adv"
    assert named((logp * adv).mean() - 0.01 * drawn.entropy().mean()) == "adv"
    assert named(-(-logp * adv).sum()) == "adv"
    for right in (-(logp * adv).mean(), (-logp * adv).mean(), (logp * adv).mean() * -1, 0 - (logp * adv).mean()):
        assert named(right) == ""
    assert weighed(Graph((-(logp * adv).mean(),)), sys._getframe()) == ("adv", -1)
    assert named((logp * cost).mean()) == ""  # that is to become small
    assert named((F.cross_entropy(policy(X), ACTIONS, reduction="none") * adv).mean()) == ""


@pytest.mark.parametrize(("name", "said"), [("reward_to_go", True), ("returns", True), ("weights", False)])
def test_what_a_reward_is_called(name: str, said: bool) -> None:
    scope = {"F": F, "policy": nn.Linear(4, 3), "X": X, "named": named, name: torch.linspace(0, 1, 6)}
    exec(f"found = named((F.log_softmax(policy(X), 1)[:, 0] * {name}).mean())", scope)
    assert (scope["found"] == name) == said


def test_where_nothing_is_multiplied() -> None:
    assert named(F.mse_loss(nn.Linear(4, 3)(X), torch.ones(6, 3))) == ""
