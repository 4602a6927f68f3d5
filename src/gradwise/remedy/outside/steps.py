"""Changes of the rate, the optimizer and the loop, as texts that run here and are written there."""

from __future__ import annotations

from gradwise.diagnose import Finding
from gradwise.remedy.outside import by_hand
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Change, Known

OWN_RATES = ("CyclicLR", "OneCycleLR")  # schedules that are told rates, and ask no optimizer for its own


def rate(factor: float) -> Change:
    """Another learning rate; by hand, where the loss is as good a place, the gradient."""

    def change(known: Known, finding: Finding) -> tuple[Edit, ...]:
        if known.by_hand:
            return by_hand.rate(known, factor)
        times = 'for _group in {{it}}.param_groups:\n    _group["lr"] {} {:g}'
        if any(each.scheduler in OWN_RATES for each in known.facts.optimizers):
            return (Edit("before-step", times.format("*=", factor)), Edit("after-step", times.format("/=", factor)))
        return (Edit("optimizer", times.format("*=", factor)),)

    return change


def setting(name: str, value: str) -> Change:
    """Another setting of the optimizer, where it has one of that name."""
    lines = f'for _group in {{it}}.param_groups:\n    _group["{name}"] = {value}'

    def change(known: Known, finding: Finding) -> tuple[Edit, ...]:
        known_there = any(name in optimizer.arguments or name == "betas" for optimizer in known.facts.optimizers)
        return (Edit("optimizer", lines),) if known_there and not known.by_hand else ()

    return change


def optimizer(expression: str) -> Change:
    """Another optimizer."""
    return lambda known, finding: () if known.by_hand else (Edit("make", expression),)


def clip(limit: float) -> Change:
    """A bound on the gradient's length."""
    weights = '[p for g in {it}.param_groups for p in g["params"]]'

    def change(known: Known, finding: Finding) -> tuple[Edit, ...]:
        if known.by_hand:
            return by_hand.clipped(known, limit)
        return (Edit("before-step", f"torch.nn.utils.clip_grad_norm_({weights}, {limit:g})"),)

    return change


SKIP = Edit(
    "before-step",
    'if not all(p.grad.isfinite().all() for g in {it}.param_groups for p in g["params"] if p.grad is not None):\n'
    "    {it}.zero_grad()",
)


def cleared(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """Gradients are cleared after each step, or before each backward pass."""
    if known.by_hand:
        return (Edit("before-backward", "for _weight in {leaves}:\n    _weight.grad = None"),)
    return (Edit("after-step", "{it}.zero_grad()"),)


STEP = Edit("after-backward", "{it}.step()\n{it}.zero_grad()")


def downhill(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """The other direction."""
    if any(each.maximize for each in known.facts.optimizers):
        return setting("maximize", "False")(known, finding) or (
            Edit("optimizer", 'for _group in {it}.param_groups:\n    _group["maximize"] = False'),
        )
    return by_hand.rate(known, -1) if known.by_hand else (Edit("backward", x="(-{x})"),)


_RESTORED = 'for _group in {it}.optimizer.param_groups:\n    _group["lr"] = _group.get("initial_lr", _group["lr"])\n'
_STILL = "{it}.step = lambda *_, **__: None"
CONSTANT = Edit("schedule", _RESTORED + _STILL)


def to_the_end(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """In the place of a schedule a rate that falls in a straight line, to almost nothing at the last step."""
    made = f"torch.optim.lr_scheduler.LinearLR({{it}}.optimizer, 1.0, 0.01, total_iters={known.facts.steps})"
    hook = "{it}.optimizer.register_step_post_hook(lambda *_, s=_falling: s.step())"
    lines = f"{_RESTORED}_falling = {made}\n{hook}\n{_STILL}"
    return (Edit("schedule", lines),) if known.facts.steps > 1 and not known.by_hand else ()


def fading(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """A rate that falls to almost nothing by the end."""
    steps = known.facts.steps
    if known.by_hand or steps < 10 or any(each.scheduler for each in known.facts.optimizers):
        return ()
    made = f"torch.optim.lr_scheduler.LinearLR({{it}}, 1.0, 0.01, total_iters={steps})"
    return (Edit("optimizer", f"_fading = {made}\n{{it}}.register_step_post_hook(lambda *_, s=_fading: s.step())"),)


def early(factor: float = 1.0) -> Change:
    """No step after the one at which the figure was best, or so much earlier or later."""

    def change(known: Known, finding: Finding) -> tuple[Edit, ...]:
        steps = round(factor * known.best * known.facts.steps)
        if known.by_hand or known.best >= 1 or not 1 <= steps < known.facts.steps:
            return ()
        hook = f"lambda it, *_, left=iter(range({steps})): it.zero_grad() if next(left, None) is None else None"
        return (Edit("optimizer", f"{{it}}.register_step_pre_hook({hook})"),)

    return change


HELD = Edit(
    "after-backward",
    '_held = {id(p) for g in {it}.param_groups for p in g["params"]}\n'
    "_loose = [p for p in {leaves} if id(p) not in _held]\n"
    "if _loose:\n"
    "    for _group in {it}.param_groups:\n"
    '        _group["params"] = [p for p in _group["params"] if p.grad is not None]\n'
    '    {it}.add_param_group({"params": _loose})',
)
DERIVED = Edit("derived")
TRAINING, EVALUATING, SEEDED_ONCE = Edit("train-mode"), Edit("eval-mode"), Edit("seed")
