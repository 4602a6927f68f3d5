from __future__ import annotations

import json
from pathlib import Path

import pytest
from safetensors.torch import load_file

from gradwise.cli import main
from gradwise.data import Digits
from gradwise.model import MLP, Transfer
from gradwise.recipe import Recipe, Watching
from gradwise.train import train


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    root = tmp_path_factory.mktemp("runs")
    base = Recipe(
        data=Digits(valid="1/5", test=0.3), model=MLP((64, 16, 10)), epochs=2, watch=Watching(on=False), seed=1
    )
    train(base, root / "a", show=lambda event: None)
    tuned = Recipe(
        data=base.data,
        model=base.model,
        epochs=1,
        watch=base.watch,
        seed=2,
        surgery=(Transfer(str(root / "a"), fresh=0),),
    )
    train(tuned, root / "b", show=lambda event: None)
    return [str(root / "a"), str(root / "b")]


@pytest.mark.parametrize("method", ["greedy", "uniform", "ensemble"])
def test_runs_are_fused(runs: list[str], method: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = [] if method == "ensemble" else ["--out", str(tmp_path / "w.safetensors")]
    assert main(["fuse", *runs, "--method", method, "--json", str(tmp_path / "v.json"), *out]) == 0
    text = capsys.readouterr().out
    assert "accuracy" in text
    assert method.removeprefix("uniform") in text
    written = json.loads((tmp_path / "v.json").read_text())
    assert (written["schema"], written["method"], set(written["parts"])) == (1, method, set(runs))
    assert not out or load_file(tmp_path / "w.safetensors")["1.weight"].shape == (16, 64)


def test_a_run_is_quantised(runs: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["quantise", runs[0], "--json", str(tmp_path / "v.json"), "--out", str(tmp_path / "w.safetensors")]
    assert main(arguments) == 0
    text = capsys.readouterr().out
    assert "float32" in text
    assert "KiB" in text
    written = json.loads((tmp_path / "v.json").read_text())
    assert written["costs"]["int8"]["bytes"] < written["costs"]["float32"]["bytes"]
    assert str(load_file(tmp_path / "w.safetensors")["1.weight"].dtype) == "torch.int8"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--method", "gredy"], "did you mean 'greedy'"),
        (["--method", "ensemble", "--out", "w.safetensors"], "no single network"),
    ],
)
def test_a_mistake_is_answered_with_its_way_out(
    runs: list[str], arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fuse", *runs, *arguments]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert len(error.strip().splitlines()) <= 5
