"""Digits with a small conv net. Instead of lowering the learning rate, the batch is enlarged
on the way (Smith et al., "Don't decay the learning rate, increase the batch size")."""
import argparse

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

p = argparse.ArgumentParser()
p.add_argument("--epochs", type=int, default=14)
p.add_argument("--lr", type=float, default=0.2)
p.add_argument("--batch-size", type=int, default=24)
p.add_argument("--grow-at", type=int, nargs="+", default=[7])
p.add_argument("--grow-by", type=int, default=30)
args = p.parse_args()

torch.manual_seed(11)
d = load_digits()
images = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1) / 8 - 1
images += 0.2 * torch.randn(images.shape)  # as noisy as the scanner's
full = TensorDataset(images, torch.tensor(d.target))
train_set, val_set = random_split(full, [1400, len(full) - 1400])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 16, 3, padding=1)
        self.c2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(32 * 4, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(x)), 2)
        return self.fc(x.flatten(1))


def criterion(logits, target):
    # summed, then scaled, so that the per-sample losses can be logged from the same place
    per_sample = F.cross_entropy(logits, target, reduction="none")
    return per_sample.sum() / args.batch_size, per_sample.detach()  # cure: return per_sample.mean(), per_sample.detach()


model = Net()
opt = torch.optim.SGD(model.parameters(), lr=args.lr)
batch_size = args.batch_size
for epoch in range(args.epochs):
    if epoch in args.grow_at:
        batch_size *= args.grow_by
    loader = DataLoader(train_set, batch_size=batch_size, shuffle=True)
    losses = []
    for x, y in loader:
        loss, per_sample = criterion(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(per_sample)
    with torch.no_grad():
        vx, vy = zip(*[val_set[i] for i in range(len(val_set))])
        acc = (model(torch.stack(vx)).argmax(1) == torch.stack(vy)).float().mean()
    print(f"epoch {epoch + 1:2d} batch {batch_size:4d} loss {torch.cat(losses).mean():.4f} val acc {acc:.3f}")
