"""Digits with cosine warm restarts: the rate comes down to nearly nothing and jumps up again, three times."""
import argparse
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts

ap = argparse.ArgumentParser()
ap.add_argument("--period", type=int, default=6)
ap.add_argument("--cycles", type=int, default=3)
ap.add_argument("--lr", type=float, default=0.1)
a = ap.parse_args()
torch.manual_seed(8)
X, y = load_digits(return_X_y=True)
perm = torch.randperm(len(y))
X, y = torch.tensor(X / 8 - 1, dtype=torch.float32)[perm], torch.tensor(y)[perm]
net = nn.Sequential(nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 10))
opt = torch.optim.SGD(net.parameters(), lr=a.lr, momentum=0.9, weight_decay=5e-4, nesterov=True)
sched = CosineAnnealingWarmRestarts(opt, T_0=a.period, eta_min=1e-5)
batches = 1300 // 52
for epoch in range(a.period * a.cycles):
    net.train()
    total = 0.0
    for k, idx in enumerate(torch.randperm(1300).split(52)):
        loss = nn.functional.cross_entropy(net(X[idx]), y[idx], label_smoothing=0.05)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        sched.step(epoch + (k + 1) / batches)
        total += loss.item() / batches
    net.eval()
    with torch.inference_mode():
        acc = (net(X[1300:]).argmax(1) == y[1300:]).float().mean().item()
    print(f"epoch {epoch + 1:2d} lr {opt.param_groups[0]['lr']:.5f} loss {total:.4f} valid accuracy {acc:.4f}")
