"""Changes of how a DataLoader draws: each class as often as any other one."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from torch.utils.data import DataLoader, RandomSampler, WeightedRandomSampler

from gradwise.doctor.replacing import replace
from gradwise.remedy.outside.edit import Edit, filled
from gradwise.remedy.outside.pen import Pen
from gradwise.remedy.outside.sites import Mark, Site

_SHUFFLE, _SAMPLER = 1, 2  # their places behind the data


class Samplers:
    """DataLoaders are made otherwise, for good: the process ends with the program."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen

    def open(self) -> None:
        """From now on."""
        if any(self.pen.of("sampler")):
            replace(DataLoader, "__init__", self._made)

    def _made(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def init(loader: object, dataset: Any, *args: Any, **kwargs: Any) -> None:
            own = kwargs.get("sampler")
            shuffles = kwargs.get("shuffle") or args[_SHUFFLE : _SHUFFLE + 1] == (True,) or _alike(own)
            drawn = kwargs.get("batch_sampler") is not None or len(args) > _SAMPLER or not (own is None or _alike(own))
            for number, edit in self.pen.of("sampler"):
                if not drawn and shuffles and self.pen.evaluate(edit.when, x=dataset):
                    site = self.pen.map.here()
                    name, sampler = _idle(site, len(dataset))
                    if sampler is None:
                        sampler = self.pen.execute(edit.text, x=dataset)["_sampler"]
                    kwargs = {**kwargs, "shuffle": False, "sampler": sampler}
                    args = args[:_SHUFFLE]
                    self.pen.note(number, *self._written(site, edit, name))
                    break
            original(loader, dataset, *args, **kwargs)

        return init

    def _written(self, site: Site | None, edit: Edit, name: str) -> list[Mark]:
        """sampler=... for shuffle=True or for its own, and the lines above that make it, where the program has none."""
        call = site.node if site is not None else None
        if site is None or not isinstance(call, ast.Call):
            return []
        data = call.args[0] if call.args else next((w.value for w in call.keywords if w.arg == "dataset"), None)
        shuffle = next((word for word in call.keywords if word.arg in ("sampler", "shuffle")), None)
        if site.calls != "DataLoader" or data is None or (shuffle is None and len(call.args) != _SHUFFLE + 2):
            return [site.advice("DataLoader(..., sampler=_sampler)\n" + filled(edit.text, x="dataset"))]
        named = isinstance(data, (ast.Name, ast.Attribute))
        of = site.text.of(data) if named else "_data"
        lines = ("" if named else f"_data = {site.text.of(data)}\n") + filled(edit.text, x=of)
        marks = [] if name else [self.pen.safe(site.before(lines), site)]
        marks += [] if name or named else [site.instead(data, of)]
        drawn = f"sampler={name or '_sampler'}"
        marks.append(site.instead(shuffle or call.args[_SHUFFLE + 1], drawn))
        whole = all(mark.safe for mark in marks)
        return marks if whole else [site.advice("\n".join(mark.says for mark in marks))]


def _alike(sampler: object) -> bool:
    """Whether it draws each sample as often as any other."""
    if isinstance(sampler, WeightedRandomSampler):
        return bool((sampler.weights == sampler.weights[0]).all())
    return isinstance(sampler, RandomSampler)


def _idle(site: Site | None, samples: int) -> tuple[str, WeightedRandomSampler | None]:
    """A sampler that the program has made for so many samples, with its name there."""
    for name, value in site.names() if site is not None else ():
        if isinstance(value, WeightedRandomSampler) and len(value.weights) == samples and not _alike(value):
            return name, value
    return "", None
