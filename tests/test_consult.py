"""Our own runs under diagnosis."""

from __future__ import annotations

import pytest
from torch import nn

from gradwise import diagnose, recipefile
from gradwise.consult import _alike
from gradwise.training import Training


@pytest.mark.parametrize(("surgery", "said"), [(["Zeros"], True), ([], False)])
def test_units_that_start_equal(surgery: list[str], said: bool) -> None:
    made = {"surgery": surgery, "model": {"name": "MLP", "widths": [64, 32, 32, 10]}, "epochs": 2, "compile": "never"}
    training = Training(recipefile.from_dict(recipefile.to_dict(recipefile.load("digits")) | made))
    for _ in training.events():
        pass
    codes = [finding.code for finding in diagnose(training.trace).findings]
    assert codes[:1] == ["symmetric-initialisation"] * said


def test_a_layer_that_starts_at_zero_and_learns_is_none() -> None:
    model = nn.Linear(4, 3)
    assert not _alike(model)
    nn.init.zeros_(model.weight)
    assert _alike(model)[0].equal_rows
