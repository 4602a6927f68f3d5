"""Snapshot ensemble: cosine warm restarts push the loss up at each restart; the members' outputs are averaged at the end."""
import copy
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(0)
x, y = load_digits(n_class=10, return_X_y=True)
x = torch.tensor(x, dtype=torch.float32) / 8 - 1
x = x + 0.6 * torch.randn_like(x)
y = torch.tensor(y)
perm = torch.randperm(len(x))
train, test = perm[:1200], perm[1200:]
net = nn.Sequential(nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                    nn.Conv2d(16, 24, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Dropout(0.3), nn.Linear(24 * 16, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.08, momentum=0.9, weight_decay=1e-3)
CYCLE, EPOCHS = 5, 15
sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=CYCLE, eta_min=1e-4)
members = []
for epoch in range(1, EPOCHS + 1):
    net.train()
    total = 0.0
    for idx in train[torch.randperm(1200)].split(40):
        loss = nn.functional.cross_entropy(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 30
    rate = opt.param_groups[0]["lr"]
    sched.step()
    net.eval()
    with torch.no_grad():
        acc = (net(x[test]).argmax(1) == y[test]).float().mean().item()
    print(f"epoch {epoch:2d} lr {rate:.4f} loss {total:.4f} accuracy {acc:.3f}")
    if epoch % CYCLE == 0:
        members.append(copy.deepcopy(net))
with torch.no_grad():
    mean = sum(m(x[test]).softmax(1) for m in members) / len(members)
print(f"ensemble of {len(members)}: accuracy {(mean.argmax(1) == y[test]).float().mean().item():.3f}")
