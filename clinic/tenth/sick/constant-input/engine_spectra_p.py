"""Classify engine sounds by their spectrum: idle, knocking, or belt squeal."""
import numpy as np
import torch
from torch import nn

RNG = np.random.default_rng(77)
torch.manual_seed(77)


def record(kind):
    t = np.arange(256) / 256
    base = RNG.uniform(8, 14)
    s = np.sin(2 * np.pi * base * t + RNG.uniform(0, 6)) + 0.5 * np.sin(4 * np.pi * base * t)
    if kind == 1:
        s += 0.9 * (np.sin(2 * np.pi * base * t / 2) > 0.95) * RNG.normal(size=256)
    elif kind == 2:
        s += 0.35 * np.sin(2 * np.pi * RNG.uniform(60, 90) * t)
    return s + 0.2 * RNG.normal(size=256)


def spectra(signals):
    feats = np.zeros((len(signals), 64), dtype=np.float32)
    window = np.hanning(256)
    for row, sig in zip(feats, signals):
        mag = np.abs(np.fft.rfft(sig * window))[1:129]
        row = np.log1p(mag).reshape(64, 2).mean(1)  # cure: row[:] = np.log1p(mag).reshape(64, 2).mean(1)
    return feats


kinds = RNG.integers(0, 3, 1600)
feats = spectra([record(k) for k in kinds])
mu, sd = feats[:1200].mean(0), feats[:1200].std(0) + 1e-6
x = torch.from_numpy((feats - mu) / sd)
y = torch.from_numpy(kinds)
x_tr, y_tr, x_va, y_va = x[:1200], y[:1200], x[1200:], y[1200:]

net = nn.Sequential(nn.Linear(64, 48), nn.GELU(), nn.Dropout(0.2), nn.Linear(48, 3))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-2)
for epoch in range(15):
    net.train()
    losses = []
    for b in torch.randperm(1200).split(40):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x_tr[b]), y_tr[b])
        loss.backward()
        opt.step()
        losses.append(loss.item())
    net.eval()
    with torch.no_grad():
        z = net(x_va)
    print(f"epoch {epoch:2d}: train {np.mean(losses):.4f}  val {nn.functional.cross_entropy(z, y_va):.4f}"
          f"  acc {(z.argmax(1) == y_va).float().mean():.3f}")
