"""Digits CNN with cosine warm restarts: the loss bumps at every restart, the end of each cycle is what counts."""
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(107)
d = load_digits()
x, y = torch.tensor((d.images[:, None] / 16 - 0.305) / 0.376).float(), torch.tensor(d.target)
perm = torch.randperm(len(x))
tr, va = perm[:1350], perm[1350:]
net = nn.Sequential(nn.Conv2d(1, 12, 3), nn.ReLU(), nn.Conv2d(12, 24, 3, stride=2), nn.ReLU(), nn.Flatten(), nn.Dropout(0.3), nn.Linear(96, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.08, momentum=0.9, weight_decay=5e-4)
sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=3, T_mult=2, eta_min=1e-4)
for epoch in range(21):
    net.train()
    lr, tot = opt.param_groups[0]["lr"], 0.0
    batches = torch.randperm(len(tr)).split(64)
    for k, b in enumerate(batches):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x[tr[b]]), y[tr[b]])
        loss.backward()
        opt.step()
        sched.step(epoch + (k + 1) / len(batches))
        tot += loss.item() * len(b)
    net.eval()
    with torch.no_grad():
        z = net(x[va])
    if epoch in (0, 2, 3, 5, 8, 9, 14, 20):
        print(f"epoch {epoch:2d} lr {lr:.4f} train {tot / len(tr):.4f} val {nn.functional.cross_entropy(z, y[va]):.4f} acc {(z.argmax(1) == y[va]).float().mean():.4f}")
