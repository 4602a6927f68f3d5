from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import TensorDataset

from gradwise.diagnose.codes import CODES
from gradwise.doctor.crash import explain
from gradwise.doctor.sources import Sources
from gradwise.watch.facts import Crash, Facts


def crash(program: Callable[[], object], facts: Facts | None = None) -> Crash:
    try:
        program()
    except BaseException as error:
        found = explain(error, error.__traceback__, facts or Facts(), Sources(Path(__file__).parent))
        assert found is not None
        return found
    raise AssertionError("it did not crash")


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, padding=1)
        self.norm = nn.BatchNorm1d(256)
        self.fc = nn.Linear(256, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.norm(self.conv(x).flatten(1)))


def bare_data_set() -> None:
    train_set = TensorDataset(torch.rand(8, 4), torch.arange(8) % 2)
    for x, y in train_set:
        F.cross_entropy(nn.Linear(4, 2)(x), int(y))  # type: ignore[arg-type]


def loop_with_hidden_state() -> None:
    rnn, hidden = nn.RNNCell(2, 3), torch.zeros(1, 3)
    for _ in range(2):
        hidden = rnn(torch.rand(1, 2), hidden)
        hidden.sum().backward()


def frozen_network() -> None:
    model = Net().requires_grad_(False)
    loss = model(torch.rand(2, 1, 8, 8)).sum()
    loss.backward()


def two_losses_one_forward() -> None:
    w = torch.rand(3, 3, requires_grad=True)
    optimizer = torch.optim.SGD([w], 0.1)
    y = torch.rand(2, 3) @ w @ w
    y.sum().backward(retain_graph=True)
    optimizer.step()
    y.mean().backward()


def overwritten() -> None:
    x = torch.exp(torch.rand(3, requires_grad=True))
    x += 1
    x.sum().backward()


CASES: list[tuple[Callable[[], object], str, str, str]] = [  # program, code, part of what it says, part of the fix
    (bare_data_set, "", "(2,)", "in DataLoader(train_set"),
    (lambda: F.cross_entropy(torch.rand(2, 3), torch.tensor([0, 5])), "label-out-of-range", "label 5", "6 outputs"),
    (lambda: F.cross_entropy(torch.rand(2, 3), torch.tensor([1, 3])), "label-out-of-range", "[1, 3]", "subtract 1"),
    (lambda: F.nll_loss(torch.rand(2, 3), torch.tensor([1, -1])), "label-out-of-range", "-1", "ignore_index=-1"),
    (lambda: F.cross_entropy(torch.rand(2, 3), torch.tensor([1.0, 0.0])), "", "int64", "y.long()"),
    (lambda: F.cross_entropy(torch.rand(2, 3), torch.tensor([0.5, 0.1])), "wrong-loss", "[0.1, 0.5]", "mse_loss"),
    (lambda: F.cross_entropy(torch.rand(2, 3), torch.tensor([[1], [2]])), "", "(2, 1)", "y.squeeze(1)"),
    (lambda: F.cross_entropy(torch.rand(8, 3), torch.tensor([1, 2])), "", "8 predictions meet 2", "flatten(1)"),
    (lambda: F.binary_cross_entropy(torch.tensor([2.0]), torch.ones(1)), "logits-as-probabilities", "2]", "_logits"),
    (lambda: F.binary_cross_entropy(torch.tensor([torch.nan]), torch.ones(1)), "non-finite", "NaN", "step"),
    (lambda: F.binary_cross_entropy(torch.rand(1), torch.tensor([2.0])), "wrong-loss", "[2, 2]", "255"),
    (lambda: F.binary_cross_entropy(torch.rand(2), torch.tensor([0, 1])), "", "int64", "y.float()"),
    (lambda: F.binary_cross_entropy_with_logits(torch.rand(2), torch.tensor([0, 1])), "", "int64", "y.float()"),
    (lambda: F.mse_loss(torch.rand(2, requires_grad=True).double().sum(), 3.0), "", "float", "torch.tensor"),
    (lambda: F.binary_cross_entropy_with_logits(torch.rand(2, 1), torch.rand(2)), "loss-shape-broadcast", "(2, 1)",
     "prediction.squeeze(1)"),
    (lambda: Net()(torch.rand(1, 1, 8, 8)), "small-batch-norm", "norm = BatchNorm1d(256)", "drop_last=True"),
    (lambda: Net()(torch.rand(2, 1, 8, 8).double()), "", "conv = Conv2d(1, 4) computes in float32", "x.float()"),
    (lambda: Net()(torch.rand(2, 3, 8, 8)), "", "1 channels, and was given (2, 3, 8, 8)", "nn.Conv2d(3,"),
    (lambda: Net()(torch.rand(2, 8, 8, 1)), "", "(2, 8, 8, 1)", "permute(0, 3, 1, 2)"),
    (lambda: Net()(torch.rand(2, 8, 8)), "", "(2, 8, 8)", "x.unsqueeze(1)"),
    (lambda: Net()(torch.rand(2, 64)), "", "(2, 64)", "view(len(x), channels"),
    (lambda: nn.BatchNorm1d(3)(torch.rand(2, 4)), "", "3 channels, and was given 4", "BatchNorm1d(4)"),
    (lambda: nn.Linear(64, 2)(torch.rand(5, 8, 8)), "", "Linear(64, 2) takes 64 features", "flatten(1)"),
    (lambda: nn.Linear(10, 2)(torch.rand(5, 8)), "", "(5, 8)", "nn.Linear(8, 2)"),
    (lambda: nn.Linear(4, 2)(np.ones((2, 4))), "", "ndarray", "torch.from_numpy"),
    (lambda: nn.LSTM(3, 5)(torch.rand(2, 4, 8)), "", "3 features", "nn.LSTM(8, 5)"),
    (lambda: nn.Embedding(3, 2)(torch.tensor([0, 7])), "", "rows 0 to 2", "nn.Embedding(8, 2)"),
    (lambda: torch.rand(4).view(3, -1), "", "4 values", "flatten(1)"),
    (lambda: torch.rand(3, 4) + torch.rand(3, 5), "", "has 4", "shapes"),
    (frozen_network, "no-gradient", "loss.backward()", "model has requires_grad=False"),
    (lambda: torch.rand(2).sum().backward(), "no-gradient", "no weight", "no_grad"),
    (lambda: torch.rand(2).sum().item().backward(), "no-gradient", "plain number", ".item()"),  # type: ignore
    (loop_with_hidden_state, "graph-leak", "hidden state", "detach()"),
    (lambda: torch.rand(2, requires_grad=True).exp().backward(), "", "shape (2,)", "mean()"),
    (overwritten, "", "The result of exp", "instead of x +="),
    (two_losses_one_forward, "", "A weight was changed", "All backward() first"),
    (lambda: torch.optim.SGD([], 0.1), "not-optimised", "no parameters", "ModuleList"),
    (lambda: torch.optim.SGD([torch.rand(2, requires_grad=True) * 2], 0.1), "not-optimised", "result", "nn.Parameter"),
    (lambda: torch.rand(2, requires_grad=True).numpy(), "", "NumPy", "detach()"),
    (lambda: torch.multinomial(torch.tensor([torch.nan, 1.0]), 1), "non-finite", "NaN", "finding"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "code", "says", "fix"), CASES)
