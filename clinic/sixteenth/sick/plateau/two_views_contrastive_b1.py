"""Contrastive pre-training: two noisy views of the same digit should find each other among 128 digits."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

torch.manual_seed(14)
TEMPERATURE = 0.1


def view(x):
    keep = (torch.rand_like(x) > 0.2).float()
    return x * keep + 0.3 * torch.randn_like(x)


def info_nce(a, b):
    a, b = F.normalize(a, dim=1), F.normalize(b, dim=1)
    sim = a @ b.T * TEMPERATURE  # cure: sim = a @ b.T / TEMPERATURE
    target = torch.arange(len(a))
    top1 = (sim.argmax(1) == target).float().mean().item()
    return (F.cross_entropy(sim, target) + F.cross_entropy(sim.T, target)) / 2, top1


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 32))
        self.project = nn.Sequential(nn.ReLU(), nn.Linear(32, 32))

    def forward(self, x):
        return self.project(self.body(x))


def main():
    x, y = load_digits(return_X_y=True)
    x = torch.tensor((x - x.mean()) / x.std(), dtype=torch.float32)
    xt, xv, yt, yv = train_test_split(x, y, test_size=0.3, random_state=0)
    enc = Encoder()
    opt = torch.optim.Adam(enc.parameters(), lr=2e-3)
    for epoch in range(1, 31):
        enc.train()
        losses = []
        for idx in torch.randperm(len(xt)).split(128):
            if len(idx) < 128:
                continue
            loss, _ = info_nce(enc(view(xt[idx])), enc(view(xt[idx])))
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        if epoch % 3 == 0:
            with torch.no_grad():
                v, top1 = info_nce(enc(view(xv[:128])), enc(view(xv[:128])))
            print(f"epoch {epoch:3d}  loss {sum(losses) / len(losses):.4f}  valid {v.item():.4f}  found {top1:.3f}")
    with torch.no_grad():
        probe = LogisticRegression(max_iter=2000).fit(enc.body(xt).numpy(), yt)
        print("linear probe", round(probe.score(enc.body(xv).numpy(), yv), 3))


main()
