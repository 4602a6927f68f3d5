"""Sparse coding: each signal is made of a few atoms; the encoder keeps its eight largest activations, the rest are zero."""
import torch
from torch import nn

torch.manual_seed(55)
DIM, TRUE, ATOMS, KEEP = 24, 16, 64, 8
dictionary = nn.functional.normalize(torch.randn(TRUE, DIM), dim=1)


def signals(n):
    coef = torch.zeros(n, TRUE)
    where = torch.rand(n, TRUE).argsort(1)[:, :3]
    coef.scatter_(1, where, 1 + torch.rand(n, 3))
    return coef @ dictionary + 0.02 * torch.randn(n, DIM)


class TopK(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Linear(DIM, ATOMS)
        self.dec = nn.Linear(ATOMS, DIM)
        with torch.no_grad():
            self.enc.weight.copy_(nn.functional.normalize(torch.randn(ATOMS, DIM), dim=1))
            self.dec.weight.copy_(self.enc.weight.T)

    def code(self, x):
        h = torch.relu(self.enc(x))
        top = h.topk(KEEP, dim=1)
        return torch.zeros_like(h).scatter(1, top.indices, top.values)

    def forward(self, x):
        return self.dec(self.code(x))


x, xv = signals(3000), signals(600)
model = TopK()
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-4)
for epoch in range(1, 21):
    for idx in torch.randperm(3000).split(60):
        loss = (model(x[idx]) - x[idx]).pow(2).sum(1).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 4 == 0:
        with torch.no_grad():
            c = model.code(xv)
            err = (model.dec(c) - xv).pow(2).sum() / xv.pow(2).sum()
        print(f"epoch {epoch}: loss {loss.item():.4f} unexplained {err.item():.4f} active {(c > 0).float().mean().item():.3f} atoms in use {(c > 0).any(0).sum().item()}")
