"""Which samples come, and in which order: loaders that shuffle, classes that are drawn alike."""

from __future__ import annotations

import math

from gradwise.diagnose import Finding
from gradwise.remedy.outside.cutting import drawn, mixed
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Known


def shuffled(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """The loader that training takes from draws at random; samples that are cut by hand are mixed once."""
    if any(loader.training and not loader.shuffled for loader in known.facts.loaders):
        return (Edit("keyword", "True", names=("DataLoader", "shuffle")),)
    return mixed(known)


def balanced(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """Training draws each class as often as any other one: its loader, or the order that it cuts batches from."""
    classes = any(
        loss.training and len(loss.counts) > 1 and math.prod(loss.target_shape[1:]) == 1 for loss in known.facts.losses
    )
    lines = (
        "_labels = torch.tensor([int({x}[i][-1]) for i in range(len({x}))])\n"
        "_sampler = torch.utils.data.WeightedRandomSampler(1 / _labels.bincount()[_labels].double(), len(_labels))"
    )
    sizes = {loader.samples for loader in known.facts.loaders if loader.training and loader.samples}
    if not sizes:
        return drawn(known)
    return tuple(Edit("sampler", lines, when=f"len({{x}}) == {size}") for size in sorted(sizes) if classes)
