"""A checkpoint comes back as it was, or is refused by name."""

from __future__ import annotations

import errno
import os
import random
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from torch import nn

from gradwise.errors import NonFinite, RunError
from gradwise.runs import Checkpoint, disk, load, newest, save
from gradwise.runs.manifest import MANIFEST, STATE, WEIGHTS, Entry, Manifest, parse, render

from .crash import Refuser


def weights(step: int = 1) -> dict[str, torch.Tensor]:
    return {"layer.weight": torch.full((3, 4), float(step)), "layer.bias": torch.arange(3.0)}


def same(a: torch.Tensor, b: torch.Tensor) -> bool:
    return a.dtype == b.dtype and a.shape == b.shape and bool((a == b).all())


def step_of(root: Path) -> int | None:
    checkpoint, _ = newest(root)
    return checkpoint and checkpoint.step


def test_comes_back_as_it_was(tmp_path: Path) -> None:
    state = {
        "optimizer": {0: {"step": torch.tensor(3.0), "moment": torch.ones(2, 2)}},
        "lr": 0.1,
        "seeds": [1, (2, None)],
    }
    path = save(tmp_path, 1234, weights(), state, average=weights(2), epoch=7)
    assert path.name == "step-00001234"
    back = load(path)
    assert (back.step, back.epoch, back.path) == (1234, 7, path)
    assert all(same(back.weights[name], tensor) for name, tensor in weights().items())
    assert back.average is not None
    assert all(same(back.average[name], tensor) for name, tensor in weights(2).items())
    assert back.state["lr"] == 0.1
    assert back.state["seeds"] == [1, (2, None)]
    assert same(back.state["optimizer"][0]["moment"], torch.ones(2, 2))
    assert sorted(file.name for file in path.iterdir()) == sorted([WEIGHTS, "average.safetensors", STATE, MANIFEST])


def test_every_kind_of_tensor_comes_back(tmp_path: Path) -> None:
    kinds = [torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8]
    given = {str(kind): torch.arange(5).to(kind) for kind in [*kinds, torch.uint8, torch.bool, torch.complex64]}
    given |= {
        "float8": torch.arange(5.0).to(torch.float8_e4m3fn).view(torch.uint8),
        "empty": torch.empty(0, 3),
        "scalar": torch.tensor(41),
        "strided": torch.arange(12.0).reshape(3, 4).T,
        "channels last": torch.rand(2, 3, 4, 4).to(memory_format=torch.channels_last),
        "parameter": nn.Parameter(torch.ones(2)),
        "ø ∇ name": torch.ones(1),
    }
    path = save(tmp_path, 1, given, {})
    back = load(path).weights
    assert back.keys() == given.keys()
    assert all(same(back[name], tensor) for name, tensor in given.items())
    foreign = safetensors.torch.load_file(path / WEIGHTS)  # the reference implementation reads the file
    assert foreign.keys() == given.keys()
    header = (path / WEIGHTS).read_bytes()[:8]
    assert int.from_bytes(header, "little") % 8 == 0


def test_float8_and_its_nan(tmp_path: Path) -> None:
    tensor = torch.tensor([1.0, 2.0]).to(torch.float8_e5m2)
    assert same(load(save(tmp_path, 1, {"w": tensor}, {})).weights["w"].float(), tensor.float())
    with pytest.raises(NonFinite, match="w is not finite"):
        save(tmp_path, 2, {"w": torch.tensor([1.0, float("nan")]).to(torch.float8_e5m2)}, {})


def test_tied_weights_are_written_once_and_tied_again(tmp_path: Path) -> None:
    shared = torch.rand(1000)
    given = {"encoder": shared, "decoder": shared, "part": shared[:10], "equal": shared.clone()}
    path = save(tmp_path, 1, given, {})
    assert (path / WEIGHTS).stat().st_size < 2 * 4000 + 40 + 1000
    back = load(path).weights
    assert all(same(back[name], tensor) for name, tensor in given.items())
    assert back["encoder"].data_ptr() == back["decoder"].data_ptr()
    assert back["encoder"].data_ptr() != back["equal"].data_ptr()


