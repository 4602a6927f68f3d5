"""Changes of recurrent networks: each is its own patch."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.remedy.outside.cases import LOOP, SGD, START, Case, facts, is_its_own_patch

from gradwise.diagnose import Finding
from gradwise.remedy.outside import recurrences
from gradwise.watch.facts import Facts, Network

RECALL = (
    START.replace("(64, 4)", "(64, 5, 4)")
    + """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.out = nn.GRU(4, 8, batch_first=True), nn.Linear(8, 3)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])


model = Net()
"""
    + SGD
    + LOOP
)
PLAIN = RECALL.replace("nn.GRU", "nn.RNN")
BY_HAND = RECALL.replace("nn.GRU(4, 8, batch_first=True)", "nn.Linear(12, 8)").replace(
    "return self.out(self.rnn(x)[0][:, -1])",
    "h = torch.zeros(len(x), 8)\n        for each in x.unbind(1):\n"
    "            h = torch.sigmoid(self.rnn(torch.cat([each, h], 1)))\n        return self.out(h)",
)
ACROSS = Finding("plateau", "warning", 0.9, "", (), evidence={"layers": ["rnn"]})
VANISHED = Finding("vanishing-gradient", "error", 0.9, "", (), evidence={"passes": 30})


def known(name: str) -> Facts:
    """A network with a module of this name."""
    return facts(networks=[Network("Net", modules=["Net", name, "Linear"])])


CASES = {
    "orthogonal": Case(recurrences.orthogonal, ("torch.nn.init.orthogonal_(_gate)",), RECALL, known("GRU")),
    "gated": Case(recurrences.gated, ("setattr(_parent, _name, torch.nn.GRU(",), PLAIN, known("RNN")),
    "open gates": Case(
        recurrences.open_gates, ("_gate.uniform_(1, 30).log_() if",), RECALL, known("GRU"), finding=VANISHED
    ),
    "in time": Case(
        recurrences.in_time,
        ("_name.startswith(('rnn',)):", "_layer.batch_first = True"),
        RECALL.replace(", batch_first=True", ""),
        known("GRU"),
        finding=ACROSS,
    ),
    "carried on": Case(
        recurrences.carried_on,
        ("h = h + 0.1 * torch.tanh(self.rnn(torch.cat([each, h], 1)))",),
        BY_HAND,
        finding=VANISHED,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_its_own_patch(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_its_own_patch(CASES[name], tmp_path, monkeypatch)
