"""Denoising autoencoder for 8x8 digits; batches come through a small data-access layer."""
import functools
import logging
import sys

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(name)s | %(message)s")
log = logging.getLogger("denoise")


class DigitStore:
    """Hands out normalised images; conversion results are remembered."""

    def __init__(self, seed=0):
        self.rng = np.random.default_rng(seed)
        images = load_digits().data.astype("float32") / 16
        images = images[self.rng.permutation(len(images))]
        self.parts = {"train": images[:1500], "valid": images[1500:]}

    @functools.lru_cache(maxsize=None)
    def everything(self, part):
        return torch.from_numpy(self.parts[part])

    @functools.lru_cache(maxsize=None)  # cure: delete
    def draw(self, part, count):
        rows = self.rng.integers(len(self.parts[part]), size=count)
        return torch.from_numpy(self.parts[part][rows])


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.encode = nn.Sequential(nn.Linear(64, 96), nn.ELU(), nn.Linear(96, 24))
        self.decode = nn.Sequential(nn.ELU(), nn.Linear(24, 96), nn.ELU(), nn.Linear(96, 64), nn.Sigmoid())

    def forward(self, x):
        return self.decode(self.encode(x))


def corrupt(x, gen):
    return x + 0.25 * torch.randn(x.shape, generator=gen)


def main():
    torch.manual_seed(0)
    gen = torch.Generator().manual_seed(123)
    store, net = DigitStore(), Denoiser()
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    valid = store.everything("valid")
    valid_noisy = corrupt(valid, gen)
    log.info("doing nothing would cost %.4f", (valid_noisy - valid).pow(2).mean())
    for it in range(1, 2001):
        clean = store.draw("train", 48)
        loss = (net(corrupt(clean, gen)) - clean).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        if it % 200 == 0:
            with torch.no_grad():
                v = (net(valid_noisy) - valid).pow(2).mean()
            log.info("iteration %d train %.4f valid %.4f", it, loss.item(), v)


if __name__ == "__main__":
    main()
