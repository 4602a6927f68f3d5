"""Calls between weights and a loss, recorded and played again."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradwise.doctor.tape import Recorder, Tape


def recorded(program: Callable[[], Tensor]) -> tuple[Tape, Tensor]:
    recorder = Recorder(lambda: False)
    recorder.start()
    try:
        root = program()
        tape = recorder.tape(root)
    finally:
        recorder.stop()
    assert tape is not None
    return tape, root


def copies(tape: Tape) -> dict[int, Tensor]:
    return {number: p.detach().clone().requires_grad_() for number, p in tape.leaves.items()}


def agrees(program: Callable[[], Tensor]) -> Tape:
    """Played with the same weights it gives the same loss and gradients."""
    tape, root = recorded(program)
    root.backward()
    tape.own()
    weights = copies(tape)
    again = tape.play(weights)
    again.backward()
    assert torch.equal(again.detach(), root.detach())
    for number, p in tape.leaves.items():
        assert torch.equal(weights[number].grad, p.grad)  # type: ignore[arg-type]
    return tape


def test_a_network_that_is_made_while_it_listens() -> None:
    """Drawing weights is no part of what is computed from them."""
    x, y = torch.randn(8, 4), torch.randint(3, (8,))
    tape = agrees(lambda: F.cross_entropy(nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))(x), y))
    assert not any("uniform" in call.name for call in tape.calls)


def test_a_recurrence_by_hand_that_writes_into_a_tensor() -> None:
    w = (0.3 * torch.randn(5, 5)).requires_grad_()
    x, kept = torch.randn(3, 6, 5), torch.zeros(3, 6, 5)

    def program() -> Tensor:
        h = torch.zeros(3, 5)
        for t in range(6):
            h = torch.tanh(x[:, t] + h @ w)
            kept[:, t] = h
        return kept.square().mean()

    agrees(program)


def test_a_detached_part_follows_the_weights() -> None:
    w = torch.tensor([1.5, 2.5], requires_grad=True)
    tape, _ = recorded(lambda: (w + (w.round() - w).detach()).sum())
    (number,) = tape.leaves
    assert float(tape.play({number: torch.tensor([4.2, 0.1], requires_grad=True)}).detach()) == 4.0


def test_a_penalty_is_told_apart_and_left_out() -> None:
    w = torch.ones(4, requires_grad=True)
    x, y = torch.randn(6, 4), torch.randn(6)

    def program() -> Tensor:
        loss = (x @ w - y).square().mean()
        loss += 0.5 * (w**2).sum()
        return loss

    tape, root = recorded(program)
    assert len(tape.penalties) == 1
    free = tape.play(copies(tape), tape.penalties)
    assert torch.allclose(free.detach() + 2.0, root.detach())


def test_a_term_on_the_code_is_told_apart() -> None:
    encode, decode = torch.ones(4, 2, requires_grad=True), torch.ones(2, 4, requires_grad=True)
    x = torch.randn(6, 4)

    def program() -> Tensor:
        code = x @ encode
        return (code @ decode - x).square().mean() + 0.1 * code.abs().mean()

    tape, _ = recorded(program)
    assert not tape.penalties
    assert len(tape.codes) == 1
    free = tape.play(copies(tape), tape.codes).detach()
    assert torch.allclose(free, (x @ encode @ decode - x).square().mean().detach())


def test_two_tasks_are_no_code() -> None:
    shared, first, second = (torch.ones(4, 4, requires_grad=True) for _ in range(3))
    x = torch.randn(6, 4)
    tape, _ = recorded(lambda: (x @ shared @ first).square().mean() + (x @ shared @ second).square().mean())
    assert not tape.codes


def test_dropout_can_be_left_out() -> None:
    w = torch.ones(50, requires_grad=True)
    tape, _ = recorded(lambda: F.dropout(w * torch.ones(50), 0.9).sum())
    assert tape.drops
    assert float(tape.play(copies(tape), steady=True).detach()) == 50.0


def test_the_noise_of_a_sample_with_a_gradient_is_new_in_every_play() -> None:
    """A decoder would learn the noise of one play by heart."""
    encoder, x = nn.Linear(4, 6), torch.randn(8, 4)

    def program() -> Tensor:
        mean, spread = encoder(x).chunk(2, 1)
        return torch.distributions.Normal(mean, spread.exp()).rsample().square().mean()

    tape, root = recorded(program)
    tape.own()
    played = {float(tape.play(copies(tape)).detach()) for _ in range(4)}
    assert len(played) == 4
    assert float(root.detach()) not in played
    assert not tape.rewards


def test_nothing_of_the_programs_is_changed_by_playing() -> None:
    norm = nn.BatchNorm1d(3)
    x = torch.randn(8, 3)
    tape, _ = recorded(lambda: norm(x).square().sum())
    before = norm.running_mean.clone()  # type: ignore[union-attr]
    tape.own()
    tape.play(copies(tape))
    assert torch.equal(before, norm.running_mean)  # type: ignore[arg-type]


def test_what_was_changed_since_is_not_whole() -> None:
    w, x = torch.ones(3, requires_grad=True), torch.ones(3)
    tape, _ = recorded(lambda: (w * x).sum())
    assert tape.whole
    x.zero_()
    assert not tape.whole


def test_rewards_of_what_was_drawn() -> None:
    policy, x = nn.Linear(3, 2), torch.randn(6, 3)

    def program() -> Tensor:
        choice = torch.distributions.Categorical(logits=policy(x))
        return -(torch.arange(6.0) * choice.log_prob(choice.sample())).mean()

    tape, _ = recorded(program)
    assert tape.rewards == [0, 1, 2, 3, 4, 5]


def test_rewards_that_the_network_gives_and_no_gradient_goes_through() -> None:
    policy, critic, x = nn.Linear(3, 2), nn.Linear(3, 1), torch.randn(6, 3)
    given = list[float]()

    def program() -> Tensor:
        choice, worth = torch.distributions.Categorical(logits=policy(x)), critic(x)[:, 0]
        given.extend(worth.tolist())
        return -(worth.detach() * choice.log_prob(choice.sample())).mean() + worth.square().mean()

    tape, _ = recorded(program)
    assert tape.rewards == given


def test_a_graph_that_was_not_seen_gives_no_tape() -> None:
    w = torch.ones(3, requires_grad=True)
    before = w * 2
    recorder = Recorder(lambda: False)
    recorder.start()
    root = before.sum()
    assert recorder.tape(root) is None
    recorder.stop()
