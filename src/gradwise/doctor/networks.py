"""The networks of a program: what it calls that has weights."""

from __future__ import annotations

import weakref

from torch import nn
from torch.nn.modules.loss import _Loss

from gradwise.doctor.names import Names
from gradwise.doctor.sources import Sources
from gradwise.watch.facts import Facts, Network


class Networks:
    """Their facts, by module."""

    def __init__(self, facts: Facts, names: Names, sources: Sources) -> None:
        self._facts, self._names, self._sources = facts, names, sources
        self._known: weakref.WeakKeyDictionary[nn.Module, Network] = weakref.WeakKeyDictionary()
        self._weighs: weakref.WeakKeyDictionary[nn.Module, bool] = weakref.WeakKeyDictionary()

    def of(self, module: nn.Module) -> Network:
        """The facts of a module that the program calls."""
        network = self._known.get(module)
        if network is None:
            inner = getattr(module, "_orig_mod", module)  # what torch.compile wraps
            network = self._known.get(inner)
            if network is None:
                network = Network(
                    self._names.add_root(inner, self._sources.frame(4)),
                    parameters=sum(p.numel() for p in inner.parameters()),
                )
                network.modules = list(dict.fromkeys(type(m).__name__ for m in inner.modules()))
                if inner is not module:
                    network.opaque = "torch.compile"
                self._facts.networks.append(network)
                self._known[inner] = network
            self._known[module] = network
        return network

    def weighs(self, module: nn.Module) -> bool:
        """Whether it has weights, and is no loss."""
        known = self._weighs.get(module)
        if known is None or not known:  # lazy layers get theirs later
            known = not isinstance(module, _Loss) and next(module.parameters(), None) is not None
            self._weighs[module] = known
        return known
