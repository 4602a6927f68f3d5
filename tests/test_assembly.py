from __future__ import annotations

import pytest
import torch

from gradwise.assembly import assemble
from gradwise.data import Arrays, Sets
from gradwise.errors import RecipeError
from gradwise.gradient import Accumulate, Backprop, StackBackprop
from gradwise.model import MLP
from gradwise.recipe import Recipe, Watching


def data(seed: int) -> Sets:
    x = torch.randn(20, 4, generator=torch.Generator().manual_seed(seed))
    return Sets(Arrays(x, torch.arange(20) % 3), notes=("one picture was skipped",))


def recipe(**changes: object) -> Recipe:
    return Recipe(**{"data": data, "model": MLP(widths=(4, 5, 3)), "batch_size": 6, "epochs": 1.5} | changes)


def test_what_the_data_notes_is_said_once() -> None:
    assert assemble(recipe()).notes.count("one picture was skipped") == 1


def test_the_length_of_a_run_by_hand() -> None:
    supply = assemble(recipe()).supply
    assert (supply.per_epoch, supply.steps, supply.epochs) == (3, 4, 2)  # 20 // 6, round(1.5 * 3), an epoch begun


def test_every_choice_is_told_with_its_name() -> None:
    names = [line.partition(":")[0] for line in assemble(recipe()).choices]
    assert names == ["device", "threads", "precision", "products", "kernels", "back-propagation", "watching"]


def test_the_written_out_pass_is_taken_where_it_is_the_same() -> None:
    assert isinstance(assemble(recipe()).recipe.backward, StackBackprop)
    assert isinstance(assemble(recipe(model=MLP(widths=(4, 5, 3), activation="tanh"))).recipe.backward, Backprop)


@pytest.mark.parametrize(("batch_size", "parts", "fits"), [(7, 3, False), (8, 3, True), (4, 4, False), (2, 1, True)])
def test_batch_normalisation_needs_two_samples_in_each_part(batch_size: int, parts: int, fits: bool) -> None:
    wanted = recipe(model=MLP(widths=(4, 5, 3), batch_norm=True), batch_size=batch_size, backward=Accumulate(parts))
    if fits:
        assemble(wanted)
    else:
        with pytest.raises(RecipeError, match="a single sample"):
            assemble(wanted)


def test_nothing_is_watched_unasked() -> None:
    parts = assemble(recipe(watch=Watching(on=False)))
    assert parts.watched is None
    assert parts.trace.columns == []
    assert parts.forward is parts.model
