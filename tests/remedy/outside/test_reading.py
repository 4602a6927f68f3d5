"""Which steps of a sequence are read, and which of them are there: each change is its own patch."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.remedy.outside.cases import NOTHING, Case, facts, is_its_own_patch
from tests.remedy.outside.test_recurrences import RECALL, known

from gradwise.remedy.outside import reading
from gradwise.remedy.outside.known import Known

READ = "return self.out(self.rnn(x)[0][:, -1])"
BY_NAME = RECALL.replace(READ, "states, _ = self.rnn(x)\n        return self.out(states[:, -1, :])")
LEFT = RECALL.replace(READ, "_, last = self.rnn(x)\n        return self.out(last[-1])")
CELL = LEFT.replace("nn.GRU", "nn.LSTM").replace("_, last =", "_, (last, cell) =")
TIME_FIRST = RECALL.replace(", batch_first=True", "").replace(
    READ, "states, last = self.rnn(x.transpose(0, 1))\n        return self.out(states[-1] + 0 * last.squeeze(0))"
)
MASKED = RECALL.replace(READ, "states = self.rnn(x)[0]\n        gone = x[..., :1] > 9\n        "
                        "return self.out(states.masked_fill(gone, 0.0).mean(1))")  # fmt: skip

CASES = {
    "at once": Case(reading.largest, ("self.rnn(x)[0].amax(dim=1)",), RECALL, known("GRU")),
    "by name": Case(reading.largest, ("self.out(states.amax(dim=1))",), BY_NAME, known("GRU")),
    "what is left": Case(reading.largest, ("self.out(_.amax(dim=1))",), LEFT, known("GRU")),
    "a cell beside it": Case(reading.largest, ("self.out(_.amax(dim=1))",), CELL, known("LSTM")),
    "time first": Case(reading.largest, ("states.amax(dim=0) + 0 * states.amax(dim=0)",), TIME_FIRST, known("GRU")),
    "masks": Case(reading.the_others, ("masked_fill(~(gone), 0.0)",), MASKED, facts()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_its_own_patch(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_its_own_patch(CASES[name], tmp_path, monkeypatch)


def test_without_a_place_nothing_changes() -> None:
    for change, source in ((reading.largest, MASKED), (reading.the_others, RECALL)):
        assert change(Known("train.py", source.encode(), known("GRU")), NOTHING) == ()
