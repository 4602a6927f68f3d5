"""The vanishing-gradient study: what each technique does for plain stacks of 2 to 100 layers of 64 on MNIST.

    export GRADWISE_DATA=~/data                  # holds MNIST/raw with the four unpacked files
    python benchmarks/deep.py --list             # what would be trained
    python benchmarks/deep.py                    # all of it
    python benchmarks/deep.py --only adam lion --activations sigmoid --depths 10
    python benchmarks/deep.py --spread --only plain lsuv batch-norm layer-norm --activations sigmoid --depths 10
    python benchmarks/deep_page.py               # docs/vanishing-gradient.md and its pictures, from the rows

For each activation, depth and technique (deep_cases.py) the rate is chosen on the validation set with a seed that is
used for nothing else; then five seeds are trained, the first of them under watch (without a technique all), and its
trace is diagnosed. What does not learn with 10 layers is not tried with 30, what does not learn with 30 not with 100. A
row of what came out goes to docs/vanishing-gradient.jsonl; deep_rows.py judges them. Runs are kept in
--folder and not made again, whatever stopped the command.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from deep_cases import ACTIVATIONS, NAMED, TECHNIQUES, WIDTH, Technique, prepare, recipe_of
from deep_rows import FILE, Row, goes_on, keep, read

from gradwise import diagnose
from gradwise.errors import did_you_mean
from gradwise.experiment import Outcome, Trial
from gradwise.experiment.trials import perform
from gradwise.recipe import Recipe
from gradwise.training import Training
from gradwise.watch import Trace

SEEDS = 5
CHOOSING = 100  # the seed that rates are chosen with
LOOKS = 5  # at the end of a run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="NAME", default=[*NAMED], help="techniques, by default all")
    parser.add_argument("--activations", nargs="+", choices=ACTIVATIONS, default=[*ACTIVATIONS])
    parser.add_argument("--depths", nargs="+", type=int, help="numbers of hidden layers, by default all")
    parser.add_argument("--folder", type=Path, default=Path("comparisons/deep"))
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--list", action="store_true", help="print what would be trained, and train nothing")
    parser.add_argument("--spread", action="store_true", help="how far the images' signals lie apart at the start")
    given = parser.parse_args()
    for name in given.only:
        if name not in NAMED:
            parser.error(f"no technique {name!r}: {did_you_mean(name, NAMED)}")
    asked = [
        (technique, activation, depth)
        for depth in given.depths or sorted({depth for t in TECHNIQUES for depth in t.depths})
        for technique in TECHNIQUES
        for activation in given.activations
        if technique.name in given.only and activation in technique.stages and depth in technique.depths
    ]
    asked.sort(key=lambda case: case[0].name != "plain")  # which the others are measured by
    torch.set_num_threads(1)
    prepare(given.folder / "mnist.npz")
    for number, (technique, activation, depth) in enumerate(asked, 1):
        head = f"{number}/{len(asked)} {technique.name:16} {activation:8} {depth:3}"
        if given.spread:
            pairs = spreads(recipe_of(technique, activation, depth, 1.0, 0, given.folder / "mnist.npz", watch=False))
            print(head, " ".join(f"{images:.0e}:{units:.0e}" for images, units in pairs))
            continue
        why = "" if given.list else goes_on(technique, activation, depth, read(given.out))
        if given.list or why:
            print(head, why or technique.grid(activation, depth))
            continue
        begun = time.process_time()
        row = measure(technique, activation, depth, given.folder)
        keep(row, given.out)
        figures = " ".join("-" if value is None else f"{100 * value:.1f}" for value in row.accuracy)
        print(f"{head} lr {row.rate:<7g} {figures}   {time.process_time() - begun:.1f} s", flush=True)


def measure(technique: Technique, activation: str, depth: int, folder: Path) -> Row:
    """Choose the rate, train the seeds, read their traces."""
    label, data = f"{technique.name}-{activation}-{depth}", folder / "mnist.npz"

    def trial(rate: float, seed: int, watch: bool) -> Trial:
        return Trial(label, recipe_of(technique, activation, depth, rate, seed, data, watch))

    tried = {rate: trial(rate, CHOOSING, False) for rate in technique.grid(activation, depth)}
    outcomes = {outcome.key: outcome for outcome in perform(tried.values(), folder)}
    figures = {rate: outcomes[one.key] for rate, one in tried.items()}
    rate = best(figures)
    watched = range(SEEDS if technique.name == "plain" else 1)
    trials = [trial(rate, seed, seed in watched) for seed in range(SEEDS)]
    seen, unseen = trials[: watched.stop], trials[watched.stop :]  # what is trained together is not watched
    done = [*perform(seen, folder, together=False), *perform(unseen, folder)]
    done.sort(key=lambda outcome: outcome.seed)
    traces = [trace_of(done[seed], folder) for seed in watched]
    shares = [share_at_end(trace) for trace in traces]
    return Row(
        technique=technique.name,
        activation=activation,
        depth=depth,
        rate=rate,
        grid={f"{r:g}": None if o.failed else round(o.figures["valid_accuracy"], 4) for r, o in figures.items()},
        accuracy=[None if outcome.failed else outcome.figures["test_accuracy"] for outcome in done],
        gradient=[float(f"{size:.3g}") for size in gradient_at_start(trials[0].recipe)],
        share_at_end=float(f"{np.median(shares):.3g}") if np.isfinite(shares).all() else None,
        found=[found_in(trace) for trace in traces],
        cpu=round(float(np.median([outcome.cpu for outcome in done])), 2),
    )


def best(figures: dict[float, Outcome]) -> float:
    """The rate with the highest accuracy on the validation set; of equal ones that with the lowest loss."""
    done = {rate: o.figures for rate, o in figures.items() if not o.failed}
    return max(done or figures, key=lambda r: (done[r]["valid_accuracy"], -done[r]["valid_loss"]) if done else -r)


# Gradients.


def gradient_at_start(recipe: Recipe) -> list[float]:
    """Root mean square of each matrix' gradient at the first batch, as the optimizer gets it, input to output.

    In float64: float32 has no squares of numbers below 1e-23.
    """
    training = Training(recipe)
    for _ in training.set_up():
        pass
    model, batch = training.parts.model.double(), next(iter(training.parts.supply.batches(0, 0)))
    model.train()
    torch.manual_seed(recipe.seed)
    training.recipe.objective(model, batch._replace(x=batch.x.double())).backward()
    params = list(model.parameters())
    for rewrite in training.recipe.gradient:
        rewrite(params)
    matrices = [p for p in params if p.dim() == 2]
    return [0.0 if p.grad is None else float(p.grad.square().mean().sqrt()) for p in matrices]


@torch.no_grad()
def spreads(recipe: Recipe) -> list[tuple[float, float]]:
    """Of each linear layer's output at the start: its spread from image to image, and from unit to unit."""
    training = Training(recipe)
    for _ in training.set_up():
        pass
    x = next(iter(training.parts.supply.batches(0, 0))).x.double()
    found: list[tuple[float, float]] = []
    for layer in training.parts.model.double().train().children():
        x = layer(x)
        if isinstance(layer, torch.nn.Linear):
            found.append((float(x.std(0).mean()), float(x.mean(0).std())))
    return found


def trace_of(outcome: Outcome, folder: Path) -> Trace:
    return Trace.read(folder / "runs" / f"{outcome.label}-{outcome.seed}-{outcome.key[:6]}")


def share_at_end(trace: Trace) -> float:
    """The first hidden matrix' gradient over the last one's, in the last looks of a run; nan where both are 0."""
    sizes: list[float] = []
    for column in trace.columns:
        if (column.place, column.measure, column.size) == ("gradient", "square_sum", WIDTH * WIDTH):
            found = trace.series("gradient", column.where, "norm")
            sizes.append(float(np.median(found[1][-LOOKS:])) if found is not None else np.nan)
    with np.errstate(all="ignore"):
        return float(np.float64(sizes[0]) / sizes[-1]) if sizes else np.nan


def found_in(trace: Trace) -> list[str]:
    """What the rules name: "vanishing-gradient:error"."""
    diagnosed: Any = diagnose(trace)
    return [f"{finding.code}:{finding.severity}" for finding in diagnosed.findings]


if __name__ == "__main__":
    main()
