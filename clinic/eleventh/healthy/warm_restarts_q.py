"""SGDR: cosine schedule with warm restarts; the loss bumps up at each restart and ends lower than before."""
import torch
import torch.nn as nn
from sklearn.datasets import make_friedman1

torch.manual_seed(6)
x, y = make_friedman1(2000, n_features=8, noise=0.5, random_state=6)
x = torch.tensor((x - 0.5) / 0.29).float()
y = torch.tensor((y - y.mean()) / y.std()).float()[:, None]
net = nn.Sequential(nn.Linear(8, 64), nn.GELU(), nn.Linear(64, 32), nn.GELU(), nn.Linear(32, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.08, momentum=0.9, nesterov=True, weight_decay=1e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=7, T_mult=2, eta_min=1e-4)
for epoch in range(49):
    tot = 0.0
    lr = opt.param_groups[0]["lr"]
    for idx in torch.randperm(1600).split(64):
        loss = nn.functional.mse_loss(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 25
    sched.step()
    if epoch % 7 in (0, 6):
        with torch.no_grad():
            val = nn.functional.mse_loss(net(x[1600:]), y[1600:]).item()
        print(f"epoch {epoch + 1:2d} lr {lr:.4f} train {tot:.4f} val {val:.4f}")
