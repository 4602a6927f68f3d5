"""A finished run as a technique of stage `model`: a recipe names it wherever it names a network.

It is in no folder of techniques, for it opens a recipe, which those know nothing of.
"""

from __future__ import annotations

from dataclasses import field

from torch import nn

from gradwise.stages import technique


@technique
class FromRun:
    """The network of a finished run, rebuilt from its recipe, surgery included, with the weights it was judged by.

    stage: model.
    A teacher that had surgery is named so, or a network that another recipe goes on with; the run's data are read too,
    for its surgery may go by them. Whatever the seed, the weights are the same.
    Args: run: its folder; its recipe may hold code of packages that `--allow` names.
    """

    run: str
    # What the user trusts, which no recipe's file can say of itself: `recipefile` hands it on.
    allowed: list[str] = field(default_factory=list[str], init=False, repr=False, compare=False)

    def __call__(self) -> nn.Module:
        """The network, in training mode. Raises RunError, RecipeError, DataError where the run cannot be opened."""
        from gradwise.fusion import member  # reads recipes: only when it is needed

        return member(self.run, self.allowed, "FromRun").model.train()