def test_tied_modules_load_with_the_reference_implementation(tmp_path: Path) -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Linear(3, 3), nn.Linear(3, 3)
            self.b.weight = self.a.weight

    first, second = Tied(), Tied()
    path = save(tmp_path, 1, first.state_dict(), {})
    safetensors.torch.load_model(second, path / WEIGHTS)
    assert same(second.b.weight, first.a.weight)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_refuses_what_is_not_finite_before_it_writes(tmp_path: Path, value: float) -> None:
    bad = weights() | {"z": torch.tensor([1.0, value])}
    with pytest.raises(NonFinite, match=r"the weight z is not finite: 1 of its 2 numbers"):
        save(tmp_path, 1, bad, {})
    with pytest.raises(NonFinite, match=r"the averaged weight z"):
        save(tmp_path, 1, weights(), {}, average=bad)
    with pytest.raises(NonFinite, match=r"the weight c "):
        save(tmp_path, 1, {"c": torch.tensor([complex(0, value)])}, {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", [object(), nn.Linear(1, 1), lambda: 1, torch.rand(2).numpy()])
def test_refuses_a_state_that_would_need_code(tmp_path: Path, value: Any) -> None:
    with pytest.raises(RunError, match=r"state\['a'\]\[0\] cannot be saved"):
        save(tmp_path, 1, weights(), {"a": [value]})
    assert list(tmp_path.iterdir()) == []


def test_refuses_tensors_that_are_not_plain(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="w cannot be saved"):
        save(tmp_path, 1, {"w": torch.eye(2).to_sparse()}, {})
    with pytest.raises(RunError, match="on meta"):
        save(tmp_path, 1, {"w": torch.empty(2, device="meta")}, {})


def test_a_view_does_not_drag_its_storage_into_the_file(tmp_path: Path) -> None:
    path = save(tmp_path, 1, weights(), {"corner": torch.zeros(1_000_000)[:2]})
    assert (path / STATE).stat().st_size < 10_000


def test_saving_a_step_again_keeps_what_is_the_same(tmp_path: Path) -> None:
    first = save(tmp_path, 5, weights(), {"a": 1})
    assert save(tmp_path, 5, weights(), {"a": 1}) == first
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000005"]


def test_saving_a_step_again_with_other_content_makes_an_edition(tmp_path: Path) -> None:
    save(tmp_path, 5, weights(), {"a": 1})
    second = save(tmp_path, 5, weights(), {"a": 2})
    assert second.name == "step-00000005-2"
    checkpoint, problems = newest(tmp_path)
    assert checkpoint is not None
    assert (checkpoint.state, problems) == ({"a": 2}, [])


def test_saving_a_step_again_does_not_rely_on_a_broken_one(tmp_path: Path) -> None:
    first = save(tmp_path, 5, weights(), {"a": 1})
    (first / STATE).write_bytes(b"")
    second = save(tmp_path, 5, weights(), {"a": 1})
    assert second != first
    assert step_of(tmp_path) == 5


def test_newest_is_by_step_and_not_by_clock(tmp_path: Path) -> None:
    for step in (30, 9, 123456789):
        path = save(tmp_path, step, weights(step), {})
        os.utime(path, (2e9 - step, 2e9 - step))
    for name in ("step-1", "step-00000999.bak", "notes", "step-00000200x"):
        (tmp_path / name).mkdir()
    assert step_of(tmp_path) == 123456789
    assert newest(tmp_path / "nowhere") == (None, [])


def test_a_renamed_folder_is_refused(tmp_path: Path) -> None:
    save(tmp_path, 5, weights(), {}).rename(tmp_path / "step-00000009")
    with pytest.raises(RunError, match="is of step 5: the folder was renamed"):
        load(tmp_path / "step-00000009")


def test_damage_is_named(tmp_path: Path) -> None:
    path = save(tmp_path, 5, weights(), {})
    whole = (path / STATE).read_bytes()

    def message() -> str:
        with pytest.raises(RunError) as caught:
            load(path)
        assert len(str(caught.value).splitlines()) <= 5
        return caught.value.what

    (path / STATE).write_bytes(whole[:100])
    assert f"state.pt is truncated: has 100 of {len(whole):,} bytes" in message()
    (path / STATE).write_bytes(whole + b"x")
    assert "state.pt is too long" in message()
    (path / STATE).unlink()
    assert "state.pt is missing" in message()
    (path / STATE).mkdir()
    assert "state.pt cannot be read: Is a directory" in message()
    (path / MANIFEST).unlink()
    assert "manifest.json is missing" in message()


def test_every_flipped_bit_and_cut_is_seen(tmp_path: Path) -> None:
    """1,500 bits over all files and 200 cuts: each is named, and the checkpoint before is used."""
    save(tmp_path, 1, weights(1), {"a": 1})
    path = save(tmp_path, 2, weights(2), {"moment": torch.rand(8)}, average=weights(3))
    draw = random.Random(0)
    for name in (WEIGHTS, "average.safetensors", STATE, MANIFEST):
        file = path / name
        whole = file.read_bytes()
        bits = draw.sample(range(8 * len(whole)), 375)
        damaged = [whole[: bit // 8] + bytes([whole[bit // 8] ^ 1 << bit % 8]) + whole[bit // 8 + 1 :] for bit in bits]
        damaged += [whole[:size] for size in draw.sample(range(len(whole)), 50)]
        for number, data in enumerate(damaged):
            file.write_bytes(data)
            with pytest.raises(RunError, match=f"step-00000002 cannot be used: {name}") as caught:
                load(path)
            if number % 10 == 0:
                checkpoint, problems = newest(tmp_path)
                assert checkpoint is not None
                assert (checkpoint.step, problems) == (1, [caught.value.what])
        file.write_bytes(whole)
    assert step_of(tmp_path) == 2


def test_every_bit_of_a_manifest_counts() -> None:
    data = render(Manifest(3, 1, {WEIGHTS: Entry(3, "ab" * 32), STATE: Entry(4, "cd" * 32)}))
    assert parse(data).files[STATE] == Entry(4, "cd" * 32)
    for bit in range(8 * len(data)):
        with pytest.raises(ValueError, match=r"manifest|damaged|schema"):
            parse(data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :])


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO])
def test_a_refusing_disk_leaves_the_checkpoint_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    """Each operation of a save in turn is refused."""
    save(tmp_path, 1, weights(1), {})
    for at in range(100):
        with monkeypatch.context() as patch:
            refuser = Refuser(patch, ("create", "write", "sync", "make_folder", "sync_folder", "rename"), at, error)
            try:
                save(tmp_path, 2 + at, weights(2), {"at": at})
            except RunError as told:
                message = str(told)
            else:
                break
        assert refuser.count > at
        assert len(message.splitlines()) <= 5
        assert ("disk full: step-" in message) == (error in (errno.ENOSPC, errno.EDQUOT))
        assert ("is not writable" in message) == (error in (errno.EROFS, errno.EACCES))
        assert not list(tmp_path.glob(".writing-*"))
        checkpoint, problems = newest(tmp_path)
        assert isinstance(checkpoint, Checkpoint)
        assert problems == []
    assert at > 10


def test_a_full_disk_says_how_much_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(disk, "write", full)
    with pytest.raises(RunError, match=r"^disk full: step-00000001 needs [\d,]+ bytes, [\d,]+ free\n"):
        save(tmp_path, 1, weights(), {})
