"""Kill trainings, damage their checkpoints: `python benchmarks/kill.py --kills 100`, `--flips 1000`.

Every run must end as if nothing had happened: weights, optimizer, record and trace identical to the bit, no step lost
beyond the last save, no run folder that cannot be read, no damage that goes unseen. Otherwise this leaves with 1.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from machine import describe

os.environ.setdefault("OMP_NUM_THREADS", "1")  # a process is forked for each run: no threads before that
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))


def as_data(tally: Any) -> dict[str, Any]:
    """A tally's fields as plain data: `asdict` cannot copy a Counter."""
    return {name: dict(value) if isinstance(value, dict) else value for name, value in vars(tally).items()}


def main() -> int:
    """Run what was asked for; 0 where all is perfect."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=0, help="SIGKILLs, each at a random instant")
    parser.add_argument("--chain", type=float, default=None, help="chance that a resumed run is killed again")
    parser.add_argument("--saves", action="store_true", help="kill after every single save, too")
    parser.add_argument("--flips", type=int, default=0, help="damages to the newest checkpoint of a run")
    parser.add_argument("--resumes", type=int, default=10, help="damaged runs that are resumed to their end")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", action="append", help="a recipe, repeatable")
    parser.add_argument("--root", type=Path, help="where the runs lie (a temporary folder); failed ones stay")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--quiet", action="store_true", help="the summaries alone")
    asked = parser.parse_args()

    import torch

    torch.set_num_threads(1)
    from reliability.damage import damage_many
    from reliability.killing import AGAIN, kill_after_every_save, kill_many
    from reliability.recipes import RECIPES

    def show(line: str) -> None:
        if not asked.quiet:
            print(line, flush=True)

    recipes = tuple(asked.only or RECIPES)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="gradwise-kill-") as scratch:
        root = asked.root or Path(scratch)
        root.mkdir(parents=True, exist_ok=True)
        tallies = []
        if asked.kills:
            chain = AGAIN if asked.chain is None else asked.chain
            tallies.append(kill_many(root, asked.kills, asked.seed, recipes, chain, show))
            found["kills"] = as_data(tallies[-1])
        for recipe in recipes if asked.saves else ():
            tallies.append(kill_after_every_save(root, recipe))
            found[f"saves of {recipe}"] = as_data(tallies[-1])
        if asked.flips:
            tallies.append(damage_many(root, asked.flips, asked.resumes, asked.seed, recipes, show))
            found["flips"] = as_data(tallies[-1])
    for tally in tallies:
        print(*tally.failures, tally.line(), sep="\n", flush=True)
    found = describe() | {"perfect": all(tally.perfect for tally in tallies), **found}
    text = json.dumps(found, indent=2)
    print(json.dumps(found))
    if asked.json:
        asked.json.write_text(text + "\n")
    return 0 if found["perfect"] else 1


if __name__ == "__main__":
    sys.exit(main())
