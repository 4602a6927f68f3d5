from __future__ import annotations

import contextlib
import functools
import sys
import time
import types
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gradwise import recipefile
from gradwise.data import XOR, Cutout
from gradwise.errors import RecipeError
from gradwise.gradient import ClipNorm, ClipValue
from gradwise.model import MLP, He
from gradwise.recipe import Recipe, Watching
from gradwise.recipefile import change_in, from_dict, load, read, to_dict, to_text
from gradwise.recipes import names
from gradwise.update import SGD, Adam, WarmUp

SMALL = "data: XOR\nmodel: {name: MLP, widths: [2, 3, 2]}\n"


def refusal(text: str, *changes: str, allow: tuple[str, ...] = ()) -> str:
    """The error that a recipe's text ends in, at most five lines."""
    with pytest.raises(RecipeError) as caught:
        made(text, *changes, allow=allow)
    assert len(str(caught.value).splitlines()) <= 5
    return str(caught.value)


def made(text: str, *changes: str, allow: tuple[str, ...] = ()) -> Recipe:
    written = read(text, "r.yaml")
    for change in changes:
        change_in(written, change)
    return from_dict(written, allow)


def read_or_refused(written: Any) -> None:
    """Nothing but a RecipeError comes of it, of at most five lines."""
    with contextlib.suppress(RecipeError):
        try:
            from_dict(read(written, "any") if isinstance(written, str) else written)
        except RecipeError as error:
            assert len(str(error).splitlines()) <= 5  # noqa: PT017  it need not be refused
            raise


# Reading and writing.


@pytest.mark.parametrize("name", names())
def test_a_built_in_recipe_goes_round(name: str) -> None:
    recipe = load(name)
    assert recipe.name == name
    text = to_text(recipe)
    assert from_dict(read(text, "again")) == recipe
    assert to_text(from_dict(read(text, "again"))) == text


def test_a_recipe_of_many_kinds_goes_round() -> None:
    recipe = Recipe(
        data=XOR(8), model=MLP((2, 2)), name="ü: #1", seed=2**60, epochs=0.25, batch=(Cutout(2), Cutout(3)),
        gradient=(ClipNorm(1e-30), ClipValue(1e30)), optimizer=SGD(1 / 3, 0.9, True), schedule=WarmUp(0.1, "linear"),
        watch=Watching(False, 3), surgery=(He("uniform"),),
    )  # fmt: skip
    assert from_dict(read(to_text(recipe), "again")) == recipe


@given(st.floats(1e-300, 1e300), st.integers(0, 2**63), st.text(min_size=1, max_size=20).filter(str.isprintable))
def test_every_number_and_name_goes_round_exactly(lr: float, seed: int, name: str) -> None:
    recipe = Recipe(data=XOR(), model=MLP((2, 2)), optimizer=SGD(lr), seed=seed, name=name)
    assert from_dict(read(to_text(recipe), "again")) == recipe


def test_every_setting_is_spelt_out() -> None:
    written = to_dict(made(SMALL))
    assert written["optimizer"] | {"lr": 0.001, "eps": 1e-8} == written["optimizer"]
    assert written["gradient"] == []
    assert written["model"]["widths"] == [2, 3, 2]


def test_short_forms() -> None:
    recipe = made(
        SMALL + "optimizer: SGD\ngradient: {name: ClipNorm, max_norm: 1}\nsurgery: [He]\nbatch:\nwatch: false"
    )
    assert recipe.optimizer == SGD()
    assert recipe.gradient == (ClipNorm(1),)
    assert recipe.surgery == (He(),)
    assert recipe.batch == ()
    assert recipe.watch == Watching(on=False)


def test_a_file_is_named_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(SMALL)
    assert load(str(path)).name == "mine"
    assert load(str(path), ["seed=3"]).seed == 3
    path.write_text(SMALL + "name: other")
    assert load(str(path)).name == "other"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"- 1\n- 2", b"just words", b"a: [1"])
