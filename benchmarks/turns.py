"""What a turn that the doctor sleeps through costs: blocks of turns with its replacements and without, in one process.

    OMP_NUM_THREADS=1 GRADWISE_DATA=DIR python benchmarks/turns.py [EPOCHS]

The program is `doctored/mnist_loop.py`. A block's figure is the median of its turns, in CPU time of the thread; a
difference is that to the mean of the blocks before and after it.
"""

from __future__ import annotations

import runpy
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median, quantiles
from time import thread_time
from typing import Any

import torch

from gradwise.doctor.listeners import Listeners
from gradwise.doctor.observer import Observer
from gradwise.doctor.pace import Pace

HERE = Path(__file__).resolve().parent
BLOCK, BEGIN = 10, 300
WAYS = ("out", "deep", "out", "light", "out", "doze")
choose = Pace.choose
backward = torch.Tensor.backward


class Turns:
    """Switches at every block's end, from within the program's own call of backward."""

    def __init__(self) -> None:
        self.observer, self.way, self.count, self.last = Observer(HERE), "", 0, 0.0
        self.times: dict[int, list[float]] = defaultdict(list)

    def called(self, tensor: torch.Tensor, *args: Any, **kwargs: Any) -> None:
        now, block = thread_time(), self.count // BLOCK
        if self.count > BEGIN and self.count % BLOCK > 1:
            self.times[block].append(now - self.last)
        self.count += 1
        if self.count >= BEGIN and self.count % BLOCK == 0:
            self.observer.__exit__()
            self.way = WAYS[self.count // BLOCK % len(WAYS)]
            if self.way != "out":
                self.observer._patches.open()
            self.set()
        self.last = thread_time()
        backward(tensor, *args, **kwargs)

    def set(self) -> None:
        pace = self.observer.pace
        pace.look, pace.asleep, pace.deep, pace.light = False, True, self.way != "doze", self.way == "light"

    def choose(self, pace: Pace, step: int, stepped: bool, listeners: Listeners) -> bool:
        if not self.way:
            return choose(pace, step, stepped, listeners)
        self.set()
        return False


def main() -> None:
    turns = Turns()
    Pace.choose = lambda pace, step, stepped, listeners: turns.choose(pace, step, stepped, listeners)
    torch.Tensor.backward = lambda tensor, *args, **kwargs: turns.called(tensor, *args, **kwargs)
    sys.argv = ["mnist_loop.py", sys.argv[1] if len(sys.argv) > 1 else "4"]
    with turns.observer:
        runpy.run_path(str(HERE / "doctored" / "mnist_loop.py"), run_name="__main__")
    whole = {block: median(times) for block, times in turns.times.items() if len(times) > BLOCK // 2}
    found: dict[str, list[float]] = defaultdict(list)
    for block, value in whole.items():
        way = WAYS[block % len(WAYS)]
        if way != "out" and block - 1 in whole and block + 1 in whole:
            found[way].append(value - (whole[block - 1] + whole[block + 1]) / 2)
    plain = median(value for block, value in whole.items() if WAYS[block % len(WAYS)] == "out")
    print(f"a turn without the doctor: {plain * 1e6:.0f} us")
    for way, more in found.items():
        low, middle, high = (each * 1e6 for each in quantiles(more, n=4))
        print(f"{way:6} {middle:+5.0f} us, quartiles {low:+.0f} and {high:+.0f}, {len(more)} blocks")


if __name__ == "__main__":
    main()
