"""What distillation, compression, transfer, fusion and averages are worth on real data, over paired seeds.

    python benchmarks/claims.py distillation compression    # these; without a name all
    python benchmarks/claims.py transfer --seeds 10

Each study (claim_studies.py) holds its arms against the first: mean test accuracy, the paired difference in points with
its 95 % interval, the p value after Holm's correction, and what it costs. Runs are kept in --folder and not made again.
Settings are usual ones, not searched for. Data: GRADWISE_DATA, with MNIST, FashionMNIST and omniglot/omniglot-py.
"""

from __future__ import annotations

import argparse
import math
import statistics
from pathlib import Path

import torch
from claim_studies import STUDIES, Arm, Arms
from machine import describe

from gradwise.errors import did_you_mean
from gradwise.experiment.statistics import holm, paired


def table(arms: Arms) -> str:
    """Rows in Markdown. Arms with fewer values than the first have no pairs."""
    (first, base), *others = arms.items()
    tests = [paired(differences(base, arm)) for _, arm in others if len(arm.values) == len(base.values)]
    corrected = iter(zip(tests, holm([test.p for test in tests]), strict=True))
    names = list(dict.fromkeys(name for arm in arms.values() for name in arm.beside))
    lines = [f"| {' | '.join(['', 'Test accuracy', 'Difference, points', 'p', *names])} |"]
    lines += ["|---" * (4 + len(names)) + "|", row(first, base, "", "", names)]
    for label, arm in others:
        size = p = ""
        if len(arm.values) == len(base.values):
            test, level = next(corrected)
            size = f"{100 * test.mean:+.2f} [{100 * test.low:+.2f}, {100 * test.high:+.2f}]"
            p = "" if math.isnan(level) else f"{level:.2g}"
        lines.append(row(label, arm, size, p, names))
    return "\n".join(lines)


def row(label: str, arm: Arm, size: str, p: str, names: list[str]) -> str:
    beside = [f"{statistics.median(arm.beside[name]):.4g}" if name in arm.beside else "" for name in names]
    return f"| {' | '.join([label, spread(arm.values), size, p, *beside])} |"


def differences(base: Arm, arm: Arm) -> list[float]:
    return [b - a for a, b in zip(base.values, arm.values, strict=True)]


def spread(values: list[float]) -> str:
    between = f" ± {100 * statistics.stdev(values):.2f}" if len(values) > 1 else ""
    return f"{100 * statistics.fmean(values):.2f} %{between} (n={len(values)})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("studies", nargs="*", metavar="STUDY", help=f"of {', '.join(STUDIES)}")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path("comparisons/claims"))
    given = parser.parse_args()
    for name in given.studies:
        if name not in STUDIES:
            parser.error(f"no study {name!r}: {did_you_mean(name, STUDIES)}")
    torch.set_num_threads(1)
    for name in given.studies or STUDIES:
        arms = STUDIES[name](given.folder / name, given.seeds)
        print(f"\n### {name}\n\n{str(STUDIES[name].__doc__).strip()}\n\n{table(arms)}", flush=True)
    print("\n" + "\n".join(f"{key}: {value}" for key, value in describe().items()))


if __name__ == "__main__":
    main()
