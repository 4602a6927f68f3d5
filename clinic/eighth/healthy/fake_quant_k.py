"""Quantisation-aware training: weights are rounded to 4 bits in the forward pass, the gradient passes straight through."""
import torch
from torch import nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class Round(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.round()

    @staticmethod
    def backward(ctx, g):
        return g


class QuantLinear(nn.Linear):
    def forward(self, x):
        step = self.weight.detach().abs().max() / 7
        return F.linear(x, Round.apply(self.weight / step) * step, self.bias)


torch.manual_seed(0)
d = load_digits()
x, y = torch.tensor(d.data, dtype=torch.float32) / 8 - 1, torch.tensor(d.target)
p = torch.randperm(len(x))
x, y = x[p], y[p]
net = nn.Sequential(QuantLinear(64, 64), nn.Hardtanh(), QuantLinear(64, 10))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
for epoch in range(10):
    s = 0.0
    for i in torch.randperm(1300).split(50):
        loss = F.cross_entropy(net(x[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item() / 26
    with torch.no_grad():
        acc = (net(x[1300:]).argmax(1) == y[1300:]).float().mean()
    print(f"epoch {epoch + 1} loss {s:.4f} 4-bit accuracy {acc:.3f}")
