"""Which of two tones dominates a noisy sequence?  A recurrent cell written by hand."""
import math
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(4)


class Cell(nn.Module):
    def __init__(self, n_in, n_hidden):
        super().__init__()
        self.slope = 25.0  # cure: self.slope = 1.0
        self.read = nn.Linear(n_in, n_hidden)
        self.memory = nn.Linear(n_hidden, n_hidden, bias=False)

    def forward(self, x, h):
        return torch.tanh(self.slope * (self.read(x) + self.memory(h)))


class Tones(nn.Module):
    def __init__(self, n_hidden=32):
        super().__init__()
        self.n_hidden = n_hidden
        self.cell = Cell(1, n_hidden)
        self.out = nn.Linear(n_hidden, 2)

    def forward(self, x):
        h = x.new_zeros(len(x), self.n_hidden)
        total = 0
        for t in range(x.shape[1]):
            h = self.cell(x[:, t], h)
            total = total + h ** 2
        return self.out(total / x.shape[1])


def tones(n, length=24):
    label = torch.randint(0, 2, (n,))
    t = torch.arange(float(length))
    low = torch.sin(0.5 * t + 6.28 * torch.rand(n, 1))
    high = torch.sin(1.4 * t + 6.28 * torch.rand(n, 1))
    share = torch.where(label == 1, 0.9, 0.35)[:, None]
    x = share * high + (1.25 - share) * low + 0.2 * torch.randn(n, length)
    return (x / x.std()).unsqueeze(-1), label


x, y = tones(1200)
xv, yv = tones(500)
net = Tones()
optimizer = torch.optim.Adam(net.parameters(), lr=4e-3)
for epoch in range(16):
    total = 0.0
    for idx in torch.randperm(len(x)).split(60):
        loss = F.cross_entropy(net(x[idx]), y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx) / len(x)
    with torch.no_grad():
        out = net(xv)
    print(f"epoch {epoch:2d} loss {total:.4f} valid loss {F.cross_entropy(out, yv).item():.4f} "
          f"valid accuracy {(out.argmax(1) == yv).float().mean().item():.3f}")