def test_a_file_that_is_no_recipe_is_told_by_its_path(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(content)
    with pytest.raises(RecipeError) as caught:
        load(str(path))
    assert str(path) in str(caught.value)


def test_a_recipe_that_is_not_there() -> None:
    with pytest.raises(RecipeError, match="did you mean 'digits'"):
        load("digts")
    with pytest.raises(RecipeError, match=r"There is no recipe file \./digits\.yaml"):
        load("./digits.yaml")


# Mistakes.


@pytest.mark.parametrize(
    ("more", "what", "fix"),
    [
        ("optimiser: SGD", "Recipe has no setting 'optimiser'", "did you mean 'optimizer'?"),
        ("optimizer: Adm", "There is no optimizer technique 'Adm'", "did you mean 'Adam'?"),
        ("optimizer: {name: Adam, learning_rate: 1}", "Adam has no setting 'learning_rate'", ""),
        ("optimizer: {name: Adam, beta: 1}", "Adam has no setting 'beta'", "did you mean 'betas'?"),
        ("optimizer: He", "There is no optimizer technique 'He'", "it belongs under surgery:"),
        ("schedule: {name: WarmUp, then: cosin}", "WarmUp.then must be one of", ""),
        ("gradient: [ClipNorm]", "ClipNorm.max_norm is missing", "write max_norm: and its value."),
        ("optimizer: 3", "optimizer is a technique's name, or a mapping with one, got 3", "e.g. optimizer: {name:"),
        ("optimizer: [SGD]", "optimizer is a technique's name", ""),
        ("gradient: [[ClipNorm]]", "gradient is a technique's name", ""),
        ("optimizer: {lr: 1}", "optimizer is a technique's name", ""),
        ("watch: {evry: 3}", "Watching has no setting 'evry'", "did you mean 'every'?"),
        ("watch: {1: 2}", "Watching has no setting '1'", ""),
        ("seed: -1", "Recipe.seed must be at least 0, got -1", ""),
        ("seed: many", "Recipe.seed must be a valid integer", ""),
        ("1: 2", "Recipe has no setting '1'", ""),
    ],
)
def test_a_mistake_is_answered(more: str, what: str, fix: str) -> None:
    text = refusal(SMALL + more)
    assert what in text
    assert fix in text


# A hostile file.


def test_python_s_tags_are_not_obeyed() -> None:
    assert "not valid YAML" in refusal(SMALL + "seed: !!python/object/apply:os.system ['exit 1']")


def test_an_alias_is_refused() -> None:
    assert "no aliases" in refusal("a: &a [1]\nb: *a")
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
    )
    assert "no aliases" in refusal(bomb)


@pytest.mark.parametrize("depth", [33, 10_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    assert "32 levels" in refusal("a: " + "[" * depth + "]" * depth)


def test_a_key_that_is_written_twice_is_refused() -> None:
    text = refusal(SMALL + "seed: 1\nseed: 2")
    assert "'seed' is written twice" in text
    assert "line 4" in text
    assert "'lr' is written twice" in refusal(SMALL + "optimizer: {name: SGD, lr: 1, lr: 2}")


def test_a_long_file_is_refused_and_a_wide_one_read_in_time() -> None:
    assert "at most 1 MB" in refusal("# " + "x" * 1_000_000)
    begun = time.perf_counter()
    assert len(read("\n".join(f"k{i}: 1" for i in range(8000)), "wide")) == 8000
    assert time.perf_counter() - begun < 20  # it took quadratic time once


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    read_or_refused(text)


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
VALUES = st.recursive(LEAVES, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=5), v, max_size=3))


@given(VALUES, st.sampled_from(["data", "model", "optimizer", "gradient", "stop", "watch", "seed", "epochs", "name"]))
def test_any_value_under_any_stage_is_read_or_refused(value: Any, stage: str) -> None:
    read_or_refused({"data": "XOR", "model": {"name": "MLP", "widths": [2, 2]}} | {stage: value})


