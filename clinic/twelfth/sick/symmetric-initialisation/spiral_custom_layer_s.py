"""Tell the arms of two interleaved spirals apart with a home-made dense layer."""
import math

import torch


class Dense(torch.nn.Module):
    def __init__(self, n_in, n_out, activation=None):
        super().__init__()
        self.w = torch.nn.Parameter(torch.full((n_in, n_out), 1 / math.sqrt(n_in)))  # cure: self.w = torch.nn.Parameter(torch.randn(n_in, n_out) / math.sqrt(n_in))
        self.b = torch.nn.Parameter(torch.zeros(n_out))
        self.activation = activation

    def forward(self, x):
        z = x @ self.w + self.b
        return z if self.activation is None else self.activation(z)


def spirals(n, noise, gen):
    t = torch.rand(n, generator=gen).sqrt() * 1.25 * 2 * math.pi
    label = torch.randint(0, 2, (n,), generator=gen)
    sign = 1 - 2 * label.float()
    xy = torch.stack([sign * t * torch.cos(t), sign * t * torch.sin(t)], 1)
    return (xy + noise * torch.randn(n, 2, generator=gen)) / 4, label.float()


gen = torch.Generator().manual_seed(6)
torch.manual_seed(6)
x, y = spirals(2000, 0.15, gen)
xv, yv = spirals(500, 0.15, gen)
net = torch.nn.Sequential(Dense(2, 48, torch.tanh), Dense(48, 48, torch.tanh), Dense(48, 1))
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
bce = torch.nn.BCEWithLogitsLoss()

for epoch in range(40):
    order = torch.randperm(2000)
    mean_loss = 0.0
    for k in range(0, 2000, 50):
        idx = order[k:k + 50]
        loss = bce(net(x[idx]).squeeze(1), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        mean_loss += loss.item() / 40
    if epoch % 4 == 3:
        with torch.no_grad():
            hit = ((net(xv).squeeze(1) > 0).float() == yv).float().mean().item()
        print(f"{epoch + 1:3d} loss={mean_loss:.4f} val_acc={hit:.3f}")
