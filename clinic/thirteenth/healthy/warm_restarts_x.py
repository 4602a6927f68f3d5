"""Digits with warm restarts: the rate jumps up again each cycle, the loss rises for a moment, as intended."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(11)
d = load_digits()
perm = torch.randperm(len(d.target))
x = ((torch.tensor(d.data, dtype=torch.float32) - 4.88) / 6.02)[perm]
y = torch.tensor(d.target)[perm]
loader = DataLoader(TensorDataset(x[:1400], y[:1400]), batch_size=50, shuffle=True)
model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 10))
opt = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=4, T_mult=2, eta_min=1e-4)
snapshots = []
for epoch in range(28):
    model.train()
    total = 0.0
    for k, (a, b) in enumerate(loader):
        loss = nn.functional.cross_entropy(model(a), b)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step(epoch + k / len(loader))
        total += loss.item() / len(loader)
    model.eval()
    with torch.no_grad():
        out = model(x[1400:])
    print(f"epoch {epoch:2d} rate {sched.get_last_lr()[0]:.4f} loss {total:.4f} "
          f"valid {nn.functional.cross_entropy(out, y[1400:]).item():.4f} acc {(out.argmax(1) == y[1400:]).float().mean().item():.3f}")
    if epoch + 1 in (4, 12, 28):
        snapshots.append(out.softmax(1))
        print(f"   ensemble of {len(snapshots)}: {(sum(snapshots).argmax(1) == y[1400:]).float().mean().item():.3f}")
