"""What a step of the textbook network costs part by part, and what several trials gain by sharing a product.

    OMP_NUM_THREADS=1 GRADWISE_DATA=DIR python benchmarks/bound.py

The least of many calls in microseconds: other load only ever adds. 784-256-128-10, a batch of 64 of MNIST.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import torch
from mnist import read

from gradwise.kernels import library
from gradwise.update import Adam

B, I, O, P = 64, 784, 256, 128  # samples, inputs, units  # noqa: E741


def least(work: Callable[[], object], calls: int = 400) -> float:
    times: list[float] = []
    for _ in range(calls):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return min(times) * 1e6


def sparse(x: torch.Tensor, trials: int) -> tuple[float, float]:
    """Forward and gradient of the first layer, zeros skipped, one product for all trials: of each."""
    kernels, wide = library(), trials * O
    assert kernels is not None
    weight, z, delta = torch.randn(I, wide), torch.empty(B, wide), torch.randn(B, wide)
    present, places = torch.empty(1, I, dtype=torch.int64), torch.empty(B, I + 1, dtype=torch.int32)
    at = [each.data_ptr() for each in (x, weight, z, present, places, delta, torch.zeros(I, wide))]
    forward = least(lambda: kernels.sparse_forward(*at[:5], B, I, wide), 150)
    kept = torch.zeros(I, wide)
    gradient = least(lambda: kernels.sparse_gradient(at[0], at[5], kept.data_ptr(), at[3], B, I, wide), 150)
    return forward / trials, gradient / trials


def dense(x: torch.Tensor, trials: int) -> tuple[float, float]:
    weight, delta = torch.randn(trials * O, I), torch.randn(B, trials * O)
    return least(lambda: x @ weight.t(), 150) / trials, least(lambda: delta.t() @ x, 150) / trials


def main() -> None:
    images, _ = read("train")
    x = torch.from_numpy(images[:B]).reshape(B, I).float().div(255).contiguous()
    print(f"zeros {float((x == 0).float().mean()):.3f}")
    square, out = torch.randn(384, 384), torch.empty(384, 384)
    print(f"product of 384 x 384: {2 * 384**3 / least(lambda: torch.mm(square, square, out=out)) / 1e3:.0f} GFLOP/s")
    a, h, weight = torch.randn(B, O), torch.randn(B, P), torch.randn(P, O)
    second = [least(each) for each in (lambda: a @ weight.t(), lambda: h.t() @ a, lambda: h @ weight)]
    print("second layer", *(f"{each:.0f}" for each in second))
    shapes = ((O, I), (O,), (P, O), (P,), (10, P), (10,))
    held = [torch.nn.Parameter(torch.randn(shape)) for shape in shapes]
    for p in held:
        p.grad = torch.randn_like(p)
    print(f"Adam {least(Adam(lr=1e-3)(held).step):.0f}")
    for trials in (1, 2, 4, 16):
        for name, (forward, gradient) in (("zeros skipped", sparse(x, trials)), ("dense", dense(x, trials))):
            print(f"first layer of each of {trials}, {name}: forward {forward:.0f}, gradient {gradient:.0f}")


if __name__ == "__main__":
    main()
