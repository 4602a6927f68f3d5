"""JAX at its best, with a schedule: linear warm-up, linear decay to 0, the whole training in one compiled scan.

The recipe was chosen on 10,000 training images held out (--validate), never on the test set.
"""

from __future__ import annotations

import argparse
import json

import jax
import jax.numpy as jnp
import numpy as np
from mnist import MEAN, STD, TEST, TRAIN, order, read
from rivals.jax_scan import run, start


def rates(steps: int, peak: float, warm_up: float) -> np.ndarray:
    """(steps,) float32: from peak / rise up to the peak, then down; the step after the last would be 0."""
    rise, now = max(1, round(warm_up * steps)), np.arange(steps)
    return (peak * np.minimum((now + 1) / rise, (steps - now) / max(1, steps - rise))).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--epochs", type=float, default=2)
    parser.add_argument("--peak", type=float, default=3e-3, help="greatest learning rate")
    parser.add_argument("--warm-up", type=float, default=0.2, help="share of all steps")
    parser.add_argument(
        "--inputs", choices=("unit", "standard"), default="standard", help="[0, 1] or mean 0, deviation 1"
    )
    parser.add_argument("--betas", type=float, nargs=2, default=(0.9, 0.99))
    parser.add_argument("--smoothing", type=float, default=0.0, help="of the labels")
    parser.add_argument("--he", action="store_true", help="He's initialisation, uniform, biases 0")
    parser.add_argument("--cache", metavar="FOLDER", help="where JAX keeps what it compiled for the next process")
    parser.add_argument("--validate", action="store_true", help="hold the last 10,000 out and judge on them")
    options = parser.parse_args()
    if options.cache:
        jax.config.update("jax_compilation_cache_dir", options.cache)
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)

    rng = np.random.default_rng(options.seed)
    scale, shift = (1 / 255, 0.0) if options.inputs == "unit" else (1 / 255 / STD, -MEAN / STD)
    images, labels = read("train")
    samples = TRAIN - TEST if options.validate else TRAIN
    steps = round(samples // options.batch * options.epochs)
    (p, *_), _ = run(
        start(rng, options.he),
        order(rng, steps, options.batch, samples).astype(np.int32),
        rates(steps, options.peak, options.warm_up),
        jnp.asarray(images),
        jnp.asarray(labels.astype(np.int32)),
        scale=scale,
        shift=shift,
        beta1=options.betas[0],
        beta2=options.betas[1],
        smoothing=options.smoothing,
    )
    images, labels = (images[samples:], labels[samples:]) if options.validate else read("t10k")
    *hidden, (w, b) = [(np.asarray(w), np.asarray(b)) for w, b in p]
    x = images.astype(np.float32) * np.float32(scale) + np.float32(shift)
    for weight, bias in hidden:  # in NumPy: to compile it would take longer
        x = np.maximum(x @ weight + bias, 0)
    print(
        json.dumps(
            {
                "validation_accuracy" if options.validate else "test_accuracy": float(
                    ((x @ w + b).argmax(1) == labels).mean()
                )
            }
        )
    )


if __name__ == "__main__":
    main()