# What is not ours.


@pytest.fixture
def stranger(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    module = types.ModuleType("stranger")

    class Halve:
        def __init__(self, power: int = 1) -> None:
            self.power = power

        def __call__(self, progress: float) -> float:
            return 0.5**self.power

    def scaled(progress: float, by: float = 1.0) -> float:
        return by

    module.Halve, module.scaled = Halve, scaled  # type: ignore[attr-defined]
    for thing in (Halve, scaled):
        thing.__module__, thing.__qualname__ = "stranger", thing.__name__
    monkeypatch.setitem(sys.modules, "stranger", module)
    return module


@pytest.mark.parametrize("allow", [(), ("strange",), ("stranger.Halve",), ("torch",)])
def test_a_dotted_name_is_not_imported_unless_its_package_is_allowed(
    allow: tuple[str, ...], stranger: types.ModuleType
) -> None:
    text = refusal(SMALL + "schedule: stranger.Halve", allow=allow)
    assert "stranger.Halve, which is not ours" in text
    assert "--allow stranger" in text


def test_an_import_runs_nothing_before_it_is_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "evil.py").write_text("raise SystemExit(3)")
    monkeypatch.syspath_prepend(tmp_path)
    assert "not ours" in refusal(SMALL + "schedule: evil.net")


def test_a_dotted_name_that_is_allowed(stranger: types.ModuleType) -> None:
    def schedule(text: str) -> Any:
        return from_dict(read(SMALL + f"schedule: {text}", "r"), ["stranger"]).schedule

    assert schedule("stranger.Halve")(0.0) == 0.5
    assert schedule("{name: stranger.Halve, power: 2}")(0.0) == 0.25
    assert schedule("stranger.scaled") is stranger.scaled
    assert schedule("{name: stranger.scaled, by: 3}")(0.0) == 3
    for text in ("stranger.scaled", "{name: stranger.scaled, by: 3}"):
        recipe = from_dict(read(SMALL + f"schedule: {text}", "r"), ["stranger"])
        again = from_dict(read(to_text(recipe), "again"), ["stranger"])
        assert to_text(again) == to_text(recipe)
    partial = Recipe(data=XOR(), model=MLP((2, 2)), schedule=functools.partial(stranger.scaled, by=3))
    assert to_dict(partial)["schedule"] == {"name": "stranger.scaled", "by": 3}


@pytest.mark.parametrize("name", ["torch.optim.Nowhere", "torch.nowhere.SGD", "torch..SGD"])
def test_an_allowed_name_that_is_not_there(name: str) -> None:
    assert "cannot be imported" in refusal(SMALL + f"schedule: {name}", allow=("torch",))


def test_settings_that_a_stranger_refuses_are_told(stranger: types.ModuleType) -> None:
    for name in ("stranger.Halve", "stranger.scaled"):
        text = refusal(SMALL + f"schedule: {{name: {name}, pwr: 2}}", allow=("stranger",))
        assert f"{name} cannot be made" in text
        assert "pwr" in text
    assert "bla" in refusal("data: XOR\nmodel: {name: torch.nn.Linear, bla: 2}", allow=("torch",))


def test_torch_s_own_are_written_by_their_names() -> None:
    recipe = Recipe(data=XOR(), model=MLP((2, 2)), optimizer=torch.optim.SGD)
    assert to_dict(recipe)["optimizer"] == "torch.optim.sgd.SGD"
    assert from_dict(read(to_text(recipe), "r"), ["torch"]).optimizer is torch.optim.SGD


