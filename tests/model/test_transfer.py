from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from gradwise.data import XOR
from gradwise.errors import RecipeError
from gradwise.loss import BinaryCrossEntropy
from gradwise.model import MLP, Freeze, He, Transfer
from gradwise.recipe import Recipe
from gradwise.stages import Batch
from gradwise.train import Trained, resume, train


def batch(*shape: int) -> Batch:
    return Batch(torch.randn(6, *shape), torch.zeros(6), torch.arange(6))


def normalised() -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(4, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Dropout(0.5), nn.Linear(5, 5), nn.ReLU(), nn.Linear(5, 3)
    )


def kept(model: nn.Module, folder: Path) -> str:
    path = folder / "weights.safetensors"
    save_file(model.state_dict(), path)
    return str(path)


def test_all_but_the_last_layer_come_from_the_source(tmp_path: Path) -> None:
    theirs, ours = normalised(), normalised()
    theirs[1].running_mean.fill_(3.0)
    before = ours[6].weight.clone()
    made = Transfer(kept(theirs, tmp_path))(ours, batch(4))
    assert torch.equal(made[0].weight, theirs[0].weight)
    assert torch.equal(made[1].running_mean, theirs[1].running_mean)
    assert torch.equal(made[4].bias, theirs[4].bias)
    assert torch.equal(made[6].weight, before)


def test_none_fresh_is_the_whole_network_and_other_classes_need_one(tmp_path: Path) -> None:
    theirs = normalised()
    source = kept(theirs, tmp_path)
    ours = Transfer(source, fresh=0)(normalised(), batch(4))
    assert all(torch.equal(ours.state_dict()[name], tensor) for name, tensor in theirs.state_dict().items())
    wider = normalised()
    wider[6] = nn.Linear(5, 7)
    Transfer(source)(wider, batch(4))
    with pytest.raises(RecipeError, match=r"6\.weight, here \(7, 5\), is \(3, 5\) there"):
        Transfer(source, fresh=0)(wider, batch(4))


def test_what_does_not_fit_is_said_and_nothing_is_changed(tmp_path: Path) -> None:
    source = kept(normalised(), tmp_path)
    deeper = nn.Sequential(*normalised(), nn.ReLU(), nn.Linear(3, 2))
    before = deeper[0].weight.clone()
    Transfer(source)(deeper, batch(4))  # 8 is the fresh one
    deeper = nn.Sequential(*normalised(), nn.ReLU(), nn.Linear(3, 3), nn.Linear(3, 2))
    before = deeper[0].weight.clone()
    with pytest.raises(RecipeError, match=r"8\.weight.* is not there"):
        Transfer(source)(deeper, batch(4))
    assert torch.equal(deeper[0].weight, before)
    with pytest.raises(RecipeError, match="it has 3 layers"):
        Transfer(source, fresh=4)(normalised(), batch(4))
    with pytest.raises(RecipeError, match="cannot read weights from"):
        Transfer(str(tmp_path / "none"))(normalised(), batch(4))


def test_frozen_layers_stay_and_compute_as_in_an_evaluation() -> None:
    model = Freeze()(normalised(), batch(4))
    trained = [name for name, p in model.named_parameters() if p.requires_grad]
    assert trained == ["6.weight", "6.bias"]
    mean = model[1].running_mean.clone()
    x = batch(4).x
    model.train()
    once, again = model[:6](x), model[:6](x)  # no dropout, no statistics of the batch
    assert torch.equal(once, again)
    assert torch.equal(model[1].running_mean, mean)
    torch.testing.assert_close(once, model.eval()[:6](x))


def test_two_layers_free_and_nothing_left_to_freeze() -> None:
    model = Freeze(free=2)(normalised(), batch(4))
    assert [p.requires_grad for p in model.parameters()] == [False] * 4 + [True] * 4
    with pytest.raises(RecipeError, match="3 are to be trained"):
        Freeze(free=3)(normalised(), batch(4))


def run(folder: Path, name: str, **stages: object) -> Trained:
    fields: dict[str, object] = {"data": XOR(repeat=6), "epochs": 2, "batch_size": 4, "objective": BinaryCrossEntropy()}
    fields |= {"model": MLP((2, 8, 8, 1)), "surgery": (He(),)}
    return train(Recipe(**fields | stages), folder / name, show=lambda event: None)  # pyright: ignore


def test_a_run_goes_on_from_another_and_resumes_to_the_bit(tmp_path: Path) -> None:
    first = run(tmp_path, "first")
    surgery = (He(), Transfer(str(tmp_path / "first"), fresh=1), Freeze(free=1))
    second = run(tmp_path, "second", seed=1, surgery=surgery)
    ours, theirs = second.model.state_dict(), first.model.state_dict()
    assert torch.equal(ours["1.weight"], theirs["1.weight"])
    assert not torch.equal(ours["5.weight"], theirs["5.weight"])
    short = run(tmp_path, "short", seed=1, surgery=surgery, epochs=1)
    assert short.finished.steps == 6
    longer = Recipe(
        data=XOR(repeat=6),
        model=MLP((2, 8, 8, 1)),
        seed=1,
        epochs=2,
        batch_size=4,
        objective=BinaryCrossEntropy(),
        surgery=surgery,
    )
    again = resume(tmp_path / "short", longer, accept_changes=True, show=lambda event: None)
    assert all(torch.equal(again.model.state_dict()[name], tensor) for name, tensor in ours.items())
