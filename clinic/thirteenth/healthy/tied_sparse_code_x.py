"""Overcomplete sparse coding of digit images: encoder and decoder share one matrix, most units are off."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn


class SparseCoder(nn.Module):
    def __init__(self, n_in=64, n_code=160):
        super().__init__()
        self.weight = nn.Parameter(F.normalize(torch.randn(n_code, n_in), dim=1))
        self.thresh = nn.Parameter(torch.zeros(n_code))
        self.offset = nn.Parameter(torch.zeros(n_in))

    def forward(self, x):
        w = F.normalize(self.weight, dim=1)
        code = F.softplus((x - self.offset) @ w.T - self.thresh, beta=8)
        return code @ w + self.offset, code


torch.manual_seed(5)
x = torch.tensor(load_digits().data, dtype=torch.float32)
x = x[torch.randperm(len(x))]
x = (x - x[:1500].mean(0)) / x[:1500].std()
train, valid = x[:1500], x[1500:]
coder = SparseCoder()
opt = torch.optim.Adam(coder.parameters(), lr=5e-3)
for epoch in range(30):
    for i in torch.randperm(1500).split(50):
        out, code = coder(train[i])
        loss = (out - train[i]).pow(2).sum(1).mean() + 0.15 * code.sum(1).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 2:
        with torch.no_grad():
            out, code = coder(valid)
            fve = 1 - (out - valid).pow(2).sum() / (valid - valid.mean(0)).pow(2).sum()
            used = ((code > 0.1).float().mean(0) > 0.002).sum()
        print(f"epoch {epoch + 1}: objective {loss.item():.3f} variance explained {fve:.3f} "
              f"active per image {(code > 0.1).float().sum(1).mean():.1f} of 160, units in use {used}")