def test_torch_s_classes_are_stages_as_they_are() -> None:
    text = "data: XOR\nmodel: {name: torch.nn.Linear, in_features: 2, out_features: 3}\n"
    recipe = made(text + "optimizer: {name: torch.optim.SGD, lr: 0.5}", allow=("torch",))
    network = recipe.model()
    assert isinstance(network, torch.nn.Linear)
    assert recipe.model() is not network
    assert recipe.optimizer(network.parameters()).param_groups[0]["lr"] == 0.5
    assert to_text(made(to_text(recipe), allow=("torch",))) == to_text(recipe)


# Changes.

LISTED = SMALL + "surgery: [He]\nbatch: [{name: Cutout, size: 3}, Noise]\noptimizer: {name: Adam, lr: 0.1}"


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ("seed=3", "seed", 3),
        ("name=a=b", "name", "a=b"),
        ("optimizer.lr=1e-4", "optimizer", Adam(1e-4)),
        ("optimizer=SGD", "optimizer", SGD()),
        ("optimizer={name: SGD, lr: 0.2}", "optimizer", SGD(0.2)),
        ("schedule.name=Cosine", "schedule.__class__.__name__", "Cosine"),
        ("watch.every=5", "watch", Watching(every=5)),
        ("watch=false", "watch", Watching(on=False)),
        ("model.widths=[2, 2]", "model", MLP((2, 2))),
        ("model.widths.1=7", "model", MLP((2, 7, 2))),
        ("batch.0.size=5", "batch[0].size", 5),
        ("batch.Cutout.size=6", "batch[0].size", 6),
        ("batch.Noise.std=0.5", "batch[1].std", 0.5),
        ("batch.1.std=0.25", "batch[1].std", 0.25),
        ("surgery.He.slope=0.5", "surgery", (He(slope=0.5),)),
        ("surgery=[]", "surgery", ()),
        ("batch.1=Cutout", "batch[1]", Cutout()),
        ("gradient=[{name: ClipNorm, max_norm: 2}]", "gradient", (ClipNorm(2),)),
    ],
)
def test_a_change_is_made_where_its_path_leads(change: str, field: str, value: Any) -> None:
    recipe = made(LISTED, change)
    assert eval(f"recipe.{field}", {"recipe": recipe}) == value


def test_a_part_of_a_default_can_be_changed() -> None:
    assert made(SMALL, "optimizer.lr=0.5").optimizer == Adam(0.5)


def test_changes_are_made_in_turn() -> None:
    assert made(LISTED, "optimizer=SGD", "optimizer.lr=0.5", "optimizer.lr=0.25").optimizer == SGD(0.25)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("seed", "A change is written key=value, got 'seed'"),
        ("=3", "A change is written key=value"),
        ("sed=3", "did you mean 'seed'?"),
        ("optimzer.lr=3", "did you mean 'optimizer'?"),
        ("optimizer.rate=3", "Adam has no setting 'rate'"),
        ("optimizer.lr=", "Adam.lr must be a valid number"),
        ("optimizer.lr.x=3", "no 'optimizer.lr' to change"),
        ("batch.2.size=3", "choose one of"),
        ("batch.Cutut.size=3", "did you mean 'Cutout'?"),
        ("batch.-1.size=3", "The recipe has no 'batch.-1'"),
        ("batch.².size=3", "The recipe has no"),
        ("optimizer.lr=[1", "not valid YAML"),
        ("optimizer.lr=a: b", "not valid YAML"),
        (".=1", "has no setting"),
    ],
)
def test_a_change_that_cannot_be_made(change: str, what: str) -> None:
    assert what in refusal(LISTED, change)


def test_data_that_is_not_written_cannot_be_changed_in_part() -> None:
    assert "Recipe.data is missing" in refusal("model: {name: MLP, widths: [2, 2]}", "data.repeat=3")


def test_techniques_are_found_by_stage() -> None:
    found = recipefile.techniques()
    assert found["optimizer"]["Adam"] is Adam
    assert "He" not in found["optimizer"]
    assert recipefile.stage_of(torch.optim.SGD) is None
    assert recipefile.stage_of(Recipe) is None
