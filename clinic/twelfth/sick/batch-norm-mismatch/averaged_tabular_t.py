"""Tabular classifier; validation uses an exponential moving average of the weights."""
import copy

import torch
from sklearn.datasets import make_classification
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


class AveragedModel:
    def __init__(self, model, decay=0.97):
        self.decay = decay
        self.module = copy.deepcopy(model).eval()
        for p in self.module.parameters():
            p.requires_grad_(False)

    @torch.no_grad()
    def update(self, model):
        for avg, p in zip(self.module.parameters(), model.parameters()):
            avg.lerp_(p, 1 - self.decay)
        # cure: for avg, b in zip(self.module.buffers(), model.buffers()):
            # cure: avg.copy_(b)


def accuracy(model, loader):
    good = seen = 0
    with torch.no_grad():
        for x, y in loader:
            good += (model(x).argmax(1) == y).sum().item()
            seen += len(y)
    return good / seen


torch.manual_seed(11)
X, y = make_classification(3000, 24, n_informative=10, n_redundant=6, n_classes=4, n_clusters_per_class=2,
                           class_sep=1.3, random_state=11)
X = StandardScaler().fit_transform(X)
data = TensorDataset(torch.tensor(X, dtype=torch.float32), torch.tensor(y))
train_set, val_set = random_split(data, [2400, 600])
train_dl = DataLoader(train_set, batch_size=80, shuffle=True, drop_last=True)
val_dl = DataLoader(val_set, batch_size=300)

net = nn.Sequential(
    nn.Linear(24, 96), nn.BatchNorm1d(96), nn.ReLU(),
    nn.Linear(96, 96), nn.BatchNorm1d(96), nn.ReLU(),
    nn.Linear(96, 48), nn.BatchNorm1d(48), nn.ReLU(),
    nn.Linear(48, 4),
)
ema = AveragedModel(net)
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
loss_fn = nn.CrossEntropyLoss()

for epoch in range(9):
    net.train()
    losses, right, n = [], 0, 0
    for xb, yb in train_dl:
        opt.zero_grad()
        out = net(xb)
        loss = loss_fn(out, yb)
        loss.backward()
        opt.step()
        ema.update(net)
        losses.append(loss.item())
        right += (out.argmax(1) == yb).sum().item()
        n += len(yb)
    print(f"epoch {epoch:2d}  loss {sum(losses) / len(losses):.3f}  train acc {right / n:.3f}  "
          f"val acc (averaged weights) {accuracy(ema.module, val_dl):.3f}")
