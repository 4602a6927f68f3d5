"""The built-in recipes, a YAML file each. Found without importing what they need, so that listing them is quick."""

from __future__ import annotations

from pathlib import Path

from gradwise.errors import RecipeError, did_you_mean

BUILT_IN = Path(__file__).parent


def names() -> list[str]:
    """The built-in recipes."""
    return sorted(path.stem for path in BUILT_IN.glob("*.yaml"))


def find(name: str) -> Path:
    """A recipe's file: a path, or the name of a built-in one."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or "/" in name:
        if not path.is_file():
            fix = "gradwise init writes one; gradwise ls lists ours."
            raise RecipeError(f"There is no recipe file {name}.", fix=fix)
        return path
    if name not in names():
        raise RecipeError(f"There is no recipe {name!r}.", fix=did_you_mean(name, names()))
    return BUILT_IN / f"{name}.yaml"
