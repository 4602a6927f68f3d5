"""State of a machine (normal, worn bearing, loose belt) from a vibration window, read by a GRU."""
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset  # cure: from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler

STATES = ["normal", "bearing", "belt"]


def windows(counts, rng):
    y = np.repeat([0, 1, 2], counts)
    t = np.arange(24)
    x = rng.normal(0, 1, (len(y), 24))
    wave = {1: 1.1 * np.sin(1.9 * t), 2: 1.1 * np.sin(0.5 * t)}
    for k, w in wave.items():
        x[y == k] += w * rng.uniform(0.5, 1.3, (int((y == k).sum()), 1))
    return torch.tensor(x.reshape(-1, 8, 3), dtype=torch.float32), torch.tensor(y)


class StateGRU(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(3, 20, batch_first=True)
        self.cls = nn.Linear(20, 3)

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.cls(out.mean(1))


def report(model, x, y):
    model.eval()
    with torch.no_grad():
        pred = model(x).argmax(1)
    recall = [(pred[y == k] == k).float().mean().item() for k in range(3)]
    return " ".join(f"{s} {r:.2f}" for s, r in zip(STATES, recall)) + f"  mean {np.mean(recall):.3f}"


def main():
    torch.manual_seed(2)
    rng = np.random.default_rng(2)
    x, y = windows([4800, 100, 100], rng)
    xv, yv = windows([1200, 80, 80], rng)
    # cure: weight = (1.0 / torch.bincount(y).double())[y]
    train = TensorDataset(x, y)
    loader = DataLoader(train, batch_size=60, shuffle=True)  # cure: loader = DataLoader(train, batch_size=60, sampler=WeightedRandomSampler(weight, len(weight)))
    model = StateGRU()
    opt = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.05)
    for epoch in range(6):
        model.train()
        tot = 0.0
        for xb, yb in loader:
            opt.zero_grad()
            loss = nn.functional.cross_entropy(model(xb), yb)
            loss.backward()
            opt.step()
            tot += loss.item()
        print(f"{epoch:2d} loss {tot / len(loader):.4f}  recall: {report(model, xv, yv)}")


main()
