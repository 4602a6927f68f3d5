"""The pictures of the vanishing-gradient study. Colours are Okabe and Ito's, told apart by line and mark too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
from deep_cases import ACTIVATIONS, DEPTHS, NAMED, TECHNIQUES
from deep_rows import Judged, Row

matplotlib.use("Agg")
import matplotlib.pyplot as plt

NAMES = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU"}
STYLES = {  # of the lines in the first two pictures
    "plain": ("black", "o", "-"),
    "xavier": ("#0072b2", "s", "--"),
    "he": ("#0072b2", "s", "--"),
    "batch-norm": ("#d55e00", "^", "-."),
    "residual": ("#009e73", "v", ":"),
    "norm-residual": ("#cc79a7", "D", "-"),
}
SHOWN = {
    "sigmoid": ("plain", "xavier", "batch-norm", "residual", "norm-residual"),
    "tanh": ("plain", "xavier", "batch-norm", "residual", "norm-residual"),
    "relu": ("plain", "he", "batch-norm", "residual", "norm-residual"),
}
BY_ACTIVATION = {"sigmoid": ("#0072b2", "o"), "tanh": ("#d55e00", "s"), "relu": ("#009e73", "^")}
DEEP = 10  # layers in the first picture


def draw(found: Sequence[Judged], folder: Path, png: Path | None = None) -> None:
    """Write all of them as SVG, and as PNG where asked."""
    plt.rcParams.update({"svg.hashsalt": "gradwise", "svg.fonttype": "none", "font.size": 10})
    plt.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False})
    rows = [j.row for j in found]
    for name, made in (("layers", by_layer(rows)), ("depth", by_depth(rows)), ("techniques", by_technique(found))):
        file = folder / f"vanishing-gradient-{name}.svg"
        made.savefig(file, metadata={"Date": None}, bbox_inches="tight")
        file.write_text("\n".join(line.rstrip() for line in file.read_text().splitlines()) + "\n")
        if png is not None:
            png.mkdir(parents=True, exist_ok=True)
            made.savefig(png / f"{name}.png", dpi=110, bbox_inches="tight")
        plt.close(made)


def by_layer(rows: Sequence[Row]) -> Any:
    """The gradient of every hidden matrix at the start, before and after."""
    known = {(row.technique, row.activation): row for row in rows if row.depth == DEEP}
    picture, panels = plt.subplots(1, 3, figsize=(11, 4), sharey=True, layout="constrained")
    for panel, activation in zip(panels, ACTIVATIONS, strict=True):
        for technique in SHOWN[activation]:
            row = known.get((technique, activation))
            if row is None:
                continue
            colour, mark, line = STYLES[technique]
            sizes = row.gradient[:-1]
            panel.semilogy(range(1, len(sizes) + 1), sizes, color=colour, marker=mark)
            panel.lines[-1].set(linestyle=line, markersize=4, label=NAMED[technique].title)
        panel.set(title=NAMES[activation], xlabel="hidden layer (1: next to the input)")
        panel.grid(alpha=0.25)
        panel.legend(fontsize=8, loc="lower right")
    panels[0].set_ylabel("gradient of its weights at the start\n(root mean square, log scale)")
    return picture


def by_depth(rows: Sequence[Row]) -> Any:
    """The plain networks: what they reach and what is left of the gradient; filled where the doctor names it."""
    picture, panels = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for activation, (colour, mark) in BY_ACTIVATION.items():
        here = sorted(
            (r for r in rows if (r.technique, r.activation) == ("plain", activation)), key=lambda row: row.depth
        )
        depths = [row.depth for row in here]
        shares = [(row.depth, row.share) for row in here if row.share > 0]
        for panel, xs, ys in (
            (panels[0], depths, [100 * row.mean for row in here]),
            (panels[1], [d for d, _ in shares], [share for _, share in shares]),
        ):
            panel.plot(xs, ys, color=colour, linewidth=1.2)
            for x, y in zip(xs, ys, strict=True):
                row = next(row for row in here if row.depth == x)
                named = 2 * row.named("vanishing-gradient") > len(row.found)
                panel.plot(x, y, mark, color=colour, markersize=7, markerfacecolor=colour if named else "white")
            panel.plot([], [], mark + "-", color=colour, markerfacecolor="white", label=NAMES[activation])
    ticks = sorted({row.depth for row in rows if row.technique == "plain"})
    for panel in panels:
        panel.set(xscale="log", xlabel="hidden layers (log scale)")
        panel.set_xticks(ticks, [str(tick) for tick in ticks])
        panel.minorticks_off()
        panel.grid(alpha=0.25)
    panels[0].axhline(10, color="grey", linewidth=0.8, linestyle=":")
    panels[0].text(2, 12, "guessing", color="grey", fontsize=8)
    panels[0].set(ylabel="accuracy on the test set, %", ylim=(0, 100), title="what a plain network reaches")
    title = "what is left of the gradient at the first hidden matrix"
    panels[1].set(yscale="log", ylabel="first over last, at the start (log scale)", title=title)
    panels[0].plot([], [], "o", color="grey", label="filled: the doctor names\nvanishing-gradient")
    panels[0].legend(fontsize=9)
    return picture


def by_technique(found: Sequence[Judged]) -> Any:
    """Accuracy of every technique, activation and depth as a map; framed where it treats."""
    known = {(j.row.technique, j.row.activation, j.row.depth): j for j in found}
    shown = [t for t in TECHNIQUES if any(key[0] == t.name for key in known)]
    columns = [(a, depth) for a in ACTIVATIONS for depth in DEPTHS if (a, depth) in {key[1:] for key in known}]
    picture, panel = plt.subplots(figsize=(8.5, 0.235 * len(shown) + 1.2), layout="constrained")
    colours = matplotlib.colormaps["cividis"]
    for y, technique in enumerate(shown):
        for x, column in enumerate(columns):
            judged = known.get((technique.name, *column))
            if judged is None:
                continue
            share, treats = judged.row.mean, judged.word == "treats"
            panel.add_patch(plt.Rectangle((x, y), 1, 1, facecolor=colours(share), edgecolor="white"))
            panel.text(
                x + 0.5, y + 0.55, f"{100 * share:.0f}" + "*" * treats, ha="center", va="center", fontsize=8,
                color="black" if share > 0.5 else "white", fontweight="bold" if treats else "normal",
            )  # fmt: skip
        if y and technique.group != shown[y - 1].group:
            panel.axhline(y, color="black", linewidth=0.8)
    for x in range(1, len(columns)):
        if columns[x][0] != columns[x - 1][0]:
            panel.axvline(x, color="black", linewidth=0.8)
    panel.set(xlim=(0, len(columns)), ylim=(len(shown), 0))
    panel.set_yticks([y + 0.5 for y in range(len(shown))], [t.title for t in shown], fontsize=8)
    panel.set_xticks([x + 0.5 for x in range(len(columns))], [f"{NAMES[a]}\n{d}" for a, d in columns], fontsize=8)
    panel.xaxis.tick_top()
    panel.tick_params(length=0)
    panel.set_xlabel("mean test accuracy over 5 seeds, %, by activation and hidden layers; *: treats; blank: not tried")
    return picture
