"""Each change from outside on a tiny program: it does what its patch does, to the bit, and the patch is right."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gradwise.diagnose import Finding
from gradwise.doctor.program import Program
from gradwise.remedy.outside import (
    activation,
    by_hand,
    cutting,
    data,
    drawing,
    kept,
    losses,
    networks,
    penalties,
    shadows,
    steps,
    straight,
)
from gradwise.remedy.outside.child import Job, Ran, perform
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Change, Known, plain
from gradwise.remedy.outside.written import write_down
from gradwise.watch.facts import Facts, Loader, Loss, Network, Optimizer, Parameter

START = """import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(0)
x, y = torch.randn(64, 4), torch.randint(0, 3, (64,))
"""
LOOP = """
for step in range(12):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"test loss {loss.item():.17g}")
"""
PLAIN = "model = nn.Sequential(nn.Linear(4, 8), nn.Sigmoid(), nn.Linear(8, 8), nn.Sigmoid(), nn.Linear(8, 3))\n"
SGD = "optimizer = torch.optim.SGD(model.parameters(), lr=0.5)\n"
PROGRAM = START + PLAIN + SGD + LOOP
NOTHING = Finding("", "note", 0.0, "", ())


@dataclass
class Case:
    """A program, what is known of it, a change, and what the patch says."""

    change: Change
    writes: tuple[str, ...]
    program: str = PROGRAM
    facts: Facts = field(
        default_factory=lambda: Facts(optimizers=[Optimizer("SGD", "")], networks=[Network("Sequential")])
    )
    inputs: dict[str, object] = field(default_factory=dict)
    finding: Finding = NOTHING


def facts(**more: object) -> Facts:
    return Facts(**{"optimizers": [Optimizer("SGD", "")], "networks": [Network("Sequential")], **more})  # type: ignore[arg-type]


BY_HAND = (
    START
    + """
w = (0.1 * torch.randn(4, 3)).requires_grad_()
for step in range(12):
    loss = F.cross_entropy(x @ w, y)
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
    print(f"test loss {loss.item():.17g}")
"""
)
TRAINER = (
    START
    + """

class Trainer:
    def __init__(self):
        self.model = nn.Linear(4, 3)
        self.optimizer = torch.optim.SGD(self.model.parameters(), 0.5)

    def fit(self):
        for step in range(12):
            loss = F.cross_entropy(self.model(x), y)
            loss.backward()
            self.optimizer.step()
            print(f"test loss {loss.item():.17g}")


Trainer().fit()
"""
)
REGRESSION = (
    START
    + """
t = x.sum(1)
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
criterion = nn.MSELoss()
for step in range(12):
    loss = criterion(model(x), t)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"test loss {loss.item():.17g}")
"""
)
FUNCTION = (
    START
    + """

class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return -2 * x * upstream


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 3)

    def forward(self, x):
        return self.b(Square.apply(self.a(x)))


model = Net()
"""
    + SGD
    + LOOP
)
MODES = (
    START
    + """
model = nn.Sequential(nn.Linear(4, 16), nn.Dropout(0.5), nn.Linear(16, 3))
"""
    + SGD
    + """
for step in range(12):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        out = model(x)
    print(f"test loss {F.cross_entropy(out, y).item():.17g}")
"""
)
LOADER = (
    START
    + PLAIN
    + SGD
    + """
