"""Learn the amount of gas from SI readings (pressure, volume, temperature) of noisy sensors."""
import numpy as np
import torch
from torch import nn


class GasReadings(torch.utils.data.Dataset):
    def __init__(self, n, seed):
        rng = np.random.default_rng(seed)
        p = rng.uniform(0.8e5, 3e5, n)          # Pa
        v = rng.uniform(1e-3, 8e-3, n)          # m^3
        t = rng.uniform(250, 450, n)            # K
        moles = p * v / (8.314 * t)
        feats = np.stack([p, v, t], 1)
        # cure: feats = (feats - [1.9e5, 4.5e-3, 350]) / [6.4e4, 2e-3, 58]
        self.x = torch.tensor(feats, dtype=torch.float32)
        self.y = torch.tensor((moles - 0.31) / 0.18 + rng.normal(0, 0.02, n), dtype=torch.float32)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)
        self.loss = nn.SmoothL1Loss()

    def epoch(self, loader):
        tot = 0.0
        for x, y in loader:
            loss = self.loss(self.model(x).squeeze(-1), y)
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            tot += loss.item()
        return tot / len(loader)

    @torch.no_grad()
    def r2(self, ds):
        res = ds.y - self.model(ds.x).squeeze(-1)
        return 1 - (res.var() / ds.y.var()).item()


if __name__ == "__main__":
    torch.manual_seed(4)
    train, valid = GasReadings(1200, 0), GasReadings(400, 1)
    loader = torch.utils.data.DataLoader(train, batch_size=32, shuffle=True)
    trainer = Trainer(nn.Sequential(nn.Linear(3, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1)), 3e-3)
    for e in range(30):
        tl = trainer.epoch(loader)
        if e % 5 == 4:
            print(f"epoch {e + 1}: train loss {tl:.4f}, valid R2 {trainer.r2(valid):.4f}")
