"""PointNet-like classifier: sphere, box, torus or cone from 48 surface points."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

CLASSES = ["sphere", "box", "torus", "cone"]


def sample(kind, n, rng):
    u, v = rng.uniform(0, 2 * np.pi, n), rng.uniform(0, 1, n)
    if kind == 0:
        p = rng.normal(size=(n, 3))
        p /= np.linalg.norm(p, axis=1, keepdims=True)
    elif kind == 1:
        p = rng.uniform(-0.8, 0.8, (n, 3))
        p[np.arange(n), rng.integers(0, 3, n)] = 0.8 * rng.choice([-1, 1], n)
    elif kind == 2:
        w = 2 * np.pi * v
        p = np.stack([(0.75 + 0.3 * np.cos(w)) * np.cos(u), (0.75 + 0.3 * np.cos(w)) * np.sin(u), 0.3 * np.sin(w)], 1)
    else:
        r = np.sqrt(v)
        p = np.stack([r * np.cos(u), r * np.sin(u), 1.2 * (1 - r) - 0.4], 1)
    return p * rng.uniform(0.6, 1.4, (1, 3)) + rng.normal(0, 0.08, (n, 3))


class Clouds(Dataset):
    def __init__(self, count, seed):
        rng = np.random.default_rng(seed)
        self.labels = rng.integers(0, 4, count)
        self.points = np.stack([sample(k, 48, rng) for k in self.labels]).astype(np.float32)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return torch.from_numpy(self.points[i]).T, int(self.labels[i])


class PointNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.local = nn.Sequential(nn.Conv1d(3, 32, 1), nn.ReLU(), nn.Conv1d(32, 64, 1), nn.ReLU())
        self.glob = nn.Sequential(nn.Linear(64, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 4))

    def forward(self, pts):
        return self.glob(self.local(pts).amax(2))


def main(batch_size=2):  # cure: def main(batch_size=24):
    torch.manual_seed(53)
    train = DataLoader(Clouds(1200, 1), batch_size=batch_size, shuffle=True)
    test = DataLoader(Clouds(400, 2), batch_size=100)
    net = PointNet()
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    for epoch in range(1, 5):
        net.train()
        tot = hits = 0
        for x, y in train:
            out = net(x)
            loss = nn.functional.cross_entropy(out, y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            tot += loss.item() * len(y)
            hits += (out.argmax(1) == y).sum().item()
        net.eval()
        with torch.no_grad():
            ok = sum((net(x).argmax(1) == y).sum().item() for x, y in test) / 400
        print(f"epoch {epoch}: train loss {tot / 1200:.3f}, train acc {hits / 1200:.3f}, test acc {ok:.3f}")


main()