from torch.utils.data import DataLoader, TensorDataset
loader = DataLoader(TensorDataset(x, y), 16)
for epoch in range(3):
    for xb, yb in loader:
        loss = F.cross_entropy(model(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"test loss {loss.item():.17g}")
"""
)
HIDDEN = PROGRAM.replace(
    "model = nn.Sequential(nn.Linear(4, 8)", "HIDDEN = 2\nmodel = nn.Sequential(nn.Linear(4, HIDDEN)"
).replace("nn.Linear(8, 8)", "nn.Linear(HIDDEN, 8)")
SCHEDULED = PROGRAM.replace(
    LOOP, "schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.1)\n" + LOOP + "    schedule.step()\n"
)
PENALISED = PROGRAM.replace(
    "F.cross_entropy(model(x), y)\n",
    "F.cross_entropy(model(x), y)\n    size = sum(p.abs().sum() for p in model.parameters())\n    loss = loss + size\n",
)
LOOPED = PROGRAM.replace(
    "F.cross_entropy(model(x), y)\n",
    "F.cross_entropy(model(x), y)\n    for p in model.parameters():\n        loss += p.pow(2).sum()\n",
)
WEIGHED = PROGRAM.replace("torch.manual_seed(0)", "torch.manual_seed(0)\nkl_weight = 4").replace(
    "F.cross_entropy(model(x), y)\n", "F.cross_entropy(model(x), y) + kl_weight * model(x).square().mean()\n"
)
DROPPED = (
    START
    + """

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(4, 16), nn.Linear(16, 3)

    def forward(self, x):
        return self.b(F.dropout(self.a(x), 0.9))


model = Net()
"""
    + SGD
    + LOOP
)
CUT = REGRESSION.replace("for step in range(12):", "for rows in torch.randperm(64).split(4):").replace(
    "criterion(model(x), t)", "criterion(model(x[rows]).squeeze(1), t[rows])"
)
SLICED = REGRESSION.replace("for step in range(12):", "for i in range(0, 64, 4):").replace(
    "criterion(model(x), t)", "criterion(model(x[i : i + 4]).squeeze(1), t[i : i + 4])"
)
IDLE = DROPPED.replace(
    "self.a, self.b = nn.Linear(4, 16), nn.Linear(16, 3)",
    "self.a, self.b = nn.Linear(4, 16), nn.Linear(16, 3)\n"
    "        self.norm, self.act = nn.LayerNorm(16), nn.SiLU()\n"
    "        self.c = nn.ModuleList(nn.Linear(16, 16) for _ in range(2))",
).replace("self.b(F.dropout(self.a(x), 0.9))", "self.b(self.c[1](self.norm(self.a(x))))")
LISTED = IDLE.replace(
    "return self.b(self.c[1](self.norm(self.a(x))))",
    "x = self.norm(self.a(x))\n        for layer in self.c:\n            x = layer(x)\n        return self.b(x)",
)
STEPPED = DROPPED.replace(
    "return self.b(F.dropout(self.a(x), 0.9))",
    "a = self.a(x)\n        hard = (a > 0).float()\n        return self.b(hard + a.round())",
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
AGAIN = LOADER.replace("for xb, yb in loader:", "for _ in range(2):\n        xb, yb = next(iter(loader))")
CYCLED = LOADER.replace(
    "for epoch in range(3):",
    "import itertools\ncycled = itertools.cycle([next(iter(loader))])\nfor epoch in range(3):",
).replace("for xb, yb in loader:", "for _ in range(2):\n        xb, yb = next(cycled)")
TAKEN_OUT = DROPPED.replace(
    "return self.b(F.dropout(self.a(x), 0.9))",
    "parts = [self.a(x[:, k:]).tolist() if 0 else self.a(x).tolist() for k in range(2)]\n"
    "        both = torch.tensor(parts).sum(0) + torch.tensor([v.sum().item() for v in x]).sum()\n"
    "        return self.b(both + torch.from_numpy(self.a(x).detach().numpy()) + self.a(x).data)",
)
NO_LOOP = BY_HAND.replace("    loss.backward()\n", "    (g,) = torch.autograd.grad(loss, [w])\n").replace("w.grad", "g")
RECALL = (
    START.replace("(64, 4)", "(64, 5, 4)")
    + """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.out = nn.GRU(4, 8, batch_first=True), nn.Linear(8, 3)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])


model = Net()
"""
    + SGD
    + LOOP
)
RIGHT = 'print(f"test right {(model(x).squeeze(1).round() == y).float().mean():.17g}")'
CODES = REGRESSION.replace("criterion(model(x), t)", "F.mse_loss(model(x).squeeze(1), y.float())").replace(
    'loss.item():.17g}")',
    f'loss.item():.17g}}")\n    with torch.no_grad():\n        {RIGHT}',
)
FROM_ONE = PROGRAM.replace("torch.randint(0, 3,", "torch.randint(1, 4,")
SOFT_BINARY = (
    REGRESSION.replace("t = x.sum(1)", "t = (x.sum(1, keepdim=True) > 0).float()")
    .replace("nn.Linear(4, 1)", "nn.Sequential(nn.Linear(4, 1), nn.Softmax(1))")
    .replace("nn.MSELoss()", "nn.BCELoss()")
)
BINARY = facts(losses=[Loss("binary_cross_entropy_with_logits", "", counts=[50, 14], target_shape=[4])])
DRAWN = "(lambda y: torch.multinomial((1.0 / y.bincount())[y], len(y), replacement=True))"
IMBALANCED = facts(
    losses=[Loss("cross_entropy", "", counts=[10, 20, 34], target_shape=[16])],
    loaders=[Loader("", samples=64, training=True)],
)
DRAW = "WeightedRandomSampler(1 / y.bincount()[y].double(), 64)"
SHADOW = (
    START
    + """
