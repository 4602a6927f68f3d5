"""Which samples come, in which order and how many at a time: each change is its own patch."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.remedy.outside.cases import LOADER, REGRESSION, Case, facts, is_its_own_patch

from gradwise.remedy.outside import cutting, data, drawing
from gradwise.watch.facts import Loader, Loss

CUT = REGRESSION.replace("for step in range(12):", "for rows in torch.randperm(64).split(4):").replace(
    "criterion(model(x), t)", "criterion(model(x[rows]).squeeze(1), t[rows])"
)
SLICED = REGRESSION.replace("for step in range(12):", "for i in range(0, 64, 4):").replace(
    "criterion(model(x), t)", "criterion(model(x[i : i + 4]).squeeze(1), t[i : i + 4])"
)
SPLIT = CUT.replace("t = x.sum(1)", "t = (x.sum(1) > 1).float()").replace(
    "criterion(model(x[rows]).squeeze(1), t[rows])",
    "F.binary_cross_entropy_with_logits(model(x[rows]).squeeze(1), t[rows])",
)
ORDERED = SPLIT.replace(
    "for rows in torch.randperm(64).split(4):",
    "keep = torch.arange(60)\nfor epoch in range(3):\n  order = keep[torch.randperm(len(keep))]\n"
    "  for k in range(0, 60, 20):\n    rows = order[k : k + 20]",
)
BY_SLICE = CUT.replace(
    "for rows in torch.randperm(64).split(4):", "for i in range(0, 64, 4):\n    rows = slice(i, i + 4)"
)
PARTS = CUT.replace("torch.randperm(64).split(4)", "np.array_split(np.arange(64), 16)").replace(
    "import torch\n", "import numpy as np\nimport torch\n", 1
)
GENERATED = (
    REGRESSION.replace(
        "for step in range(12):",
        "def batches(x, t):\n    for i in range(0, 64, 4):\n        yield x[i : i + 4], t[i : i + 4]\n\n\n"
        "def learn(loss):\n    loss.backward()\n\n\nfor xb, tb in batches(x, t):",
    )
    .replace("criterion(model(x), t)", "criterion(model(xb).squeeze(1), tb)")
    .replace("loss.backward()\n    opt", "learn(loss)\n    opt")
)
STREAM = LOADER.replace(
    "loader = DataLoader(TensorDataset(x, y), 16)",
    "class Stream(torch.utils.data.IterableDataset):\n    def __iter__(self):\n        return iter(zip(x, y))\n\n\n"
    "loader = DataLoader(Stream(), batch_size=16)",
)
AGAIN = LOADER.replace("for xb, yb in loader:", "for _ in range(2):\n        xb, yb = next(iter(loader))")
CYCLED = LOADER.replace(
    "for epoch in range(3):",
    "import itertools\ncycled = itertools.cycle([next(iter(loader))])\nfor epoch in range(3):",
).replace("for xb, yb in loader:", "for _ in range(2):\n        xb, yb = next(cycled)")
FROM_FEW = REGRESSION.replace("    loss = criterion(model(x), t)", "    at = (4 * step) % 8\n    loss = LOSS").replace(
    "LOSS", "criterion(model(x[at : at + 4]).squeeze(1), t[at : at + 4])"
)
ROWS_OF_FEW = REGRESSION.replace(
    "    loss = criterion(model(x), t)", "    rows = torch.randint(4, (4,))\n    LOSS"
).replace("LOSS", "loss = criterion(model(x[rows]).squeeze(1), t[rows])")
BY_FUNCTION = (
    "def cut(step):\n    at = (4 * step) % 8\n    return x[at : at + 4], t[at : at + 4]\n\n\n"
    + REGRESSION.replace(
        "    loss = criterion(model(x), t)", "    xb, tb = cut(step)\n    loss = criterion(model(xb).squeeze(1), tb)"
    )
)
BINARY = facts(losses=[Loss("binary_cross_entropy_with_logits", "", counts=[50, 14], target_shape=[4])])
DRAWN = "(lambda y: torch.multinomial((1.0 / y.bincount())[y], len(y), replacement=True))"
IMBALANCED = facts(
    losses=[Loss("cross_entropy", "", counts=[10, 20, 34], target_shape=[16])],
    loaders=[Loader("", samples=64, training=True)],
)
DRAW = "WeightedRandomSampler(1 / y.bincount()[y].double(), 64)"

CASES = {
    "shuffle": Case(
        drawing.shuffled,
        ("DataLoader(TensorDataset(x, y), 16, shuffle=True)",),
        LOADER,
        facts(loaders=[Loader("", training=True)]),
    ),
    "shuffle a stream": Case(
        drawing.shuffled,
        ("DataLoader(list(Stream()), batch_size=16, shuffle=True)",),
        STREAM,
        facts(loaders=[Loader(f"train.py:{STREAM[: STREAM.index('loader = ')].count(chr(10)) + 1}", training=True)]),
    ),
    "balanced": Case(
        drawing.balanced,
        (
            "_data = TensorDataset(x, y)\n_labels = torch.tensor([int(_data[i][-1]) for i in range(len(_data))])\n",
            "loader = DataLoader(_data, 16, sampler=_sampler)",
        ),
        LOADER.replace("y), 16)", "y), 16, shuffle=True)"),
        IMBALANCED,
    ),
    "balanced by its own sampler": Case(
        drawing.balanced,
        ("DataLoader(TensorDataset(x, y), 16, sampler=draw, drop_last=True)",),
        LOADER.replace("loader = ", f"draw = torch.utils.data.{DRAW}\nloader = ").replace(
            "y), 16)", "y), 16, True, drop_last=True)"
        ),
        IMBALANCED,
    ),
    "balanced instead of a sampler that draws all alike": Case(
        drawing.balanced,
        ("loader = DataLoader(_data, 16, sampler=_sampler)",),
        LOADER.replace("y), 16)", "y), 16, sampler=torch.utils.data.WeightedRandomSampler(torch.ones(64), 64))"),
        IMBALANCED,
    ),
    "mixed": Case(
        drawing.shuffled,
        ("x[torch.randperm(len(x), generator=torch.Generator().manual_seed(0))][i : i + 4]",) * 2,
        SLICED,
    ),
    "balanced by hand": Case(
        drawing.balanced, (f"for rows in {DRAWN}(t[:64].flatten().long()).split(4)",), SPLIT, BINARY
    ),
    "balanced by hand, part of it": Case(
        drawing.balanced, (f"order = keep[{DRAWN}(t[keep].flatten().long())]",), ORDERED, BINARY
    ),
    "mixed by slices": Case(
        drawing.shuffled,
        ("torch.randperm(64, generator=torch.Generator().manual_seed(0))[slice(i, i + 4)]",),
        BY_SLICE,
    ),
    "mixed, then cut into parts": Case(drawing.shuffled, ("np.array_split(np.arange(64)[torch.randperm(",), PARTS),
    "mixed in a generator of batches": Case(
        drawing.shuffled,
        ("x[torch.randperm(len(x), generator=torch.Generator().manual_seed(0))][i : i + 4]",),
        GENERATED,
    ),
    "going on": Case(cutting.going_on, ('xb, yb = next(vars(loader).setdefault("_stream", (_batch for',), AGAIN),
    "going round": Case(cutting.going_on, ("cycle(list(loader))",), CYCLED),
    "from all of it": Case(cutting.anywhere, ("at = int(torch.randint(len(x) - (4) + 1, ()))",), FROM_FEW),
    "from all of it, by a function": Case(cutting.anywhere, ("    at = int(torch.randint(len(t) -",), BY_FUNCTION),
    "rows of all": Case(cutting.anywhere, ("rows = torch.randint(len(x), (4,))",), ROWS_OF_FEW),
    "rows of all, from a number": Case(
        cutting.anywhere, ("torch.randint(0, len(x), (4,))",), ROWS_OF_FEW.replace("(4, (4,))", "(0, 4, (4,))")
    ),
    "mixed, then split": Case(
        drawing.shuffled,
        ("arange(64)[torch.randperm(len(torch.arange(64)), generator=",),
        CUT.replace("randperm", "arange"),
    ),
    "batch that is cut": Case(
        data.larger_batch(4),
        ("torch.randperm(64).split(16)",),
        CUT,
        facts(losses=[Loss("mse_loss", "", target_shape=[4])]),
    ),
    "batch": Case(
        data.larger_batch(2),
        ("DataLoader(TensorDataset(x, y), 16 * 2)",),
        LOADER,
        facts(loaders=[Loader("", batch_size=16, training=True)]),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_its_own_patch(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_its_own_patch(CASES[name], tmp_path, monkeypatch, applied=name in ("zero_grad by hand", "standardise"))
