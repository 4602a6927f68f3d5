"""Autoencoder with a 16-bit code: hard thresholds forward, straight-through gradient backward."""
import torch
from torch import nn
from sklearn.datasets import load_digits


class Sign(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.where(x > 0, 1.0, -1.0)

    @staticmethod
    def backward(ctx, grad):
        x, = ctx.saved_tensors
        return grad * (x.abs() < 1.5)


torch.manual_seed(0)
x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
x = (x - x.mean(0))[torch.randperm(1797)]
test, train = x[:300], x[300:]
enc = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 16))
dec = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 64))
opt = torch.optim.Adam([*enc.parameters(), *dec.parameters()], lr=2e-3)
print(f"variance {test.pow(2).sum(1).mean().item():.3f}")
for epoch in range(1, 31):
    for idx in torch.randperm(len(train)).split(50):
        code = Sign.apply(enc(train[idx]))
        loss = (dec(code) - train[idx]).pow(2).sum(1).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            bits = Sign.apply(enc(test))
            err = (dec(bits) - test).pow(2).sum(1).mean().item()
        print(f"epoch {epoch:2d}: train {loss.item():.3f} test {err:.3f} mean bit {bits.mean().item():+.3f}")