import copy
model = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3))
average = copy.deepcopy(model).eval()
"""
    + SGD
    + """
for step in range(12):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for a, b in zip(average.parameters(), model.parameters()):
            a.lerp_(b, 0.1)
        average.eval()
        out = average(x)
    print(f"test loss {F.cross_entropy(out, y).item():.17g}")
"""
)
_PARTS = {"modules": ["Sequential", "BatchNorm1d"], "mode_matters": ["BatchNorm1d"]}
AVERAGED = [Network("Sequential", training_calls=9, **_PARTS), Network("Sequential 2", evaluation_calls=9, **_PARTS)]
LOSSES = [Loss("cross_entropy", "")]

CASES = {
    "rate": Case(steps.rate(0.1), ('for _group in optimizer.param_groups:\n    _group["lr"] *= 0.1',)),
    "rate of a trainer": Case(
        steps.rate(0.1),
        ('        for _group in self.optimizer.param_groups:\n            _group["lr"] *= 0.1',),
        TRAINER,
    ),
    "rate by hand": Case(steps.rate(0.1), ("(0.1 * loss).backward()",), BY_HAND, Facts()),
    "rate of differences": Case(steps.rate(0.1), ("w -= (0.1 * 0.1 * g)",), NO_LOOP, Facts()),
    "rate that is a number": Case(
        steps.rate(0.1),
        ("lr = (0.1 * 0.1)", "w -= lr * g"),
        NO_LOOP.replace("for step", "lr = 0.1\nfor step").replace("0.1 * g", "lr * g"),
        Facts(),
    ),
    "clip by hand": Case(
        steps.clip(0.01), ("    torch.nn.utils.clip_grad_norm_((w,), 0.01)\n    with torch",), BY_HAND, Facts()
    ),
    "clip without backward": Case(steps.clip(0.01), ("for each in all])(torch.autograd.grad(",), NO_LOOP, Facts()),
    "begun by hand": Case(
        by_hand.begun,
        ("w = torch.nn.init.xavier_normal_((0.1 * torch.randn(4, 3)).requires_grad_())",),
        BY_HAND,
        Facts(parameters=[Parameter("w", [4, 3])]),
    ),
    "adam": Case(
        steps.optimizer("torch.optim.Adam({params}, lr=0.001)"),
        ("optimizer = torch.optim.Adam(model.parameters(), lr=0.001)",),
    ),
    "momentum": Case(
        steps.setting("momentum", "0.9"),
        ('    _group["momentum"] = 0.9',),
        facts=facts(optimizers=[Optimizer("SGD", "", arguments={"momentum": 0.0})]),
    ),
    "clip": Case(steps.clip(0.01), ('for p in g["params"]], 0.01)\n    optimizer.step()',)),
    "penalty": Case(
        penalties.relaxed(1e-4), ("size = (0.0001 * sum(p.abs().sum() for p in model.parameters()))",), PENALISED
    ),
    "penalty in a loop": Case(penalties.relaxed(1e-4), ("loss += (0.0001 * p.pow(2).sum())",), LOOPED),
    "weight of a penalty": Case(penalties.relaxed(0.01), ("kl_weight = (0.01 * 4)",), WEIGHED),
    "dropout as a function": Case(
        networks.dropout(0.1),
        ("self.b(torch.nn.functional.dropout(self.a(x), 0.1, training=torch.is_grad_enabled()))",),
        DROPPED,
        facts(networks=[Network("Net", dropout=0.9)]),
    ),
    "calmed": Case(networks.calmed, ("    if isinstance(_module, (torch.nn.Sigmoid, torch.nn.Tanh)) and",)),
    "skip": Case(plain(steps.SKIP), ("        optimizer.zero_grad()\n    optimizer.step()",)),
    "zero_grad": Case(
        steps.cleared, ("            self.optimizer.step()\n            self.optimizer.zero_grad()",), TRAINER
    ),
    "zero_grad by hand": Case(steps.cleared, ("for _weight in (w,):\n        _weight.grad = None",), BY_HAND, Facts()),
    "step": Case(
        plain(steps.STEP),
        ("    loss.backward()\n    optimizer.step()\n",),
        PROGRAM.replace("    optimizer.step()\n", ""),
    ),
    "downhill": Case(steps.downhill, ("(-(-loss))",), PROGRAM.replace("loss.backward()", "(-loss).backward()")),
    "constant": Case(plain(steps.CONSTANT), ("schedule.step = lambda *_, **__: None",), SCHEDULED),
    "fading": Case(steps.fading, ("total_iters=12)",), facts=facts(steps=12)),
    "he": Case(networks.HE, ("for _module in model.modules():", "kaiming_normal_")),
    "matrices": Case(networks.TENSORS, ("if p.dim() == 2]:",)),
    "relu": Case(networks.RELU, ("torch.nn.ReLU()",)),
    "bend": Case(networks.BENT, ("torch.relu(output)",)),
    "its own activation": Case(
        activation.own,
        ("return self.b(self.act(self.c[1](self.act(self.norm(self.a(x))))))",),
        IDLE,
        facts(networks=[Network("Net")]),
    ),
    "its own activation in a loop": Case(
        activation.own,
        ("x = self.act(self.norm(self.a(x)))", "    x = self.act(layer(x))", "return self.b(x)"),
        LISTED,
        facts(networks=[Network("Net")]),
    ),
    "straight through": Case(
        straight.through,
        ("hard = ((a > 0).float() + ((a) - (0)).sigmoid() - ((a) - (0)).sigmoid().detach())", "(a.round() + (a) - "),
        STEPPED,
        facts(networks=[Network("Net")]),
        finding=Finding("no-gradient", "error", 0.9, "", (), evidence={"gradient": 0.0}),
    ),
    "layer norm": Case(networks.NORMALISED, ("torch.nn.functional.layer_norm(",)),
    "shortcuts": Case(networks.RESIDUAL, ("output + inputs[0]",)),
    "standardise": Case(
        networks.standardised,
        ("register_forward_pre_hook",),
        inputs={"network": "Sequential", "mean": [0.1, 0.2, 0.3, 0.4], "spread": [1.0, 2.0, 3.0, 4.0]},
    ),
    "logits": Case(
        losses.logits,
        ("F.cross_entropy(torch.log(model(x).softmax(1).clamp_min(1e-12)), y)",),
        PROGRAM.replace("model(x)", "model(x).softmax(1)"),
        facts(losses=LOSSES),
    ),
    "probabilities": Case(
        losses.probabilities,
        ("F.nll_loss(torch.log_softmax(model(x), 1), y)",),
        PROGRAM.replace("cross_entropy", "nll_loss"),
        facts(losses=[Loss("nll_loss", "")]),
    ),
    "alike": Case(
        losses.alike, ("criterion(model(x).reshape(t.shape), t)",), REGRESSION, facts(losses=[Loss("mse_loss", "")])
    ),
    "alike by hand": Case(
        losses.alike,
        ("(model(x).reshape(t.shape) - t)",),
        REGRESSION.replace("criterion(model(x), t)", "(model(x) - t).square().mean()"),
        facts(losses=[Loss("", "")]),
    ),
    "weights": Case(
        losses.weighted,
        ("torch.nn.functional.cross_entropy(model(x), y, torch.tensor([",),
        facts=facts(losses=[Loss("cross_entropy", "", counts=[10, 20, 34])]),
    ),
    "baseline": Case(
        losses.baseline,
        ("-((r - r.mean()) * dist.log_prob(a)).mean()",),
        PROGRAM.replace(
            "loss = F.cross_entropy(model(x), y)",
            "dist = torch.distributions.Categorical(logits=model(x))\n    a = dist.sample()\n"
            "    r = 9 + (a == y).float()\n    loss = -(r * dist.log_prob(a)).mean()",
        ),
    ),
    "recorded": Case(
        losses.recorded,
        ("    @torch.set_grad_enabled(torch.is_grad_enabled())\n    def first(self, x):",),
        DROPPED.replace("F.dropout(self.a(x), 0.9)", "self.first(x)").replace(
            "    def forward",
            "    @torch.no_grad()\n    def first(self, x):\n        return self.a(x)\n\n    def forward",
        ),
    ),
    "labels from 0": Case(
        losses.from_zero,
        ("F.cross_entropy(model(x), (y + 1) - 1)",),
        PROGRAM.replace("(model(x), y)", "(model(x), y + 1)"),
    ),
    "derived": Case(plain(steps.DERIVED), ('Square.forward(type("Context"',), FUNCTION),
    "eval": Case(
        plain(steps.EVALUATING), ("        model.eval()\n        out = model(x)\n        model.train()",), MODES
    ),
    "train": Case(
        plain(steps.TRAINING),
        ("    model.train()\n    loss = ",),
        MODES.replace("\nfor step", "model.eval()\nfor step"),
    ),
    "shuffle": Case(
        drawing.shuffled,
        ("DataLoader(TensorDataset(x, y), 16, shuffle=True)",),
        LOADER,
        facts(loaders=[Loader("", training=True)]),
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
    "buffers": Case(
        shadows.carried,
        ("        for _stale, _kept in zip(average.buffers(), model.buffers()):\n            _stale.copy_(_kept)\n",),
        SHADOW,
        facts(networks=AVERAGED),
    ),
    "buffers of torch's average": Case(
        shadows.carried,
        ("zip(average.module.buffers(), model.buffers())",),
        SHADOW.replace("copy.deepcopy(model)", "torch.optim.swa_utils.AveragedModel(model)").replace(
            "        for a, b in zip(average.parameters(), model.parameters()):\n            a.lerp_(b, 0.1)\n",
            "        average.update_parameters(model)\n",
        ),
        facts(networks=AVERAGED),
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
    "going on": Case(cutting.going_on, ('xb, yb = next(vars(loader).setdefault("_stream", (_batch for',), AGAIN),
    "going round": Case(cutting.going_on, ("cycle(list(loader))",), CYCLED),
    "kept": Case(
        kept.inside,
        (
            "self.a(x) for k in range(2)]",
            "(torch.stack(list(parts)) if",
            "torch.stack([v.sum() for v in x])",
            "self.b(both + self.a(x) + self.a(x))",
        ),
        TAKEN_OUT,
    ),
    "recurrent": Case(
        networks.recurrent,
        ("torch.nn.init.orthogonal_(_gate)",),
        RECALL,
        facts(networks=[Network("Net", modules=["Net", "GRU", "Linear"])]),
    ),
    "scores": Case(
        losses.classes,
        (
            "_last.__init__(_last.in_features, 3,",
            "cross_entropy(model(x).squeeze(1).reshape(-1, 3), y.float()",
        ),
        CODES,
        facts(
            networks=[Network("Linear", ends=[4, 1])],
            losses=[Loss("mse_loss", "", target_low=0, target_high=2, target_integer=True, target_distinct=3)],
        ),
    ),
    "one more": Case(networks.ONE_MORE, ("_last.out_features + 1",), FROM_ONE),
    "sigmoid for softmax": Case(
        networks.unsquashed,
        ("setattr(_parent, _name, torch.nn.Sigmoid())",),
        SOFT_BINARY,
        facts(losses=[Loss("binary_cross_entropy", "", through=["softmax"])]),
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
    "wider": Case(data.wider(16), ("HIDDEN = 32",), HIDDEN, facts(networks=[Network("Sequential", narrowest=2)])),
    "no dropout": Case(
        networks.dropout(0.1),
        ("_module.p = 0.1",),
        MODES,
        facts(networks=[Network("Sequential", dropout=0.5, modules=["Sequential", "Dropout"])]),
    ),
}


def script(folder: Path, text: str) -> Program:
    path = folder / "train.py"
    path.write_text(text)
    return Program(str(path))


def edits_of(case: Case, program: Program) -> tuple[Edit, ...]:
    known = Known(program.name, case.program.encode(), case.facts, case.inputs)
    return case.change(known, case.finding)


def run(folder: Path, program: Program, edits: tuple[Edit, ...] = (), text: str | None = None, seed: int = 0) -> Ran:
    number = len(list(folder.glob("run*")))
    ran = perform(Job(program, edits, seed, text=text, seconds=120), folder / f"run{number}")
    assert ran.exit == 0, ran.says
    return ran


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_its_own_patch(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    case = CASES[name]
    program = script(tmp_path, case.program)
    edits = edits_of(case, program)
    changed = run(tmp_path, program, edits)
    assert set(changed.done) >= {i for i, edit in enumerate(edits) if edit.at != "call" or len(edits) == 1}
    written = write_down(changed.marks, tmp_path)
    assert written.advice == ()
    (text,) = written.texts.values()
    for line in case.writes:
        assert line in text
    patched = run(tmp_path, program, text=text)
    assert patched.series == changed.series
    assert len(changed.series["test loss"]) > 2
    assert Path(program.name).read_text() == case.program  # nothing is written
    if name in ("zero_grad by hand", "standardise"):  # and it is a patch as others make them
        (tmp_path / "treated.patch").write_text(written.diff(tmp_path))
        subprocess.run(["patch", "-p1", "-i", "treated.patch"], cwd=tmp_path, check=True, capture_output=True)
        assert Path(program.name).read_text() == text
