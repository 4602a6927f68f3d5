from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from gradwise import recipefile
from gradwise.data import Digits
from gradwise.errors import RecipeError, RunError
from gradwise.fromrun import FromRun
from gradwise.loss import Distill, FeatureDistill
from gradwise.model import LSUV, MLP, Activation, Freeze, Normalisation, PruneUnits, Residual, Transfer
from gradwise.recipe import Recipe, Watching
from gradwise.stages import Batch
from gradwise.train import train
from gradwise.update import EMA, SGD

BASE: dict[str, Any] = {
    "data": Digits(valid="1/5", test=0.3),
    "model": MLP((64, 16, 16, 16, 10)),
    "epochs": 1,
    "optimizer": SGD(lr=0.05, momentum=0.9),
    "watch": Watching(on=False),
}
SURGERY: dict[str, tuple[Any, ...]] = {
    "normalised": (Normalisation("batch"),),
    "another activation": (Activation("tanh"),),  # its weights fit the plain network, which computes something else
    "residual": (LSUV(), Residual(every=1)),
}
BATCH = Batch(torch.randn(5, 64, generator=torch.Generator().manual_seed(0)), torch.arange(5), torch.arange(5))


def run(folder: Path, **stages: Any) -> nn.Module:
    return train(Recipe(**BASE | stages), folder, show=lambda event: None).model


def answer(model: nn.Module) -> Tensor:
    with torch.no_grad():
        return model.eval()(BATCH.x)


@pytest.mark.parametrize("surgery", SURGERY.values(), ids=SURGERY)
def test_it_is_the_network_of_the_run(surgery: tuple[Any, ...], tmp_path: Path) -> None:
    trained = run(tmp_path / "run", surgery=surgery, after=(EMA(decay=0.9),))
    torch.manual_seed(5)
    before = torch.get_rng_state()
    found = FromRun(str(tmp_path / "run"))()
    assert torch.equal(torch.get_rng_state(), before)
    assert found.training
    assert torch.equal(answer(found), answer(trained))


def test_a_run_of_another_run_with_units_fewer(tmp_path: Path) -> None:
    run(tmp_path / "begun")
    begun = str(tmp_path / "begun")
    trained = run(tmp_path / "pruned", surgery=(Transfer(begun, fresh=0), PruneUnits(share=0.5)))
    assert torch.equal(answer(FromRun(str(tmp_path / "pruned"))()), answer(trained))
    again = run(tmp_path / "again", model=FromRun(str(tmp_path / "pruned")), surgery=(Freeze(),))
    assert torch.equal(again.get_parameter("1.weight"), trained.get_parameter("1.weight"))  # frozen as it was
    assert not torch.equal(answer(again), answer(trained))


def test_a_recipe_s_file_names_it_as_a_teacher(tmp_path: Path) -> None:
    teacher = run(tmp_path / "run", surgery=SURGERY["normalised"])
    named = {"name": "FromRun", "run": str(tmp_path / "run")}
    for objective, in_hand in (
        ({"name": "Distill", "teachers": [named]}, Distill((teacher,))),
        (
            {"name": "FeatureDistill", "teacher": named, "layer": "1", "teacher_layer": "2"},
            FeatureDistill(teacher, "1", "2"),
        ),
    ):
        student = MLP((64, 16, 10))()
        recipe = recipefile.from_dict(
            {"data": "Digits", "model": {"name": "MLP", "widths": [64, 16, 10]}, "objective": objective}
        )
        again = recipefile.from_dict(recipefile.to_dict(recipe))
        assert again == recipe
        loss = again.objective(student, BATCH)
        assert torch.equal(loss, in_hand(student, BATCH))
        loss.backward()
        assert teacher.training is False


def test_weights_of_a_run_folder_are_those_it_was_judged_by(tmp_path: Path) -> None:
    teacher = run(tmp_path / "run", after=(EMA(decay=0.9),))
    student = MLP((64, 16, 10))()
    plain = Distill((BASE["model"], teacher), (str(tmp_path / "run"), ""))
    torch.testing.assert_close(plain(student, BATCH), Distill((teacher,))(student, BATCH))
    with pytest.raises(RecipeError, match=r"(?s)does not hold this teacher's weights.*why:.*fix:.*FromRun") as caught:
        Distill((MLP((64, 7, 10)),), (str(tmp_path / "run"),))(student, BATCH)
    assert "5.weight" in str(caught.value)  # which layer
    assert len(str(caught.value).splitlines()) <= 5


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"FromRun: .* is no run folder"):
        FromRun(str(tmp_path))()
    with pytest.raises(RecipeError, match=r"(?s)no model technique 'runs/a\.2'.*\{name: FromRun, run: runs/a\.2\}"):
        recipefile.from_dict({"data": "Digits", "model": "runs/a.2"})
    itself = str(tmp_path / "itself")
    with pytest.raises(RecipeError, match=r"(?s)FromRun cannot read weights from .*itself.*it has no checkpoint"):
        run(tmp_path / "itself", model=FromRun(itself))
    run(tmp_path / "run")
    config = tmp_path / "run" / "config.yaml"
    config.write_text(config.read_text().replace("[64, 16, 16, 16, 10]", "[64, 8, 10]"))
    with pytest.raises(RunError, match=r"weights of .*run do not fit the network of its config\.yaml") as caught:
        FromRun(str(tmp_path / "run"))()
    assert len(str(caught.value).splitlines()) <= 5


def test_its_code_is_run_only_where_the_user_allows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine_alone.py").write_text("from torch import nn\ndef net():\n    return nn.Linear(64, 10)\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "mine_alone", raising=False)
    written = recipefile.to_dict(Recipe(**BASE)) | {"model": "mine_alone.net"}
    train(recipefile.from_dict(written, ["mine_alone"]), tmp_path / "run", show=lambda event: None)
    student = written | {"model": {"name": "FromRun", "run": str(tmp_path / "run")}}
    with pytest.raises(RecipeError, match="--allow mine_alone"):
        recipefile.from_dict(student).model()
    with pytest.raises(RecipeError, match="FromRun has no setting 'allowed'"):
        recipefile.from_dict(student | {"model": {**student["model"], "allowed": ["mine_alone"]}})
    allowed = recipefile.from_dict(student, ["mine_alone"])
    assert isinstance(copy.deepcopy(allowed).model(), nn.Linear)
    assert "mine_alone" not in recipefile.to_text(allowed)
