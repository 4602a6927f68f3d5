from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from gradwise.data import Digits
from gradwise.errors import RecipeError
from gradwise.model import MLP
from gradwise.recipe import Recipe, Watching
from gradwise.runs import checkpoints
from gradwise.stored import weights_of
from gradwise.train import train
from gradwise.update import EMA


def test_a_run_folder_stands_for_the_weights_it_was_judged_by(tmp_path: Path) -> None:
    recipe = Recipe(
        data=Digits(valid=0.1, test=0.3),
        model=MLP((64, 8, 10)),
        epochs=6,
        after=(EMA(decay=0.9),),
        watch=Watching(on=False),
    )
    trained = train(recipe, tmp_path / "run", show=lambda event: None)
    found = weights_of(tmp_path / "run", "Test")
    expected = trained.model.state_dict()
    assert found.keys() == expected.keys()
    assert all(torch.equal(found[name], tensor) for name, tensor in expected.items())
    last = checkpoints(tmp_path / "run" / "checkpoints")[0].path
    assert weights_of(last, "Test").keys() == expected.keys()


def test_a_file_stands_for_what_is_in_it(tmp_path: Path) -> None:
    save_file({"a": torch.ones(2)}, tmp_path / "a.safetensors")
    assert weights_of(str(tmp_path / "a.safetensors"), "Test")["a"].tolist() == [1, 1]


@pytest.mark.parametrize("name", ["none", "empty", "text.safetensors"])
def test_what_cannot_be_read_is_said_with_the_way_out(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.safetensors").write_text("no weights at all")
    with pytest.raises(RecipeError, match=r"Test cannot read weights from .*\n.*\n.*run folder") as caught:
        weights_of(tmp_path / name, "Test")
    assert len(str(caught.value).splitlines()) <= 5
