"""The senses, in the order in which they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradwise.doctor.senses.activations import Activations
from gradwise.doctor.senses.averages import Averages
from gradwise.doctor.senses.functions import Functions
from gradwise.doctor.senses.leaks import Leaks
from gradwise.doctor.senses.loaders import Loaders
from gradwise.doctor.senses.losses import Losses
from gradwise.doctor.senses.masks import Masks
from gradwise.doctor.senses.modes import Modes
from gradwise.doctor.senses.nonfinite import Finiteness
from gradwise.doctor.senses.opponents import Opponents
from gradwise.doctor.senses.optimizers import Optimizers
from gradwise.doctor.senses.parameters import Parameters
from gradwise.doctor.senses.piling import Piling
from gradwise.doctor.senses.roots import Roots
from gradwise.doctor.senses.samples import Samples
from gradwise.doctor.senses.structure import Structure
from gradwise.doctor.senses.tapes import Tapes
from gradwise.doctor.senses.through_time import ThroughTime
from gradwise.doctor.senses.trials import Trials
from gradwise.doctor.senses.updates import Updates

if TYPE_CHECKING:
    from gradwise.doctor.sense import Sense

SENSES: tuple[type[Sense], ...] = (
    Loaders,
    Modes,
    Samples,
    Losses,
    Roots,
    Structure,
    Activations,
    Functions,
    Finiteness,
    Parameters,
    Optimizers,
    Piling,
    Updates,
    Opponents,
    Leaks,
    ThroughTime,
    Masks,
    Averages,
    Trials,  # near the end: its probes ask what the others have found
    Tapes,
)
OWN: tuple[type[Sense], ...] = (Modes, Samples, Losses, Roots, Structure)  # what our own runs do not know by themselves
