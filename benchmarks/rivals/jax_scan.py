"""JAX at its best: all steps of an epoch in one compiled `lax.scan`, data on the device, buffers donated.

Kept because each was as fast or faster in trials: pixels as uint8 (a quarter of the memory to gather), class numbers
instead of one-hot rows, Adam's bias corrections folded into two scalars, a tree of parameters instead of one vector.
Left out because nothing came of them: unrolling the scan, 512-bit vectors, fast mathematics, XLA's other libraries.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from mnist import WIDTHS, order, read

from rivals import Task

tree = jax.tree_util.tree_map


def start(rng: np.random.Generator, he: bool = False) -> tuple[Any, ...]:
    """Fresh parameters as torch draws them, or by He's rule; Adam's two moments, the number of steps done."""
    shapes = [[(a, b), (b,)] for a, b in pairwise(WIDTHS)]
    bounds = [a**-0.5 for a in WIDTHS]
    p = [
        tuple(jnp.asarray(rng.uniform(-1, 1, shape) * reach(bound, shape, he), jnp.float32) for shape in layer)
        for layer, bound in zip(shapes, bounds, strict=False)
    ]
    zeros = [[tuple(jnp.asarray(np.zeros(shape, np.float32)) for shape in layer) for layer in shapes] for _ in "mv"]
    return p, *zeros, jnp.asarray(np.float32(0))


def reach(bound: float, shape: tuple[int, ...], he: bool) -> float:
    return bound if not he else 6**0.5 * bound if len(shape) == 2 else 0.0


def loss_of(p: Any, x: jax.Array, y: jax.Array, smoothing: float = 0.0) -> jax.Array:
    *hidden, (w, b) = p
    for weight, bias in hidden:
        x = jax.nn.relu(x @ weight + bias)
    log_p = jax.nn.log_softmax(x @ w + b)  # (B, C)
    wanted = jnp.mean(jnp.take_along_axis(log_p, y[:, None], 1))
    return -wanted if smoothing == 0 else -(1 - smoothing) * wanted - smoothing * jnp.mean(log_p)


@partial(jax.jit, static_argnames=("scale", "shift", "beta1", "beta2", "smoothing"), donate_argnums=0)
def run(
    state: Any,
    index: jax.Array,  # (S, B) sample numbers
    lr: jax.Array,  # (S,)
    images: jax.Array,  # (N, 784) uint8
    labels: jax.Array,  # (N,) int32
    scale: float = 1 / 255,
    shift: float = 0.0,
    beta1: float = 0.9,
    beta2: float = 0.999,
    smoothing: float = 0.0,
) -> tuple[Any, jax.Array]:
    """S steps of Adam. Returns the state and the losses (S,)."""

    def step(state: Any, now: Any) -> tuple[Any, jax.Array]:
        (p, m, v, t), (i, rate) = state, now
        x = images[i].astype(jnp.float32) * scale + shift
        loss, gradient = jax.value_and_grad(loss_of)(p, x, labels[i], smoothing)
        t = t + 1
        m = tree(lambda m, g: beta1 * m + (1 - beta1) * g, m, gradient)
        v = tree(lambda v, g: beta2 * v + (1 - beta2) * g * g, v, gradient)
        root = jnp.sqrt(1 - beta2**t)
        rate, epsilon = rate * root / (1 - beta1**t), 1e-8 * root
        p = tree(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + epsilon), p, m, v)
        return (p, m, v, t), loss

    return jax.lax.scan(step, state, (index, lr))


class JaxScan:
    def __init__(self, task: Task) -> None:
        self.rng, self.batch = np.random.default_rng(task.seed), task.batch
        images, labels = read("train")
        self.images, self.labels = jnp.asarray(images), jnp.asarray(labels.astype(np.int32))
        self.state = start(self.rng)

    def train(self, steps: int) -> float:
        index = order(self.rng, steps, self.batch).astype(np.int32)
        lr = np.full(steps, 1e-3, np.float32)
        self.state, losses = run(self.state, index, lr, self.images, self.labels)
        return float(np.asarray(losses)[-1])
