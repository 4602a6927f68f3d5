from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch import nn

from gradwise import machine, memory
from gradwise.errors import RecipeError
from gradwise.model import MLP, ResNet


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A memory of its own for the products."""
    path = tmp_path / "cache" / "measured.json"
    monkeypatch.setattr(memory, "_place", lambda: path)
    return path


def probe(monkeypatch: pytest.MonkeyPatch, gain: float) -> list[list[tuple[int, ...]]]:
    asked: list[list[tuple[int, ...]]] = []

    def measured(shapes: list[tuple[int, ...]], batch_size: int) -> float:
        asked.append(shapes)
        return gain

    monkeypatch.setattr(machine, "_probe", measured)
    return asked


@pytest.mark.parametrize(("gain", "precision"), [(1.5, "medium"), (1.0, "highest"), (0.0, "highest")])
def test_the_faster_product_is_taken_and_remembered(
    gain: float, precision: str, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = probe(monkeypatch, gain)
    for _ in range(2):
        line = machine.settle_products(MLP((3, 5, 2))(), 8)
        assert torch.get_float32_matmul_precision() == precision
        assert ("oneDNN" in line) == (precision == "medium")
        torch.set_float32_matmul_precision("high")
    assert asked == [[(2, 5), (5, 3)]]  # measured once
    assert list(json.loads(store.read_text()).values()) == [gain]
    machine.settle_products(MLP((3, 5, 2))(), 9)
    machine.settle_products(MLP((3, 6, 2))(), 8)
    assert len(asked) == 3  # another batch size, another network


def test_without_a_linear_layer_nothing_is_measured(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = probe(monkeypatch, 2)
    machine.settle_products(nn.Conv2d(1, 1, 3), 8)
    assert asked == []
    assert torch.get_float32_matmul_precision() == "highest"


@pytest.mark.parametrize("content", ["", "{cut", None])
def test_a_memory_that_cannot_be_read_or_written_is_done_without(
    content: str | None, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is None:
        store.parent.write_text("a file in the folder's place")
    else:
        store.parent.mkdir()
        store.write_text(content)
    probe(monkeypatch, 2)
    machine.settle_products(MLP((3, 2))(), 8)
    assert torch.get_float32_matmul_precision() == "medium"


def test_the_probe_measures_and_leaves_the_setting() -> None:
    torch.set_float32_matmul_precision("high")
    gain = machine._probe([(2, 5), (5, 3)], 4)
    assert torch.get_float32_matmul_precision() == "high"
    assert gain == 0 or 0.01 < gain < 100


def test_denormals_are_flushed() -> None:
    machine.settle_memory()
    assert float(torch.tensor([1e-30]) * torch.tensor([1e-10])) == 0
    machine.settle_memory()  # twice does no harm


def test_devices() -> None:
    assert machine.device("cpu")[0] == torch.device("cpu")
    assert machine.device("auto")[0].type == ("cuda" if torch.cuda.is_available() else "cpu")


@pytest.mark.parametrize("wanted", ["gpu", "", "cuda:99", "cpu:x"])
def test_a_device_that_is_not_there(wanted: str) -> None:
    with pytest.raises(RecipeError) as caught:
        machine.device(wanted)
    assert f"The device {wanted!r} is not there." in str(caught.value)
    assert len(str(caught.value).splitlines()) <= 5


def test_compiling_where_it_is_earned_back(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu, cuda = torch.device("cpu"), torch.device("cuda")
    assert machine.compiling("never", cuda, 10**9)[0] is False
    assert machine.compiling("auto", cpu, 10**9)[0] is False
    assert machine.compiling("auto", cuda, 10)[0] is False
    assert machine.compiling("auto", cuda, 10**6)[0] is True
    assert machine.compiling("always", cuda, 1)[0] is True
    monkeypatch.setenv("PATH", "")
    assert machine.compiling("always", cpu, 1) == (False, "eager (no C++ compiler found)")


@pytest.mark.parametrize(
    ("model", "batch_size", "threads"),
    [
        (MLP((10, 10))(), 32, 1),
        (MLP((1000, 1000))(), 32, 2),
        (ResNet(1, 2)(), 1, 2),
        (MLP((10, 10), batch_norm=True)(), 32, 1),
    ],
)
def test_a_small_network_has_one_thread(model: nn.Module, batch_size: int, threads: int) -> None:
    torch.set_num_threads(2)
    line = machine.settle_threads(model, batch_size)
    assert torch.get_num_threads() == threads
    assert line.startswith(f"{threads} thread")
