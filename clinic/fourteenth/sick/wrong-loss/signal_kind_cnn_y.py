"""Tell six kinds of waveform apart (sine, square, saw, triangle, chirp, burst) with a 1-d convolutional network."""
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def waveforms(n, rng):
    t = np.linspace(0, 1, 64)
    kinds = rng.integers(0, 6, n)
    f, p = rng.uniform(2, 5, (n, 1)), rng.uniform(0, 1, (n, 1))
    u = (f * t + p) % 1.0
    table = [np.sin(2 * np.pi * u), np.sign(u - 0.5), 2 * u - 1, 4 * np.abs(u - 0.5) - 1,
             np.sin(2 * np.pi * (f * t + p) * (0.4 + 1.6 * t)), np.sin(2 * np.pi * u) * np.exp(-((t - 0.5) / 0.15) ** 2) * 2]
    x = np.stack(table, 1)[np.arange(n), kinds] + rng.normal(0, 0.25, (n, 64))
    order = np.array([3, 0, 5, 1, 4, 2])
    return torch.tensor(x, dtype=torch.float32).unsqueeze(1), torch.tensor(order[kinds])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv1d(1, 16, 7, padding=3)
        self.c2 = nn.Conv1d(16, 32, 5, padding=2)
        self.fc = nn.Linear(32 * 8, 32)
        self.out = nn.Linear(32, 1)  # cure: self.out = nn.Linear(32, 6)

    def forward(self, x):
        x = F.max_pool1d(F.relu(self.c1(x)), 4)
        x = F.max_pool1d(F.relu(self.c2(x)), 2)
        return self.out(F.relu(self.fc(x.flatten(1)))).squeeze(1)


def run():
    torch.manual_seed(4)
    rng = np.random.default_rng(4)
    x, y = waveforms(2000, rng)
    xv, yv = waveforms(500, rng)
    net = Net()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=1e-4)
    for epoch in range(1, 13):
        epoch_loss = []
        for i in torch.randperm(len(x)).split(50):
            loss = F.smooth_l1_loss(net(x[i]), y[i].float())  # cure: loss = F.cross_entropy(net(x[i]), y[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            epoch_loss.append(loss.item())
        with torch.no_grad():
            guess = net(xv).round().long()  # cure: guess = net(xv).argmax(1)
        print(f"epoch {epoch:2d}: loss {np.mean(epoch_loss):.4f}, validation accuracy {(guess == yv).float().mean():.3f}")


run()
