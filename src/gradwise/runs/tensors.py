"""Tensors to bytes and back, with nothing in the bytes that could be executed.

Weights are written in the safetensors format (a JSON header, then plain numbers), straight from the tensors' memory:
https://github.com/huggingface/safetensors#format. Tied tensors are written once; the others' names stand in the
header's `__metadata__` (alias -> name), as `safetensors.torch.save_model` does. Everything else that a run must
remember goes through `torch.save`, as plain data that `torch.load(weights_only=True)` accepts.
"""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, cast

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from gradwise.errors import NonFinite, RunError
from gradwise.runs.disk import Buffer

Weights: TypeAlias = dict[str, Tensor]

_KINDS = {
    torch.float64: "F64",
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.float8_e4m3fn: "F8_E4M3",
    torch.float8_e5m2: "F8_E5M2",
    torch.complex64: "C64",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}


def check_finite(what: str, tensors: Mapping[str, Tensor]) -> None:
    """Raise NonFinite that names the first tensor with a NaN or an infinity. Waits for the device once.

    Raises RunError for a tensor that cannot be saved at all: sparse, quantised, without numbers (meta).
    """
    for name, tensor in tensors.items():
        _check_plain_tensor(name, tensor)
    flags = {name: _finite(tensor) for name, tensor in tensors.items() if tensor.numel() and _can_be_infinite(tensor)}
    by_device: dict[torch.device, list[Tensor]] = {}
    for flag in flags.values():
        by_device.setdefault(flag.device, []).append(flag)
    if all(bool(torch.stack(group).all()) for group in by_device.values()):
        return
    name = next(name for name, flag in flags.items() if not bool(flag))
    tensor = _wide(tensors[name].detach())
    count = int((~torch.isfinite(tensor)).sum())
    raise NonFinite(
        f"{what} {name} is not finite: {count:,} of its {tensor.numel():,} numbers are NaN or infinite",
        why="a checkpoint of them could never be continued from, so nothing was written.",
        fix="the checkpoint before is whole: lower the learning rate or clip the gradient, and resume from it.",
    )


def _can_be_infinite(tensor: Tensor) -> bool:
    return tensor.is_floating_point() or tensor.is_complex()


def _wide(tensor: Tensor) -> Tensor:
    return tensor.float() if tensor.itemsize == 1 else tensor  # no kernels for float8


def _finite(tensor: Tensor) -> Tensor:
    """() bool on the tensor's device. One pass without a copy: minimum and maximum hand a NaN on."""
    tensor = _wide(tensor.detach())
    if tensor.is_complex():
        return torch.isfinite(tensor).all()
    low, high = torch.aminmax(tensor)
    return torch.isfinite(low) & torch.isfinite(high)


def encode_weights(tensors: Mapping[str, Tensor]) -> list[Buffer]:
    """The parts of a safetensors file; on the CPU they are the tensors' own memory, so write them before the next step.

    The tensors have passed `check_finite`.
    """
    kept: dict[tuple[object, ...], str] = {}
    aliases: dict[str, str] = {}
    for name, tensor in tensors.items():
        same = kept.setdefault(_identity(name, tensor), name)
        if same != name:
            aliases[name] = same
    # widest first, so that every tensor starts at a multiple of its width
    names = sorted(kept.values(), key=lambda name: (-tensors[name].itemsize, name))
    header: dict[str, Any] = {"__metadata__": aliases}
    parts: list[Buffer] = []
    end = 0
    for name in names:
        tensor, start = tensors[name], end
        parts.append(_memory(tensor))
        end += len(parts[-1])
        header[name] = {"dtype": _KINDS[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return [struct.pack("<Q", len(text)) + text, *parts]


def decode_weights(data: bytes) -> Weights:
    """The tensors of a safetensors file, on the CPU; tied ones are one tensor again. Raises ValueError."""
    try:
        tensors = safetensors.torch.load(data)
        (length,) = struct.unpack("<Q", data[:8])
        aliases = cast("dict[str, str]", json.loads(data[8 : 8 + length]).get("__metadata__", {}))
        return tensors | {alias: tensors[name] for alias, name in aliases.items()}
    except (safetensors.SafetensorError, KeyError, RuntimeError) as error:
        raise ValueError(f"is no safetensors file ({error})") from error


def _check_plain_tensor(name: str, tensor: Tensor) -> None:
    if tensor.layout != torch.strided or tensor.dtype not in _KINDS or tensor.device.type == "meta":
        kind = f"{tensor.layout}, {tensor.dtype}, on {tensor.device}"
        raise RunError(f"{name} cannot be saved: it is {kind}", fix="make it a dense tensor of ordinary numbers.")


def _identity(name: str, tensor: Tensor) -> tuple[object, ...]:
    """Equal for two names of the same numbers. Tensors that merely overlap are written in full, each."""
    if tensor.numel() == 0:
        return (name,)
    return (tensor.device, tensor.data_ptr(), tensor.dtype, tuple(tensor.shape), tensor.stride())


def _memory(tensor: Tensor) -> Buffer:
    flat = tensor.detach().cpu().contiguous().reshape(-1)
    return memoryview(cast("Any", flat.view(torch.uint8).numpy())) if flat.numel() else b""


def encode_state(state: Mapping[str, Any]) -> Buffer:
    """`state` as the bytes of `torch.save`, moved to the CPU.

    Raises RunError for a value that is neither a tensor nor plain data: loading it back would have to run its code.
    """
    stream = io.BytesIO()
    torch.save(_plain("state", state), stream)
    return stream.getbuffer()


def decode_state(data: bytes) -> dict[str, Any]:
    """What `encode_state` was given. Raises ValueError for anything but plain data, which is not executed."""
    try:
        return cast("dict[str, Any]", torch.load(io.BytesIO(data), map_location="cpu", weights_only=True))
    except Exception as error:  # the unpickler and the zip reader raise whatever they stumble over
        reason = str(error).strip().split("\n")[0]
        raise ValueError(f"is no plain data, none of it was executed ({type(error).__name__}: {reason})") from error


def _plain(where: str, value: Any) -> Any:
    if value is None or type(value) in (bool, int, float, str, bytes):
        return value
    if isinstance(value, Tensor):
        _check_plain_tensor(where, value)
        own = value.detach().cpu()
        # a view would drag the whole of its storage into the file
        return own.clone() if own.untyped_storage().nbytes() > own.numel() * own.itemsize else own
    if isinstance(value, Mapping):
        pairs = cast("Mapping[Any, Any]", value).items()
        return {_plain(f"{where}: a key", key): _plain(f"{where}[{key!r}]", item) for key, item in pairs}
    if type(value) in (list, tuple, set):
        items = cast("Iterable[Any]", value)
        return type(value)(_plain(f"{where}[{number}]", item) for number, item in enumerate(items))
    raise RunError(
        f"{where} cannot be saved: it is a {type(value).__module__}.{type(value).__qualname__}",
        why="a checkpoint holds tensors, numbers, texts and containers of them, so that loading it runs no code.",
        fix="turn it into one of those, e.g. float(x) or list(x).",
    )
