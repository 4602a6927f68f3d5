"""Changes of what a loss is given: each is its own patch."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.remedy.outside.cases import LOOP, SGD, START, Case, facts, is_its_own_patch

from gradwise.remedy.outside import losses
from gradwise.watch.facts import Loss

LAYER = "model = nn.Linear(4, 3)\n"
DRAWN = (START + LAYER + SGD + LOOP).replace(
    "F.cross_entropy(model(x), y)",
    "-torch.distributions.Categorical(logits=model(x).softmax(1)).log_prob(y).mean()",
)
FRAMES = (START + LAYER + SGD + LOOP).replace(
    "F.cross_entropy(model(x), y)",
    "F.ctc_loss(model(x)[:, None], torch.tensor([[1, 2]]), torch.tensor([64]), torch.tensor([2]))",
)
PAIR = (
    START
    + "encoder, model = nn.Linear(4, 4), nn.Linear(4, 3)\n"
    + SGD.replace("model.parameters()", "[*encoder.parameters(), *model.parameters()]")
    + LOOP.replace("model(x)", "model(encoder(x).detach())")
)

CASES = {
    "probabilities that are drawn by": Case(
        losses.drawn_by, ("Categorical(probs=model(x).softmax(1))",), DRAWN, facts()
    ),
    "frames": Case(
        losses.probabilities,
        ("torch.log_softmax(model(x)[:, None], -1)",),
        FRAMES,
        facts(losses=[Loss("", "", ctc=0.0)]),
    ),
    "between two networks": Case(losses.attached_between, ("model(encoder(x))",), PAIR, facts()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_its_own_patch(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_its_own_patch(CASES[name], tmp_path, monkeypatch)
