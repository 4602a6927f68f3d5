"""The doctor changes nothing: weights, random streams and all that a program keeps are the same with and without it."""

from __future__ import annotations

import random
import runpy
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from gradwise.doctor import handwritten
from gradwise.doctor.bare import Bare
from gradwise.doctor.graph import Graph
from gradwise.doctor.program import Program
from gradwise.doctor.run import run
from gradwise.doctor.sense import Call
from gradwise.doctor.senses.structure import Structure
from gradwise.doctor.tape import Recorder

START = """
import copy, io, pickle, random, sys
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3), np.random.seed(4), random.seed(5)
kept = {}
"""
END = """
_, numbers, *place = np.random.get_state()
kept["streams"] = {"torch": torch.get_rng_state(), "numpy": [numbers.tolist(), place], "random": random.getstate()}
torch.save(kept, sys.argv[1])
"""
SHUFFLED = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.norm, self.drop = nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Dropout(0.5)
        self.out = nn.Linear(144, 3)

    def forward(self, x):
        return self.out(self.drop(F.relu(self.norm(self.conv(x)))).flatten(1))

y = torch.randint(0, 3, (96,))
x = torch.randn(96, 1, 8, 8) + y[:, None, None, None]
loader = DataLoader(TensorDataset(x, y), batch_size=16, shuffle=True)
model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
schedule = torch.optim.lr_scheduler.StepLR(optimizer, 3)
kept["losses"] = []
for epoch in range(6):
    for x, y in loader:
        if random.random() < 0.5:
            x = x.flip(3)
        x = x + torch.from_numpy(np.random.normal(0, 0.1, x.shape)).float()
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        kept["losses"].append(loss.item())
    schedule.step()
kept["model"], kept["optimizer"], kept["mode"] = model.state_dict(), optimizer.state_dict(), model.training
kept["gradients"] = [p.grad for p in model.parameters()]
"""
STUCK = """
model = nn.Sequential(nn.Linear(8, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 32), nn.Sigmoid())
head = nn.Linear(32, 4)
x, y = torch.randn(256, 8), torch.randint(0, 4, (256,))
parameters = [*model.parameters(), *head.parameters()]
optimizer = torch.optim.Adam(parameters, lr=1e-7)
for step in range(80):
    rows = torch.randperm(256)[:32]
    model.train()
    loss = F.cross_entropy(head(model(x[rows])).softmax(1), y[rows])
    loss.backward()
    optimizer.step()
    if step % 40 == 39:
        model.eval()
        with torch.no_grad():
            kept[f"evaluated {step}"] = F.cross_entropy(head(model(x)), y)
kept["model"], kept["head"], kept["gradients"] = model.state_dict(), head.state_dict(), [p.grad for p in parameters]
"""
RIVALS = """
real = torch.randn(512, 2) * 0.3 + 1
maker = nn.Sequential(nn.Linear(4, 16), nn.LeakyReLU(0.2), nn.Linear(16, 2))
critic = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2, inplace=True), nn.Linear(16, 1))
makes, judges = (torch.optim.Adam(net.parameters(), lr=1e-3, betas=(0.5, 0.9)) for net in (maker, critic))
for step in range(40):
    fake = maker(torch.randn(32, 4))
    batch = real[torch.randint(0, 512, (32,))]
    judges.zero_grad()
    good, bad = critic(batch), critic(fake.detach())
    mixed = (batch + fake.detach()).div(2).requires_grad_()
    slope = torch.autograd.grad(critic(mixed).sum(), mixed, create_graph=True)[0]
    loss = F.softplus(-good).mean() + F.softplus(bad).mean() + (slope.norm(dim=1) - 1).square().mean()
    loss.backward()
    judges.step()
    makes.zero_grad()
    F.softplus(-critic(fake)).mean().backward()
    makes.step()
