"""Tiny transformer encoder: which of five symbols occurs most often in a sequence of 15?"""
import argparse
import torch
from torch import nn


def get_args():
    p = argparse.ArgumentParser()
    p.add_argument("--steps", type=int, default=300)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--lr", type=float, default=1e-6)  # cure: p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument("--dim", type=int, default=32)
    return p.parse_args([])


def batch(n):
    p = torch.distributions.Dirichlet(torch.ones(5)).sample((n,))
    s = torch.multinomial(p, 15, replacement=True)
    counts = nn.functional.one_hot(s, 5).sum(1)
    return s, counts.argmax(1)


class Voter(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.tok = nn.Embedding(5, dim)
        self.pos = nn.Parameter(0.02 * torch.randn(15, dim))
        layer = nn.TransformerEncoderLayer(dim, 4, 2 * dim, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.out = nn.Linear(dim, 5)

    def forward(self, s):
        return self.out(self.enc(self.tok(s) + self.pos).mean(1))


def main():
    a = get_args()
    torch.manual_seed(31)
    net = Voter(a.dim)
    opt = torch.optim.AdamW(net.parameters(), lr=a.lr)
    vx, vy = batch(1000)
    for step in range(1, a.steps + 1):
        x, y = batch(a.batch)
        loss = nn.functional.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 30 == 0:
            net.eval()
            with torch.no_grad():
                acc = (net(vx).argmax(1) == vy).float().mean().item()
            net.train()
            print(f"step {step}: loss {loss.item():.3f}, accuracy on fresh sequences {acc:.3f}")


main()
