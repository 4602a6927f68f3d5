"""Which samples come, and in which order: loaders that shuffle, classes that are drawn alike."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator

from gradwise.diagnose import Finding
from gradwise.remedy.outside.cutting import drawn, mixed
from gradwise.remedy.outside.data import calls, written
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Known


def shuffled(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """The loader that training takes from draws at random; samples that are cut by hand are mixed once."""
    if streams := tuple(_listed(known)):
        return streams
    if any(loader.training and not loader.shuffled for loader in known.facts.loaders):
        return (Edit("keyword", "True", names=("DataLoader", "shuffle")),)
    return mixed(known)


def _listed(known: Known) -> Iterator[Edit]:
    """A stream has no order to choose: what it gives becomes a list that is drawn from."""
    sources = {loader.source for loader in known.facts.loaders if loader.training and loader.samples is None}
    for node in ast.walk(known.text.tree):
        if isinstance(node, ast.Call) and calls(node, "DataLoader") and len(node.args) == 1:
            stream, rest = known.text.of(node.args[0]), [w for w in node.keywords if w.arg and w.arg != "shuffle"]
            if any(source.endswith(f":{node.lineno}") for source in sources):
                words = [f"list({stream})", *(f"{w.arg}={known.text.of(w.value)}" for w in rest), "shuffle=True"]
                yield written(known, node, f"{known.text.of(node.func)}({', '.join(words)})")


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
