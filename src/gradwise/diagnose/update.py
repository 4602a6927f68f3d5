"""Rules of the family "update": the rate, the course of the loss, and who steps whither."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gradwise.diagnose.ascent import gradient_ascent
from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding
from gradwise.diagnose.held import not_optimised
from gradwise.diagnose.plateau import plateau
from gradwise.diagnose.rates import learning_rate_too_high, learning_rate_too_low
from gradwise.diagnose.spike import loss_spike
from gradwise.diagnose.stalls import schedule_stalls
from gradwise.diagnose.swings import oscillating_loss

RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    gradient_ascent,
    not_optimised,
    schedule_stalls,
    learning_rate_too_high,
    learning_rate_too_low,
    loss_spike,
    oscillating_loss,
    plateau,
)
