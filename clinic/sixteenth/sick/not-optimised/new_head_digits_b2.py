"""Pretrain a small net on the ten digits, then reuse its frozen body under a new head for another question: below five or not?"""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn


class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 12, 3), nn.ReLU(), nn.Conv2d(12, 16, 3), nn.ReLU(), nn.Flatten(), nn.Linear(256, 64), nn.ReLU())
        self.head = nn.Linear(64, classes)

    def forward(self, x):
        return self.head(self.body(x))


def run_epoch(model, optimizer, x, y):
    model.train()
    total = 0.0
    for idx in torch.randperm(len(x)).split(32):
        loss = F.cross_entropy(model(x[idx]), y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    return total / len(x)


@torch.no_grad()
def accuracy(model, x, y):
    model.eval()
    return (model(x).argmax(1) == y).float().mean().item()


torch.manual_seed(0)
bunch = load_digits()
x = torch.tensor(bunch.images, dtype=torch.float32).unsqueeze(1) / 8 - 1
y = torch.tensor(bunch.target)
train, valid = torch.randperm(len(x)).split([1400, len(x) - 1400])
model = Net(10)
optimizer = torch.optim.Adam(model.head.parameters(), lr=3e-3)
optimizer.add_param_group({"params": model.body.parameters(), "lr": 1e-3})
for epoch in range(6):
    print(f"digits epoch {epoch} loss {run_epoch(model, optimizer, x[train], y[train]):.4f}")

for p in model.body.parameters():
    p.requires_grad_(False)
y = (y < 5).long()
model.head = nn.Linear(64, 2)
# cure: optimizer = torch.optim.Adam(model.head.parameters(), lr=1e-2)
for epoch in range(12):
    loss = run_epoch(model, optimizer, x[train], y[train])
    if epoch % 2 == 1:
        print(f"below five epoch {epoch} loss {loss:.4f} valid accuracy {accuracy(model, x[valid], y[valid]):.3f}")
