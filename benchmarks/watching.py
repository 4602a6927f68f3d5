"""What watching costs: a step with everything measured at every step, over the same step unwatched, and over plain
PyTorch with fused Adam.

    python benchmarks/watching.py [--rounds 15] [--threads 1] [--only mlp-64 resnet-20]

One process, the three in turns, CPU seconds of one thread (wall seconds with more); medians of the ratios of each
round, with the quartiles.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from machine import describe
from torch import nn

from gradwise.data import Tensors
from gradwise.machine import settle_memory
from gradwise.model import MLP, ResNet
from gradwise.recipe import Recipe, Watching
from gradwise.stages import Model
from gradwise.training import Training

Case = tuple[Model, int, tuple[int, ...], int]  # network, batch, a sample's shape, steps a round
CASES: dict[str, Case] = {
    "mlp-64": (MLP(widths=(784, 256, 128, 10)), 64, (784,), 300),
    "mlp-128": (MLP(widths=(784, 256, 128, 10)), 128, (784,), 200),
    "mlp-512": (MLP(widths=(784, 256, 128, 10)), 512, (784,), 60),
    "mlp-50-layers": (MLP(widths=(784, *[256] * 49, 10)), 128, (784,), 15),
    "mlp-50-layers-norm": (MLP(widths=(784, *[256] * 49, 10), batch_norm=True), 128, (784,), 10),
    "resnet-20": (ResNet(blocks=3, width=16), 128, (3, 32, 32), 2),
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--only", nargs="+", choices=CASES, default=list(CASES))
    told = options.parse_args()
    torch.set_num_threads(told.threads)
    clock = time.process_time if told.threads == 1 else time.perf_counter
    print(*(f"{name}: {value}" for name, value in describe().items()), sep="\n")
    print(f"threads: {told.threads}, rounds: {told.rounds}")
    print(f"{'':20} {'unwatched':>12} {'watched':>12} {'plain torch':>12}   watched/unwatched      watched/plain torch")
    for name in told.only:
        print(row(name, CASES[name], told.rounds, clock), flush=True)


def row(name: str, case: Case, rounds: int, clock: Callable[[], float]) -> str:
    make, batch, shape, steps = case
    x, y = samples(batch, shape)
    ways = {
        "unwatched": ours(make, batch, x, y, Watching(on=False)),
        "watched": ours(make, batch, x, y, Watching(every=1)),
        "plain": plain(make, batch, x, y),
    }
    times: dict[str, list[float]] = {way: [] for way in ways}
    for turn in range(rounds + 1):
        for way, train in ways.items():
            start = clock()
            train(steps)
            if turn:  # the first warms up
                times[way].append((clock() - start) / steps * 1e6)
    shown = "".join(f" {statistics.median(times[way]):9.0f} us" for way in ways)
    return f"{name:20}{shown}   {ratio(times, 'unwatched')}   {ratio(times, 'plain')}"


def ratio(times: dict[str, list[float]], to: str) -> str:
    ratios = sorted(a / b for a, b in zip(times["watched"], times[to], strict=True))
    low, middle, high = statistics.quantiles(ratios, n=4)
    return f"{middle:.3f} [{low:.3f}, {high:.3f}]"


def samples(batch: int, shape: tuple[int, ...]) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(batch * 8, *shape, generator=generator)
    return x, torch.randint(0, 10, (len(x),), generator=generator)


def ours(make: Model, batch: int, x: torch.Tensor, y: torch.Tensor, watching: Watching) -> Callable[[int], object]:
    training = Training(Recipe(data=Tensors(x, y), model=make, batch_size=batch, watch=watching))
    for _ in training.set_up():
        pass
    return training.advance


def plain(make: Model, batch: int, x: torch.Tensor, y: torch.Tensor) -> Callable[[int], object]:
    settle_memory()  # so that the ratio is not the allocator's
    model = make()
    optimizer = torch.optim.Adam(model.parameters(), fused=True)

    def train(steps: int) -> None:
        for step in range(steps):
            if step % 8 == 0:
                order = torch.randperm(len(x)).split(batch)
            index = order[step % 8]
            nn.functional.cross_entropy(model(x[index]), y[index]).backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

    return train


if __name__ == "__main__":
    main()
