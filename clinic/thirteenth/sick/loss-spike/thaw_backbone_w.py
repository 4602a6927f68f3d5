"""Fine-tuning in two stages: pretrain on digits 0-4, then a head for 5-9, later thaw the backbone as well."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
X = torch.tensor((X - X.mean()) / X.std(), dtype=torch.float32)
y = torch.tensor(y)
old, new = (y < 5).nonzero().squeeze(1), (y >= 5).nonzero().squeeze(1)
new = new[torch.randperm(len(new))]
train, valid = new[:700], new[700:]


def epoch_of(net, opt, rows, shift):
    total = 0.0
    for idx in rows[torch.randperm(len(rows))].split(50):
        loss = F.cross_entropy(net(X[idx]), y[idx] - shift)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    return total / len(rows)


backbone = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, 32), nn.ReLU())
pre = nn.Sequential(backbone, nn.Linear(32, 5))
opt = torch.optim.SGD(pre.parameters(), lr=0.05, momentum=0.9)
for _ in range(8):
    epoch_of(pre, opt, old, 0)

head = nn.Linear(32, 5)
net = nn.Sequential(backbone, head)
backbone.requires_grad_(False)
opt = torch.optim.SGD(head.parameters(), lr=0.05, momentum=0.9)
for epoch in range(24):
    if epoch == 12:
        backbone.requires_grad_(True)
        opt.add_param_group({"params": list(backbone.parameters()), "lr": 1.5})  # cure: opt.add_param_group({"params": list(backbone.parameters()), "lr": 0.005})
    loss = epoch_of(net, opt, train, 5)
    with torch.no_grad():
        acc = (net(X[valid]).argmax(1) == y[valid] - 5).float().mean()
    print(f"epoch {epoch:2d} loss {loss:.4f} valid acc {acc:.3f}")