kept["maker"], kept["critic"] = maker.state_dict(), critic.state_dict()
kept["gradients"] = [p.grad for p in critic.parameters()]
"""
BY_HAND = """
embedding = torch.randn(20, 6, requires_grad=True)
cell = nn.GRUCell(6, 12)
w = torch.randn(12, 20, requires_grad=True)
state = torch.zeros(8, 12)
for step in range(40):
    words = torch.randint(0, 20, (8, 5))
    state, loss = state.detach(), 0.0
    for t in range(4):
        state = cell(F.dropout(embedding[words[:, t]], 0.3), state)
        loss = loss + F.nll_loss(F.log_softmax(state @ w, 1), words[:, t + 1])
    loss.backward()
    with torch.no_grad():
        for p in (embedding, w, *cell.parameters()):
            p -= 0.05 * p.grad
            p.grad = None
    if step == 20:
        closing = torch.optim.LBFGS([w], max_iter=3)
        fixed, wanted = state.detach(), words[:, -1]
        def closure():
            closing.zero_grad()
            loss = F.cross_entropy(fixed @ w, wanted)
            loss.backward()
            return loss
        closing.step(closure)
        w.grad = None
kept["cell"], kept["embedding"], kept["w"], kept["state"] = cell.state_dict(), embedding, w, state
"""
VIEWS = """
enter, again, leave = nn.Linear(1, 8), nn.Linear(8, 8, bias=False), nn.Linear(8, 1)
nn.init.orthogonal_(again.weight, gain=1.8)
with torch.no_grad():
    row = again.weight[0]
again.weight.data.mul_(0.9)
parameters = [*enter.parameters(), *again.parameters(), *leave.parameters()]
optimizer = torch.optim.SGD(parameters, 0.05)
for step in range(30):
    x = torch.randn(16, 12)
    state, memory = torch.zeros(16, 8), torch.zeros(16, 12)
    for t in range(12):
        state = torch.tanh(enter(x[:, t : t + 1]) + again(state))
        memory[:, t] = leave(state).squeeze(1)
    with torch.no_grad():
        part = memory[:, :6]
    memory += 0.1
    loss = (memory.clone().clamp_(-2, 2) - x.cumsum(1)).square().mean()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, 1.0)
    optimizer.step()
kept["parameters"], kept["row"], kept["part"], kept["memory"] = parameters, row, part.detach(), memory
"""
PROGRAMS = {"shuffled": SHUFFLED, "stuck": STUCK, "rivals": RIVALS, "by hand": BY_HAND, "views": VIEWS}
COPIES = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(6, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 1))

    def forward(self, x):
        return self.layers(x)

model, x = Net(), torch.randn(32, 6)
optimizer = torch.optim.Adam(model.parameters())
for step in range(30):
    optimizer.zero_grad()
    loss = F.mse_loss(model(x), x.sum(1, keepdim=True))
    keep(step)
    loss.backward()
    keep(step)
    optimizer.step()
    keep(step)
kept["model"] = model.state_dict()
"""
KEEP = """
def keep(step):
    file = io.BytesIO()
    torch.save(model, file)
    duplicate, again = copy.deepcopy(model), pickle.loads(pickle.dumps((model, optimizer)))
    loaded = torch.load(io.BytesIO(file.getvalue()), weights_only=False)
    for other in (duplicate, again[0], loaded):
        assert type(other) is Net and [*vars(other)] == [*vars(model)]
        for mine, theirs in zip(model.modules(), other.modules()):
            assert vars(mine).keys() == vars(theirs).keys()
        assert all(torch.equal(a, b) for a, b in zip(model.state_dict().values(), other.state_dict().values()))
    for module in model.modules():
        hooks = [name for name in vars(module) if name.endswith("_hooks") and vars(module)[name]]
        assert not hooks, hooks
    assert all(not p._backward_hooks and not p._post_accumulate_grad_hooks for p in model.parameters())
    kept[f"saved {step}"] = len(file.getvalue())
"""


@pytest.fixture(autouse=True)
def _session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own process is left as a notebook is left, its random streams included."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)


