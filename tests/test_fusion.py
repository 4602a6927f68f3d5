from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from gradwise.data import Digits
from gradwise.errors import RunError
from gradwise.fusion import Ensemble, fuse, member, soup_of
from gradwise.model import MLP, Transfer
from gradwise.recipe import Recipe, Watching
from gradwise.stages import Batch
from gradwise.train import train
from gradwise.update import EMA, SGD

BASE: dict[str, Any] = {
    "data": Digits(valid="1/5", test=0.3),
    "model": MLP((64, 16, 10), batch_norm=True),
    "epochs": 2,
    "optimizer": SGD(lr=0.05, momentum=0.9),
    "watch": Watching(on=False),
}


def run(folder: Path, **stages: Any) -> str:
    train(Recipe(**BASE | stages), folder, show=lambda event: None)
    return str(folder)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    root = tmp_path_factory.mktemp("runs")
    begun = run(root / "begun")
    tuned = {"surgery": (Transfer(begun, fresh=0),)}
    return [
        run(root / "a", seed=1, **tuned),
        run(root / "b", seed=2, after=(EMA(decay=0.9),), **tuned),
        run(root / "bad", seed=3),
        run(root / "other", seed=4, model=MLP((64, 8, 10))),
        run(root / "split", seed=5, data=Digits(valid=0.2, test=0.3), **tuned),
    ]


def test_a_member_answers_as_its_run_was_judged(folders: list[str]) -> None:
    found = fuse(folders[:2], "uniform")
    for name in folders[:2]:
        rows = (Path(name) / "metrics.jsonl").read_text().splitlines()
        assert f'"valid_accuracy": {found.parts[name]["valid_accuracy"]}' in "".join(rows)


def test_a_soup_is_the_mean_of_weights(folders: list[str]) -> None:
    members = [member(name) for name in folders[:2]]
    soup = soup_of(members).state_dict()
    mean = (members[0].model.state_dict()["1.weight"] + members[1].model.state_dict()["1.weight"]) / 2
    torch.testing.assert_close(soup["1.weight"], mean)
    x = torch.cat([batch.x for batch in members[0].fed.some(4000)])
    torch.testing.assert_close(soup["2.running_mean"], soup_of(members)[1](x).mean(0).detach(), rtol=1e-3, atol=1e-4)


def test_a_greedy_soup_leaves_out_what_worsens_it(folders: list[str]) -> None:
    found = fuse(folders[:3])
    assert found.metric == "valid_accuracy"
    assert folders[2] not in found.kept
    best = max(figures["valid_accuracy"] for figures in found.parts.values())
    assert found.figures["valid_accuracy"] >= best
    assert not found.model.training


def test_an_ensemble_takes_networks_of_any_shape(folders: list[str]) -> None:
    found = fuse([folders[0], folders[3]], "ensemble")
    x = next(member(folders[0]).fed.batches(0, 0)).x
    with torch.no_grad():
        each = [member(name).model(x).softmax(1) for name in (folders[0], folders[3])]
        torch.testing.assert_close(found.model(x).exp(), (each[0] + each[1]) / 2)


def test_numbers_and_single_logits() -> None:
    one, two = nn.Linear(1, 1), nn.Linear(1, 1)
    x = torch.randn(5, 1)
    torch.testing.assert_close(Ensemble((one, two), classes=False)(x), (one(x) + two(x)) / 2)
    mean = (one(x).sigmoid() + two(x).sigmoid()) / 2
    torch.testing.assert_close(Ensemble((one, two), classes=True)(x).sigmoid(), mean)


def test_what_does_not_fit_is_said(folders: list[str], tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"differ in 1\.weight"):
        fuse([folders[0], folders[3]])
    with pytest.raises(RunError, match="no run has trained on"):
        fuse([folders[0], folders[4]])
    assert fuse([folders[0], folders[4]], "uniform").kept == (folders[0], folders[4])
    with pytest.raises(RunError, match="at least two runs"):
        fuse([folders[0], folders[0]])
    with pytest.raises(RunError, match="no run folder"):
        fuse([folders[0], str(tmp_path)])


def test_an_ensemble_teaches(folders: list[str]) -> None:
    teacher = fuse(folders[:2], "ensemble").model
    batch = Batch(torch.rand(3, 64), torch.tensor([1, 2, 3]), torch.arange(3))
    from gradwise.loss import Distill

    loss = Distill((teacher,), temperature=2.0)(MLP((64, 8, 10))(), batch)
    assert loss.isfinite()


def test_networks_that_began_apart_are_aligned_first(folders: list[str]) -> None:
    apart = [folders[0], folders[2]]
    assert fuse(apart, "aligned").figures["valid_loss"] < fuse(apart, "uniform").figures["valid_loss"]
