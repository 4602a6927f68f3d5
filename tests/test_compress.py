from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from gradwise.compress import costs, in_8_bits
from gradwise.data import Digits
from gradwise.model import MLP
from gradwise.recipe import Recipe, Watching
from gradwise.train import train


def test_what_networks_cost_by_hand() -> None:
    one = nn.Sequential(nn.Linear(10, 20), nn.BatchNorm1d(20))
    with torch.no_grad():
        one[0].weight[:, :5] = 0
    found = costs({"one": one.eval(), "two": nn.Linear(10, 1)}, torch.randn(3, 10), sizes=(1, 7), seconds=0.01)
    assert found["one"].parameters == 10 * 20 + 20 + 2 * 20
    assert found["one"].zeros == 100 + 20  # the normalisation's shifts begin at 0
    assert found["one"].bytes >= 4 * (260 + 40) > 4 * found["two"].parameters
    assert found["one"].packed < found["one"].bytes
    assert set(found["one"].milliseconds) == {1, 7}
    assert all(value > 0 for value in found["two"].milliseconds.values())


def test_a_run_in_8_bits(tmp_path: Path) -> None:
    recipe = Recipe(
        data=Digits(valid=0.1, test=0.3), model=MLP((64, 64, 10), batch_norm=True), epochs=3, watch=Watching(on=False)
    )
    trained = train(recipe, tmp_path / "run", show=lambda event: None)
    found = in_8_bits(tmp_path / "run", sizes=(1,))
    assert found.figures["float32"]["test_accuracy"] == trained.finished.test["test_accuracy"]
    assert abs(found.figures["int8"]["test_accuracy"] - found.figures["float32"]["test_accuracy"]) < 0.01
    assert found.costs["int8"].bytes < 0.5 * found.costs["float32"].bytes
