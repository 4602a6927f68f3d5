"""What the graph shows of a network: layers in order, what bends between them, how the output reaches the loss."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradwise.doctor.observer import Observer
from gradwise.watch.facts import Facts, Network

X, Y = torch.linspace(-1, 1, 60).reshape(6, 10), torch.tensor([0, 1, 2, 0, 1, 2])


def facts(step: Callable[[], Tensor]) -> Facts:
    """What the doctor knows after a step."""
    with Observer(Path.cwd()) as observer:
        step().backward()
    return observer.finish().facts


def network_of(found: Facts) -> Network:
    return next(network for network in found.networks if network.layers)


def classified(*layers: nn.Module) -> Facts:
    network = nn.Sequential(*layers)
    return facts(lambda: F.cross_entropy(network(X), Y))


def test_layers_in_order_with_what_follows_them() -> None:
    found = classified(
        nn.Linear(10, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 7), nn.Dropout(), nn.Tanh(), nn.Linear(7, 3)
    )
    network = found.networks[0]
    assert [(layer.name, layer.kind, layer.activation, layer.norm, layer.units) for layer in network.layers] == [
        ("0", "Linear", "relu", "batch", 8),
        ("3", "Linear", "tanh", "", 7),
        ("6", "Linear", "", "", 3),
    ]
    assert [layer.depth for layer in network.layers] == [0, 1, 2]
    assert [layer.last for layer in network.layers] == [False, False, True]
    assert network.nonlinearities == ["tanh", "relu"]
    assert (network.in_series, network.narrowest, network.ends) == (3, 7, [10, 3])


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.Linear(10, 3), (6, 10)),
        (nn.Linear(10, 3), (6, 4, 10)),
        (nn.Conv1d(10, 3, 2), (6, 10, 4)),
        (nn.GRU(10, 3, batch_first=True), (6, 4, 10)),
        (nn.LSTM(10, 3, batch_first=True), (6, 4, 10)),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, nn.Module) else "",
)
def test_what_the_first_layer_is_given(layer: nn.Module, shape: tuple[int, ...]) -> None:
    """Raw as it comes, or as a hook has scaled it."""
    x = 100 + torch.randn(*shape, generator=torch.Generator().manual_seed(0))

    def size() -> float | None:
        def step() -> Tensor:
            out = layer(x)
            return (out if isinstance(out, Tensor) else out[0]).square().mean()

        return network_of(facts(step)).first_input

    assert size() == pytest.approx(100, rel=0.01)
    hook = layer.register_forward_pre_hook(lambda module, given: (given[0] - 100, *given[1:]))
    assert size() == pytest.approx(1, rel=0.2)
    hook.remove()


def test_a_softmax_that_a_distribution_takes_for_scores() -> None:
    policy = nn.Linear(10, 3)

    def through(logits: Callable[[], Tensor]) -> list[str]:
        earned = torch.tensor([1.0, -1, 2, -2, 1, -1])
        step = lambda: -(torch.distributions.Categorical(logits=logits()).log_prob(Y) * earned).mean()  # noqa: E731
        return facts(step).losses[0].through

    assert through(lambda: policy(X).softmax(1))[-2:] == ["logsoftmax", "softmax"]
    assert through(lambda: policy(X))[-1] == "logsoftmax"


def test_weights_of_one_weigh_nothing() -> None:
    network = nn.Linear(10, 3)

    def weighted(weight: Tensor) -> bool:
        return "weight" in facts(lambda: F.cross_entropy(network(X), Y, weight=weight)).losses[0].arguments

    assert weighted(torch.tensor([1.0, 5.0, 1.0]))
    assert not weighted(torch.ones(3))


def test_an_advantage_is_signed_and_noise_before_weights_is_not() -> None:
    policy, decoder = nn.Linear(10, 3), nn.Linear(3, 10)
    signs = torch.tensor([1.0, -1, 1, -1, 1, -1])
    (paid,) = facts(lambda: -(policy(X).log_softmax(1)[torch.arange(6), Y] * signs).mean()).losses
    assert paid.signed

    def reconstructed() -> Tensor:
        code = policy(X)
        return (decoder(code + code.exp() * signs[:, None].expand(6, 3)) - X).square().sum(1).mean() + code.mean()

    (noisy,) = facts(reconstructed).losses
    assert not noisy.signed


def test_a_stack_without_activation_bends_nowhere() -> None:
    assert classified(nn.Linear(10, 8), nn.Dropout(), nn.Linear(8, 3)).networks[0].nonlinearities == []


def test_a_product_of_two_branches_bends() -> None:
    one, two = nn.Linear(10, 3), nn.Linear(10, 3)
    assert network_of(facts(lambda: F.cross_entropy(one(X) * two(X), Y))).nonlinearities == ["product"]


@pytest.mark.parametrize(
    ("last", "through"),
    [(nn.Softmax(1), ["softmax"]), (nn.Sigmoid(), ["sigmoid"]), (nn.Flatten(), []), (nn.LogSoftmax(1), ["logsoftmax"])],
)
def test_the_way_from_the_last_weights_to_the_loss(last: nn.Module, through: list[str]) -> None:
    found = classified(nn.Linear(10, 3), last)
    assert found.losses[0].through == through
    assert found.losses[0].softmax_size == (3 if "softmax" in str(through) else None)


def test_a_recurrent_net_is_as_narrow_as_its_state() -> None:
    recurrent, head = nn.GRU(8, 2, batch_first=True), nn.Linear(2, 3)
    x = torch.linspace(-1, 1, 6 * 4 * 8).reshape(6, 4, 8)
    found = facts(lambda: F.cross_entropy(head(recurrent(x)[0][:, -1]), Y))
    assert {network.narrowest for network in found.networks if network.layers} == {2}


def test_a_parameter_that_each_unit_has_one_of_is_no_narrow_place() -> None:
    one, two, own = nn.Linear(10, 8), nn.Linear(8, 3), nn.Parameter(torch.ones(1, 8))
    found = facts(lambda: F.cross_entropy(two(one(X).relu() * own), Y))
    assert network_of(found).narrowest == 8


def test_a_residual_branch_is_told_from_a_stack() -> None:
    one, two, end = nn.Linear(10, 10), nn.Linear(10, 10), nn.Linear(10, 3)
    found = facts(lambda: F.cross_entropy(end((h := one(X).relu()) + two(h).relu()), Y))
    assert [layer.residual for layer in network_of(found).layers] == [False, True, False]


def test_two_branches_with_weights_that_are_added_are_no_residual_connection() -> None:
    """As in a graph convolution: what a unit says of itself, and what its neighbours say."""
    one, two, end = nn.Linear(10, 10), nn.Linear(10, 10), nn.Linear(10, 3)
    found = facts(lambda: F.cross_entropy(end((two(h := one(X).relu()) + torch.ones(6, 6) @ two(h)).relu()), Y))
    assert [layer.residual for layer in network_of(found).layers] == [False, False, False]


def test_a_layer_is_not_the_last_where_its_activation_is_weighed() -> None:
    """Routes through a tree, whose leaves hold probabilities."""
    gates, leaves = nn.Linear(10, 4), nn.Parameter(torch.randn(4, 3))
    found = facts(lambda: F.nll_loss((torch.sigmoid(gates(X)) @ torch.softmax(leaves, 1)).log(), Y))
    assert next(layer.last for layer in network_of(found).layers if layer.units == 4) is False


def test_plain_tensors_have_the_names_of_their_variables() -> None:
    w1, w2 = torch.ones(10, 4, requires_grad=True), torch.ones(4, 3, requires_grad=True)
    found = facts(lambda: F.cross_entropy(torch.relu(X @ w1) @ w2, Y))
    assert [layer.name for layer in network_of(found).layers] == ["w1", "w2"]
    assert found.networks[0].name == "tensors"


@pytest.mark.parametrize(("factor", "sign"), [(1, 1), (-1, -1), (-0.5, -1)])
def test_a_loss_that_is_negated(factor: float, sign: int) -> None:
    net = nn.Linear(10, 3)
    assert facts(lambda: factor * F.cross_entropy(net(X), Y)).losses[0].sign == sign
    assert facts(lambda: -F.cross_entropy(net(X), Y) * factor).losses[0].sign == -sign


def test_a_difference_that_was_broadcast() -> None:
    net, y = nn.Linear(10, 1), torch.ones(6)
    assert facts(lambda: ((net(X) - y) ** 2).mean()).losses[0].broadcast == [[6, 1], [6, 6]]
    assert facts(lambda: ((net(X) - y[:, None]) ** 2).mean()).losses[0].broadcast == []
    assert facts(lambda: ((net(X) - 3) ** 2).mean()).losses[0].broadcast == []
    scale = torch.ones(6, requires_grad=True)  # what depends on weights as well
    assert facts(lambda: ((net(X) - scale * y) ** 2).mean()).losses[0].broadcast == [[6, 1], [6, 6]]
    score = net(X).squeeze(1)
    assert facts(lambda: (net(X).squeeze(1)[:, None] - score).relu().mean()).losses[0].broadcast == []  # all pairs


class Wide(nn.Module):
    """(B, 10) to (B, 1, 3)."""

    def __init__(self) -> None:
        super().__init__()
        self.map = nn.Linear(10, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.map(x).unsqueeze(1)


def test_an_axis_that_a_network_has_put_in() -> None:
    """Within the loss it is put in on purpose, for distances between all pairs."""
    net, y, q = Wide(), torch.ones(6, 3), 0.9

    def pinball(error: Tensor) -> Tensor:
        return torch.maximum(q * error, (q - 1) * error).mean()

    assert facts(lambda: pinball(y - net(X))).losses[0].broadcast == [[6, 1, 3], [6, 6, 3]]
    assert facts(lambda: pinball(y - net(X).squeeze(1))).losses[0].broadcast == []
    assert facts(lambda: pinball(y - net.map(X).unsqueeze(1))).losses[0].broadcast == []


def test_an_embedding_and_a_recurrent_net() -> None:
    table, lstm, head = nn.Embedding(5, 6), nn.LSTM(6, 7, batch_first=True), nn.Linear(7, 3)
    tokens = torch.arange(24).reshape(6, 4) % 5
    found = facts(lambda: F.cross_entropy(head(lstm(table(tokens))[0][:, -1]), Y))
    kinds = [layer.kind for layer in network_of(found).layers]
    assert kinds[0] == "Embedding"
    assert kinds[-1] == "Linear"
    assert network_of(found).nonlinearities


def test_the_doctor_leaves_nothing_behind() -> None:
    before = (nn.Module.__call__, F.cross_entropy, torch.autograd.backward, torch.autograd.Function.__dict__["apply"])
    classified(nn.Linear(10, 3))
    after = (nn.Module.__call__, F.cross_entropy, torch.autograd.backward, torch.autograd.Function.__dict__["apply"])
    assert before == after


def test_a_score_less_the_sum_over_those_at_risk_is_a_log_probability() -> None:
    network, event = nn.Linear(10, 1), torch.tensor([1.0, 0, 1, 1, 0, 1])

    def partial() -> Tensor:
        risk = network(X)[:, 0]
        return ((risk - risk.logcumsumexp(0)) * event).sum() / event.sum()

    def fact(step: Callable[[], Tensor]) -> int:
        return facts(step).losses[0].likelihood

    assert fact(partial) == 1
    assert fact(lambda: -partial()) == -1
    assert fact(lambda: (network(X)[:, 0] - (2 * network(X)[:, 0]).logcumsumexp(0)).mean()) == 0


def test_frames_of_a_temporal_classification() -> None:
    network, labels, lengths = nn.Linear(10, 4), torch.tensor([[1, 2]]), torch.tensor([2])

    def frames(log: bool) -> float | None:
        def step() -> Tensor:
            scores = network(X)[:, None]
            return F.ctc_loss(scores.log_softmax(-1) if log else scores, labels, torch.tensor([6]), lengths)

        return facts(step).losses[0].ctc

    assert frames(log=True) == 1
    assert frames(log=False) == 0
