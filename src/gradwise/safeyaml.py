"""YAML read safely: no tags, no anchors, no key twice, at most 1 MB and 32 levels."""

from __future__ import annotations

from typing import Any

import yaml

from gradwise.errors import RecipeError

_MOST_BYTES, _MOST_DEPTH = 1_000_000, 32


def read(text: str, where: str) -> dict[str, Any]:
    """Parse a recipe's text."""
    if len(text) > _MOST_BYTES:
        raise RecipeError("A recipe is at most 1 MB of text.", where=where)
    depth = 0
    try:
        for event in yaml.parse(text, yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _MOST_DEPTH or isinstance(event, yaml.AliasEvent):
                raise RecipeError(f"A recipe has no aliases and at most {_MOST_DEPTH} levels.", where=where)
        written = yaml.load(text, _UniqueKeys)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f"{where}, line {mark.line + 1}" if mark else where
        why = str(getattr(error, "problem", error))
        fix = "look there and in the line before: a bracket, comma or colon, and the indentation."
        if "'\\t'" in why:
            why, fix = "a line is indented with a tab.", "indent with spaces."
        elif "constructor for the tag" in why:
            why, fix = "it holds a tag (!), which could run code.", "remove it; write package.function instead."
        raise RecipeError("The recipe is not valid YAML.", where=line, why=why, fix=fix) from None
    if not isinstance(written, dict):
        raise RecipeError("A recipe is a mapping of stages.", where=where, fix="gradwise init shows one.")
    return {str(key): value for key, value in written.items()}


class _UniqueKeys(yaml.SafeLoader):
    """A key that is written twice is a mistake, not a change of mind."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()  # one pass: a hostile file has many keys
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} is written twice", key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


# YAML 1.1 takes on, off, yes and no for truth values, as keys too; here, as in YAML 1.2, only true and false are any
_UniqueKeys.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if first in "tTfF" or not tag.endswith(":bool")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