def plain(text: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the program keeps when Python runs it."""
    Path("train.py").write_text(START + text + END)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "argv", ["train.py", "plain.pt"])
        runpy.run_path("train.py", run_name="__main__")
    return torch.load("plain.pt", weights_only=False)


def watched(text: str) -> tuple[Any, dict[str, str]]:
    """What it keeps under the doctor, and what the doctor could not see."""
    Path("train.py").write_text(START + text + END)
    ended = run(Program("train.py", ("watched.pt",)), budget=1.0)  # every turn is looked at
    assert (ended.exit, ended.stopped) == (0, "")
    assert ended.trace is not None
    assert ended.trace.facts.looks > 0
    found = torch.load("watched.pt", weights_only=False)
    assert differences(found["streams"], streams()) == [], "streams differ after the end"
    return found, ended.trace.facts.not_seen


def streams() -> dict[str, Any]:
    _, numbers, *place = np.random.get_state()
    return {"torch": torch.get_rng_state(), "numpy": [numbers.tolist(), place], "random": random.getstate()}


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    """Every tensor and number, by the way to it."""
    if isinstance(value, dict):
        return {k: v for key, each in value.items() for k, v in leaves(each, f"{path}.{key}").items()}
    if isinstance(value, (list, tuple)):
        return {k: v for i, each in enumerate(value) for k, v in leaves(each, f"{path}.{i}").items()}
    return {path: value}


def differences(a: Any, b: Any) -> list[str]:
    a, b = leaves(a), leaves(b)
    same = {k for k in a.keys() & b.keys() if type(a[k]) is type(b[k]) and equal(a[k], b[k])}
    return sorted((a.keys() | b.keys()) - same)


def equal(a: Any, b: Any) -> bool:
    return torch.equal(a, b) if isinstance(a, torch.Tensor) else a == b


class TestIdentity:
    @pytest.mark.parametrize("name", PROGRAMS)
    def test_a_program_computes_the_same(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        expected = plain(PROGRAMS[name], monkeypatch)
        found, not_seen = watched(PROGRAMS[name])
        assert differences(expected, found) == []
        assert not [why for why in not_seen.values() if "defect" in why]

    @pytest.mark.parametrize(
        ("draw", "told"),
        [
            (lambda: torch.rand(1), ".streams.torch"),
            (lambda: np.random.rand(), ".streams.numpy"),
            (lambda: random.random(), ".streams.random"),
        ],
        ids=["torch", "numpy", "random"],
    )
    def test_a_sense_that_draws_is_noticed(self, draw: Any, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
        expected = plain(STUCK, monkeypatch)
        monkeypatch.setattr(Structure, "before_step", lambda sense, optimizer, look: draw(), raising=False)
        assert any(path.startswith(told) for path in differences(expected, watched(STUCK)[0]))

    def test_one_that_draws_after_the_program_is_noticed_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Structure, "ended", lambda sense: torch.rand(1), raising=False)
        with pytest.raises(AssertionError, match="streams"):
            watched(STUCK)

    def test_a_sense_that_touches_a_gradient_is_noticed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def touch(sense: Structure, optimizer: torch.optim.Optimizer, look: bool) -> None:
            gradient = optimizer.param_groups[0]["params"][0].grad
            gradient.nextafter_(gradient + 1)  # by the smallest amount there is

        expected = plain(STUCK, monkeypatch)
        monkeypatch.setattr(Structure, "before_step", touch, raising=False)
        assert ".gradients.0" in differences(expected, watched(STUCK)[0])


class TestDefects:
    """Whatever goes wrong in the doctor, the program goes on."""

    @pytest.mark.parametrize("where", [(handwritten, "loss"), (Graph, "__init__"), (Recorder, "_keep"), (Bare, "call")])
    def test_the_program_computes_the_same(self, where: tuple[Any, str], monkeypatch: pytest.MonkeyPatch) -> None:
        def fails(*_: Any, **__: Any) -> None:
            raise LookupError("nobody thought of this")

        expected = plain(VIEWS, monkeypatch)
        monkeypatch.setattr(*where, fails)
        found, not_seen = watched(VIEWS)
        assert differences(expected, found) == []
        assert where[0] is Recorder or any("defect" in why for why in not_seen.values())


class TestCopies:
    def test_a_network_is_saved_copied_and_pickled_as_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        expected = plain(KEEP + COPIES, monkeypatch)
        assert differences(expected, watched(KEEP + COPIES)[0]) == []

    def test_a_hook_that_is_left_is_noticed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def hook(sense: Structure, call: Call, look: bool) -> None:
            call.module.register_forward_hook(print)

        monkeypatch.setattr(Structure, "called", hook, raising=False)
        with pytest.raises(AssertionError, match="1 != 0"):
            watched(KEEP + COPIES)
