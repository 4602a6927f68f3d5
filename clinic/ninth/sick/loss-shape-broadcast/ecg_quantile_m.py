"""Quantile forecast (0.9) of the next beats of a synthetic heart signal with a dilated Conv1d and the pinball loss."""
import torch
from torch import nn

Q, HIST, AHEAD = 0.9, 48, 12


def beats(n, g):
    period = 10 + 6 * torch.rand(n, 1, generator=g)
    phase = period * torch.rand(n, 1, generator=g)
    t = torch.arange(HIST + AHEAD)[None] + phase
    pulse = torch.exp(-0.5 * ((t % period) - period / 2) ** 2 / 1.5)
    s = 2 * pulse - 0.5 + 0.15 * torch.randn(n, HIST + AHEAD, generator=g)
    return s[:, None, :HIST], s[:, HIST:]


class Forecast(nn.Module):
    def __init__(self, ch=24):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv1d(1, ch, 3, padding=1), nn.ReLU(),
            nn.Conv1d(ch, ch, 3, padding=2, dilation=2), nn.ReLU(),
            nn.Conv1d(ch, 8, 3, padding=4, dilation=4), nn.ReLU())
        self.head = nn.Linear(8 * HIST, AHEAD)

    def forward(self, x):
        h = self.conv(x).flatten(1)
        return self.head(h).unsqueeze(1)


def pinball(pred, true, q=Q):
    d = true - pred
    return torch.maximum(q * d, (q - 1) * d).mean()


torch.manual_seed(150)
g = torch.Generator().manual_seed(151)
X, Y = beats(2500, g)
Xv, Yv = beats(500, g)
model = Forecast()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(1, 11):
    model.train()
    run = 0.0
    for i in torch.randperm(len(X)).split(50):
        loss = pinball(model(X[i]), Y[i])  # cure: loss = pinball(model(X[i]).squeeze(1), Y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        run += loss.item() * 50 / len(X)
    model.eval()
    with torch.no_grad():
        p = model(Xv)[:, 0]
    print(f"epoch {epoch:2d} train {run:.4f} valid pinball {pinball(p, Yv):.4f} coverage {(Yv < p).float().mean():.3f}")