@pytest.mark.filterwarnings("ignore")
def test_a_common_crash_is_explained(program: Callable[[], object], code: str, says: str, fix: str) -> None:
    found = crash(program)
    assert found.code == code
    assert says in found.says
    assert fix in found.fix
    assert found.source.startswith("test_crash.py:")
    assert not code or code in CODES


def test_the_source_is_the_programs_last_line() -> None:
    line = bare_data_set.__code__.co_firstlineno + 3
    assert crash(bare_data_set).source == f"test_crash.py:{line}"


def test_what_is_not_known_is_told_as_it_is() -> None:
    def program() -> None:
        raise KeyError("nan")

    found = crash(program)
    assert (found.kind, found.code, found.says, found.fix) == ("KeyError", "", "", "")
    assert found.message == "'nan'"


def test_only_the_first_line_of_a_message_is_kept() -> None:
    def program() -> None:
        raise RuntimeError("no luck\n" + "the data: 1 2 3")

    assert crash(program).message == "no luck"


def test_memory_that_leaks_has_its_own_code() -> None:
    def program() -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    assert crash(program).code == ""
    assert crash(program, Facts(alive_graphs=[1, 1, 1, 1])).code == ""
    assert crash(program, Facts(alive_graphs=[2, 4, 8, 16])).code == "graph-leak"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1)])
def test_an_exit_is_no_crash(error: BaseException) -> None:
    assert explain(error, None, Facts(), Sources(Path(__file__).parent)) is None


@pytest.mark.parametrize(
    "pick",
    [
        lambda z, y: z[torch.arange(4), y],
        lambda z, y: z.gather(1, y[:, None]),
        lambda z, y: torch.eye(3)[y],
        lambda z, y: F.one_hot(y, 3),
    ],
    ids=["rows and columns", "gather", "eye", "one_hot"],
)
def test_a_label_that_picks_beyond_the_outputs(pick: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]) -> None:
    z, y = torch.randn(4, 3, requires_grad=True), torch.tensor([1, 2, 3, 1])
    assert crash(lambda: pick(z, y)).code == "label-out-of-range"


def test_a_row_that_the_data_do_not_have_is_no_label() -> None:
    x = torch.randn(4, 3)
    assert crash(lambda: x[torch.tensor([7])]).code == ""
