"""Digits CNN with batch norm, label smoothing and cosine warm restarts; a snapshot is kept at the end of each cycle."""
import copy

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts
from torch.utils.data import DataLoader, TensorDataset, random_split


def cnn():
    return nn.Sequential(nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(16, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
                         nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(128, 10))


def evaluate(models, loader):
    right = 0
    with torch.no_grad():
        for x, y in loader:
            right += (sum(m(x).softmax(1) for m in models).argmax(1) == y).sum().item()
    return right / len(loader.dataset)


torch.manual_seed(204)
d = load_digits()
img = torch.tensor(d.images, dtype=torch.float32)[:, None]
data = TensorDataset((img - img.mean()) / img.std(), torch.tensor(d.target))
train, test = random_split(data, [1400, 397])
train_loader, test_loader = DataLoader(train, 50, shuffle=True), DataLoader(test, 200)
net, snapshots = cnn(), []
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
sched = CosineAnnealingWarmRestarts(opt, T_0=4 * len(train_loader))
for epoch in range(12):
    net.train()
    total = 0.0
    for x, y in train_loader:
        loss = F.cross_entropy(net(x), y, label_smoothing=0.1)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        total += loss.item() / len(train_loader)
    net.eval()
    if epoch % 4 == 3:
        snapshots.append(copy.deepcopy(net))
    print(f"epoch {epoch + 1:2d} lr {opt.param_groups[0]['lr']:.4f} loss {total:.4f} acc {evaluate([net], test_loader):.4f}"
          + (f" ensemble of {len(snapshots)} {evaluate(snapshots, test_loader):.4f}" if snapshots else ""))
