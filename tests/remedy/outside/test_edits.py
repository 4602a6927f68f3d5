"""Changes of optimizers, loops, modes and what regularises: each is its own patch."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.remedy.outside.cases import BY_HAND, LOOP, MODES, PLAIN, PROGRAM, SGD, START, Case, facts, is_its_own_patch

from gradwise.remedy.outside import by_hand, penalties, shadows, steps
from gradwise.remedy.outside.known import plain
from gradwise.watch.facts import Facts, Network, Optimizer, Parameter

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
NO_LOOP = BY_HAND.replace("    loss.backward()\n", "    (g,) = torch.autograd.grad(loss, [w])\n").replace("w.grad", "g")
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
PHASES = (
    START
    + PLAIN
    + """

def fit(optimizer):
    for step in range(12):
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(f"test loss {loss.item():.17g}")


fit(torch.optim.SGD(model.parameters(), lr=0.1))
second = torch.optim.SGD(model.parameters(), lr=0.5)
model[4] = nn.Linear(8, 3)
fit(second)
"""
)
_PARTS = {"modules": ["Sequential", "BatchNorm1d"], "mode_matters": ["BatchNorm1d"]}
AVERAGED = [Network("Sequential", training_calls=9, **_PARTS), Network("Sequential 2", evaluation_calls=9, **_PARTS)]

CYCLIC = "cycle = torch.optim.lr_scheduler.CyclicLR(optimizer, 0.1, 2.0, 3)\n"

CASES = {
    "rate": Case(steps.rate(0.1), ('for _group in optimizer.param_groups:\n    _group["lr"] *= 0.1',)),
    "rate of a trainer": Case(
        steps.rate(0.1),
        ('        for _group in self.optimizer.param_groups:\n            _group["lr"] *= 0.1',),
        TRAINER,
    ),
    "rate of a schedule that has its own": Case(
        steps.rate(0.1),
        ('    _group["lr"] *= 0.1\n    optimizer.step()', '    _group["lr"] /= 0.1'),
        PROGRAM.replace("\nfor step", f"{CYCLIC}\nfor step").replace("    print", "    cycle.step()\n    print"),
        facts(optimizers=[Optimizer("SGD", "", scheduler="CyclicLR")]),
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
    "weight of a penalty, one of two numbers": Case(
        penalties.relaxed(0.01),
        ("kl_weight, steps = (0.01 * 4), 12",),
        WEIGHED.replace("kl_weight = 4", "kl_weight, steps = 4, 12"),
    ),
    "weight of a penalty": Case(penalties.relaxed(0.01), ("kl_weight = (0.01 * 4)",), WEIGHED),
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
    "held": Case(
        plain(steps.HELD),
        ("    loss.backward()\n    _held =", 'optimizer.add_param_group({"params": _loose})'),
        PROGRAM.replace(LOOP, "model[4] = nn.Linear(8, 3)\n" + LOOP),
    ),
    "held in the second phase": Case(
        plain(steps.HELD), ('            optimizer.add_param_group({"params": _loose})',), PHASES
    ),
    "downhill": Case(steps.downhill, ("(-(-loss))",), PROGRAM.replace("loss.backward()", "(-loss).backward()")),
    "downhill by hand": Case(
        steps.downhill,
        ("lr = (-1 * 0.1)",),
        NO_LOOP.replace("for step", "lr = 0.1\nfor step").replace("w -= 0.1 * g", "w += lr * g"),
        Facts(),
    ),
    "constant": Case(plain(steps.CONSTANT), ("schedule.step = lambda *_, **__: None",), SCHEDULED),
    "to the end": Case(
        steps.to_the_end,
        ("LinearLR(schedule.optimizer, 1.0, 0.01, total_iters=12)", "schedule.step = lambda *_, **__: None"),
        SCHEDULED,
        facts(steps=12),
    ),
    "fading": Case(steps.fading, ("total_iters=12)",), facts=facts(steps=12)),
    "derived": Case(plain(steps.DERIVED), ('Square.forward(type("Context"',), FUNCTION),
    "eval": Case(
        plain(steps.EVALUATING), ("        model.eval()\n        out = model(x)\n        model.train()",), MODES
    ),
    "train": Case(
        plain(steps.TRAINING),
        ("    model.train()\n    loss = ",),
        MODES.replace("\nfor step", "model.eval()\nfor step"),
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
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_its_own_patch(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_its_own_patch(CASES[name], tmp_path, monkeypatch, applied=name in ("zero_grad by hand", "standardise"))
