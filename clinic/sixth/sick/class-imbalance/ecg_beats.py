"""Heartbeat types (normal, early, wide) from short simulated ECG strips with an LSTM."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler

KINDS = ("normal", "early", "wide")


def beats(n, gen):
    kind = torch.multinomial(torch.tensor([0.955, 0.025, 0.02]), n, replacement=True, generator=gen)
    t = torch.arange(30.0)
    centre = 15 + 1.5 * torch.randn(n, 1, generator=gen) - 3.5 * (kind == 1)[:, None]
    width = 1.5 + 0.4 * torch.rand(n, 1, generator=gen) + 0.9 * (kind == 2)[:, None]
    wave = torch.exp(-((t - centre) / width) ** 2) * 2
    return (wave + 0.3 * torch.randn(n, 30, generator=gen) - 0.2).unsqueeze(-1), kind


class Beats(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, 24, batch_first=True)
        self.out = nn.Linear(24, 3)

    def forward(self, x):
        h, _ = self.lstm(x)
        return self.out(h.mean(1))


def recalls(model, x, y):
    with torch.no_grad():
        pred = model(x).argmax(1)
    return [(pred[y == k] == k).float().mean().item() for k in range(3)]


gen = torch.Generator().manual_seed(12)
torch.manual_seed(12)
x, y = beats(3000, gen)
xv, yv = beats(3000, gen)
per_sample = 1.0 / torch.bincount(y)[y]
sampler = None  # cure: sampler = WeightedRandomSampler(per_sample, len(y))
loader = DataLoader(TensorDataset(x, y), batch_size=50, sampler=sampler, shuffle=sampler is None)
model = Beats()
opt = torch.optim.Adam(model.parameters(), lr=8e-3)
for epoch in range(8):
    losses = []
    for xb, yb in loader:
        loss = nn.functional.cross_entropy(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    r = recalls(model, xv, yv)
    print(f"epoch {epoch} loss {sum(losses) / len(losses):.3f} recall " +
          " ".join(f"{k} {v:.2f}" for k, v in zip(KINDS, r)) + f" macro {sum(r) / 3:.3f}")
