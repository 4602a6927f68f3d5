"""Problem -> changes of somebody else's program, by gain per cost; and what no change from outside reaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from gradwise.remedy.outside import (
    activation,
    by_hand,
    cutting,
    data,
    drawing,
    dropping,
    kept,
    losses,
    networks,
    penalties,
    reading,
    recurrences,
    shadows,
    steps,
    straight,
)
from gradwise.remedy.outside.known import Change, both, plain


@dataclass(frozen=True)
class Remedy:
    """A change that treats a problem."""

    technique: str
    change: Change
    why: str
    hides: bool = False  # it may hide the cause instead of removing it
    loss: bool = False  # it changes what the loss is: its values cannot be compared


# The rate, and the step.
LOWER = Remedy("rate x 0.1", steps.rate(0.1), "smaller steps stay within what the gradient knows")
MUCH_LOWER = Remedy("rate x 0.01", steps.rate(0.01), "the same, where the rate is two powers of ten off")
LEAST = Remedy("rate x 0.001", steps.rate(0.001), "the same, where it is three off")
SLIGHTLY_LOWER = Remedy("rate x 0.3", steps.rate(0.3), "steps that no longer jump over the valley")
HIGHER = Remedy("rate x 10", steps.rate(10), "steps that get somewhere within the run")
MUCH_HIGHER = Remedy("rate x 100", steps.rate(100), "the same, where the rate is two powers of ten off")
GREATEST = Remedy("rate x 1000", steps.rate(1000), "the same, where it is three off")
BEYOND_ALL = Remedy("rate x 10000", steps.rate(10000), "the same, where it is four off")
ADAM = Remedy(
    "Adam",
    steps.optimizer("torch.optim.Adam({params}, lr=0.001)"),
    "its steps do not depend on the gradient's size",
    hides=True,
)
MOMENTUM = Remedy("momentum 0.9", steps.setting("momentum", "0.9"), "it remembers ten steps, not a thousand")
BETAS = Remedy(
    "usual betas", steps.setting("betas", "(0.9, 0.999)"), "the first is the short memory, the second the long one"
)
CLIP = Remedy("clip at 1", steps.clip(1.0), "it bounds every step, whatever makes the gradient large", hides=True)
TIGHT = Remedy("clip at 0.1", steps.clip(0.1), "the same, where usual gradients are small", hides=True)
SKIP = Remedy("skip steps that are not finite", plain(steps.SKIP), "a NaN once stepped stays for good", hides=True)
FADING = Remedy("a rate that falls", steps.fading, "steps that shrink let the loss settle")
TO_THE_END = Remedy("a rate that falls to the end", steps.to_the_end, "it falls as long as the run takes, no faster")
CONSTANT = Remedy("a constant rate", plain(steps.CONSTANT), "a rate that does not fall does not stall")

# The program.
ZERO_GRAD = Remedy("zero_grad", steps.cleared, "each step follows the gradient at the weights as they are now")
STEP = Remedy("step", plain(steps.STEP), "backward() computes gradients only; the step changes the weights")
DOWNHILL = Remedy("the other sign", steps.downhill, "the loss is to fall")
HOLD = Remedy("all weights in the optimizer", plain(steps.HELD), "what no optimizer holds never changes")
TRAINING = Remedy("train()", plain(steps.TRAINING), "dropout and batch norm do their work in training mode only")
EVALUATING = Remedy("eval()", plain(steps.EVALUATING), "evaluation is to be without dropout, by running statistics")
BY_MODE = Remedy("dropout by mode", dropping.by_mode, "a function drops out in evaluation too, unless it is told")
SHUFFLE = Remedy("shuffle=True", drawing.shuffled, "every batch is then a sample of all the data")
SEED_ONCE = Remedy("seed once", plain(steps.SEEDED_ONCE), "a seed set again draws the same numbers again")
STRAIGHT = Remedy("straight through", straight.through, "a step has no slope: on the way back it gets a smooth one's")
SOFT = Remedy("softmax for the largest", straight.soft, "ones for the largest have no slope")
GO_ON = Remedy("batches that go on", cutting.going_on, "an iterator that begins anew gives the first batch again")
ANYWHERE = Remedy("batches from all of it", cutting.anywhere, "where a batch begins was worked out from too few")
KEEP = Remedy("kept in the graph", kept.inside, "numbers that are taken out of the graph carry no gradient back")
ATTACH = Remedy("no detach", losses.attached, "what is taken out of the graph gets no gradient")
BETWEEN = Remedy("no detach between networks", losses.attached_between, "the first of them gets no gradient else")
RECORD = Remedy("no no_grad in the network", losses.recorded, "what is calculated under it gets no gradient")
DERIVE = Remedy("torch's own derivative", plain(steps.DERIVED), "it is that of the forward pass, by construction")
LARGER_BATCH = Remedy("batch x 16", data.larger_batch(16), "the mean over more samples is less noisy")

# The network.
ANEW = Remedy("torch's own initialisation", networks.anew, "it fits most modules, gates and embeddings included")
HE = Remedy("He", networks.HE, "variance 2 / fan-in keeps a signal's size through ReLU")
XAVIER = Remedy("Xavier", networks.XAVIER, "the size of weights that sigmoid and tanh bear")
ORTHOGONAL = Remedy("orthogonal", networks.ORTHOGONAL, "a rotation keeps lengths through any depth")
RECURRENT = Remedy("orthogonal recurrence", recurrences.orthogonal, "a rotation keeps lengths through time")
GATED = Remedy("GRU for RNN", recurrences.gated, "its gates let the gradient pass")
LARGEST = Remedy("the largest state", reading.largest, "what came early need not last until the end")
OTHERS = Remedy("masks the other way round", reading.the_others, "what is there counts, and what is filled up does not")
OPEN = Remedy("gates that begin open", recurrences.open_gates, "what came first is still there at the end")
IN_TIME = Remedy("batch_first=True", recurrences.in_time, "the first axis is the batch, and the second the time")
CARRIED_ON = Remedy("a state that is carried on", recurrences.carried_on, "it changes a little at each step")
TENSORS = Remedy("random matrices", networks.TENSORS, "units that start different become different")
BEGUN = Remedy("Xavier for matrices", by_hand.begun, "units that start different become different")
RELU = Remedy("ReLU, He", both(networks.RELU, networks.HE), "its derivative is 1 where it is on, whatever the depth")
LEAKY = Remedy("leaky ReLU", networks.LEAKY, "a unit that is off still gets a gradient")
OWN_BEND = Remedy("its own activation", activation.own, "it is defined, and nothing calls it")
BEND = Remedy("ReLU between the layers", activation.otherwise(networks.BENT), "that makes depth count")
SMOOTH = Remedy("GELU between the layers", activation.otherwise(networks.SMOOTHLY_BENT), "the same, without an edge")
LAYER_NORM = Remedy("layer normalisation", networks.NORMALISED, "it keeps the signal's size in every layer", hides=True)
TOWER = Remedy("layer normalisation", networks.tower, "what every layer passes on then keeps its size")
CALM = Remedy("normalised before sigmoid and tanh", networks.calmed, "between their limits the derivative is not 0")
DEEP = Remedy("shortcuts", networks.deep, "the gradient gets past the layers undiminished")
BLOCKS = Remedy("shortcuts round blocks", networks.round_blocks, "the gradient gets past the blocks undiminished")
RESIDUAL = Remedy("shortcuts", networks.RESIDUAL, "the gradient gets past the layers undiminished")
USUAL_MOMENTUM = Remedy("BatchNorm momentum 0.1", networks.USUAL_MOMENTUM, "statistics that follow within ten batches")
OWN_STATISTICS = Remedy("statistics of the batch", networks.OWN_STATISTICS, "evaluation then sees what training saw")
CARRIED = Remedy("buffers carried along", shadows.carried, "averaged weights need the statistics of the network too")
GROUP_NORM = Remedy("GroupNorm for BatchNorm", networks.GROUPED, "its statistics are a sample's own")
WIDER = Remedy("16 x wider", data.wider(16), "more units bend the function in more places")
NO_DROPOUT = Remedy("less dropout", networks.dropout(0.1), "what is left out cannot learn")
RELAX = Remedy(
    "decay and penalty x 0.0001", penalties.relaxed(1e-4), "what regularises is to be a small part of the step"
)
RELAX_LESS = Remedy("decay and penalty x 0.01", penalties.relaxed(0.01), "the same, where it has its use")
DROPOUT = Remedy("dropout 0.5", networks.dropping(0.5), "no unit can rely on a few others")
DECAY = Remedy("decay 0.01", steps.setting("weight_decay", "0.01"), "smaller weights fit less noise")
EARLY = Remedy("early stop", steps.early(), "it ends where it was best", hides=True)
STANDARDISE = Remedy("standardised input", networks.standardised, "mean 0 and spread 1: one rate suits all weights")
RAW = Remedy("no last activation", networks.unsquashed, "the last layer may then reach every target")

# The loss.
LOGITS = Remedy("scores again", losses.logits, "the loss makes probabilities itself", loss=True)
DRAWN_BY = Remedy("probs for logits", losses.drawn_by, "what is handed over are probabilities already", loss=True)
PROBABILITIES = Remedy("probabilities", losses.probabilities, "the loss expects (log-)probabilities", loss=True)
ALIKE = Remedy("one shape", losses.alike, "each prediction meets its own target", loss=True)
BINARY = Remedy("a yes or no for each", losses.BINARY, "labels that do not exclude each other", loss=True)
SQUARED = Remedy("squared error", losses.SQUARED, "numbers to be reached, not classes", loss=True)
SCORES = Remedy("a score for each class", losses.classes, "class 3 is no mean of 2 and 4", loss=True)
WEIGHTED = Remedy("class weights", losses.weighted, "an error on a rare class costs as much as all others", loss=True)
BALANCED = Remedy("balanced batches", drawing.balanced, "a batch then has as many of each class", loss=True)
BASELINE = Remedy("mean reward as baseline", losses.baseline, "what all choices earn teaches nothing", loss=True)
ONE_MORE = Remedy("one output more", networks.ONE_MORE, "the labels then find theirs, as they are counted", loss=True)
FROM_ZERO = Remedy("labels from 0", losses.from_zero, "outputs count from 0", loss=True)
IGNORED = Remedy("fillers left out", losses.ignored, "no output stands for them", loss=True)
GUARDED = Remedy("a floor under sqrt and log", losses.GUARDED, "at 0 their derivative is infinite")
FINITE = Remedy("-1e9 as a mask", losses.finite, "a row of minus infinity has no softmax")
SPREAD = Remedy("a floor under divisors", losses.SPREAD, "a spread of 0 divides by 0")

CATALOGUE: dict[str, tuple[Remedy, ...]] = {
    "vanishing-gradient": (
        *(GATED, LARGEST, OPEN, CARRIED_ON, RECURRENT, BEGUN, BLOCKS, DEEP, RELU, HE, ANEW, XAVIER, LAYER_NORM, ADAM),
        *(RESIDUAL, ORTHOGONAL),
    ),
    "exploding-gradient": (TOWER, CLIP, RECURRENT, BEGUN, LOWER, TIGHT, ANEW, HE, MUCH_LOWER, LAYER_NORM),
    "non-finite": (GUARDED, SPREAD, FINITE, SKIP, LOWER, CLIP, MUCH_LOWER, STANDARDISE),
    "no-gradient": (ATTACH, BETWEEN, KEEP, STRAIGHT, SOFT, RECORD),
    "noisy-gradient": (BASELINE, LARGER_BATCH, LOWER, FADING, MUCH_LOWER, ADAM),
    "dead-units": (BEGUN, HE, ANEW, DEEP, LEAKY, LOWER, SLIGHTLY_LOWER, LAYER_NORM, ADAM),
    "saturated-units": (BEGUN, XAVIER, ANEW, STANDARDISE, CALM, LAYER_NORM, RELU, LOWER),
    "symmetric-initialisation": (BEGUN, HE, ANEW, TENSORS, XAVIER),
    "initialisation-scale": (RECURRENT, BEGUN, HE, ANEW, XAVIER, TENSORS, LAYER_NORM),
    "learning-rate-too-high": (LOWER, MUCH_LOWER, LEAST, ADAM, CLIP),
    "learning-rate-too-low": (GREATEST, MUCH_HIGHER, ADAM, BEYOND_ALL, HIGHER),
    "oscillating-loss": (MOMENTUM, BETAS, LOWER, FADING, TO_THE_END, MUCH_LOWER, SLIGHTLY_LOWER),
    "loss-spike": (CLIP, TIGHT, CONSTANT, SLIGHTLY_LOWER, LOWER, ADAM),
    "plateau": (IN_TIME, OTHERS, LOWER, HIGHER, ADAM, HE, LAYER_NORM, MUCH_LOWER, MUCH_HIGHER),
    "gradient-ascent": (DOWNHILL,),
    "not-optimised": (HOLD,),
    "schedule-stalls": (CONSTANT, TO_THE_END, HIGHER),
    "probabilities-as-logits": (LOGITS, DRAWN_BY, RAW),
    "logits-as-probabilities": (PROBABILITIES,),
    "loss-shape-broadcast": (ALIKE,),
    "wrong-loss": (SCORES, BINARY, SQUARED),
    "output-activation": (RAW,),
    "no-nonlinearity": (OWN_BEND, BEND, SMOOTH),
    "batch-norm-mismatch": (CARRIED, USUAL_MOMENTUM, GROUP_NORM, OWN_STATISTICS),
    "wrong-gradient": (DERIVE,),
    "input-not-normalised": (STANDARDISE, ADAM, LAYER_NORM),
    "label-out-of-range": (ONE_MORE, FROM_ZERO, IGNORED),
    "unshuffled-data": (SHUFFLE,),
    "class-imbalance": (WEIGHTED, BALANCED),
    "repeated-batches": (SEED_ONCE, SHUFFLE, GO_ON, ANYWHERE),
    "missing-zero-grad": (ZERO_GRAD,),
    "missing-step": (STEP,),
    "eval-mode-in-training": (TRAINING,),
    "train-mode-in-evaluation": (EVALUATING, BY_MODE),
    "small-batch-norm": (LARGER_BATCH, GROUP_NORM),
    "overfitting": (EARLY, DECAY, DROPOUT),
    "underfitting": (WIDER, HIGHER, ADAM),
    "over-regularised": (RELAX, NO_DROPOUT, RELAX_LESS),
}


def _ladder(of: Remedy, label: str, change: Callable[[float], Change], *values: float) -> tuple[Remedy, ...]:
    return tuple(replace(of, technique=label.format(value), change=change(value)) for value in values)


LADDERS = (  # remedies of one kind, by strength
    _ladder(LOWER, "rate x {:g}", steps.rate, *(a * 10.0**b for b in range(-4, 5) for a in (1, 3) if (a, b) != (1, 0))),
    _ladder(CLIP, "clip at {:g}", steps.clip, 0.01, 0.1, 1, 10, 100),
    _ladder(
        DECAY, "decay {:g}", lambda value: steps.setting("weight_decay", f"{value:g}"), 0.0001, 0.001, 0.01, 0.1, 1
    ),
    (
        *_ladder(EARLY, "early stop x {:g}", steps.early, 0.25, 0.5),
        EARLY,
        *_ladder(EARLY, "early stop x {:g}", steps.early, 1.5, 2),
    ),
    _ladder(LARGER_BATCH, "batch x {:g}", lambda value: data.larger_batch(int(value)), 2, 4, 16, 64),
    _ladder(WIDER, "{:g} x wider", lambda value: data.wider(int(value)), 4, 16, 64),
    _ladder(RELAX, "decay and penalty x {:g}", penalties.relaxed, 1e-6, 1e-4, 0.01, 0.1),
)


def neighbours(technique: str) -> list[Remedy]:
    """The next weaker and the next stronger one of its kind; none where it has no strength."""
    found: list[Remedy] = []
    for ladder in LADDERS:
        names = [remedy.technique for remedy in ladder]
        if technique in names:
            place = names.index(technique)
            found += [*ladder[max(0, place - 1) : place], *ladder[place + 1 : place + 2]]
    return found


_DATA = "it lies in the data that the program makes or reads: gradwise problems {code} says where to look."
BEYOND: dict[str, str] = {
    "constant-input": _DATA,
    "constant-label": _DATA,
    "train-valid-overlap": _DATA,
    "labels-unrelated": _DATA,
    "graph-leak": "what keeps the graphs is a name of the program's: .detach() or .item() where it is stored.",
}


def changes_loss(code: str) -> bool:
    """Whether the first remedy of a problem puts another loss function in the place of the program's."""
    return any(remedy.loss for remedy in CATALOGUE.get(code, ())[:1])


def beyond(code: str) -> str:
    """What is to be done about a problem that no change from outside reaches; "" for one that some reach."""
    return BEYOND.get(code, "").format(code=code)
