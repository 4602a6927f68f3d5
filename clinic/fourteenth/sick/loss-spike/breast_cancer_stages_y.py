"""Breast cancer classifier with a step-wise learning rate, SGD with momentum."""
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(40)
MILESTONES = {14}
FACTOR = 0.02


def loaders():
    x, y = load_breast_cancer(return_X_y=True)
    xt, xv, yt, yv = train_test_split(x, y, test_size=0.3, stratify=y, random_state=40)
    sc = StandardScaler().fit(xt)
    f = lambda a: torch.tensor(a, dtype=torch.float32)
    train = TensorDataset(f(sc.transform(xt)), f(yt))
    valid = TensorDataset(f(sc.transform(xv)), f(yv))
    return DataLoader(train, 16, shuffle=True), DataLoader(valid, 256)


class Trainer:
    def __init__(self):
        self.model = nn.Sequential(nn.Linear(30, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 1))
        self.opt = torch.optim.SGD(self.model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-3)
        self.loss = nn.BCEWithLogitsLoss()

    def adjust(self, epoch):
        if epoch in MILESTONES:
            for group in self.opt.param_groups:
                group["lr"] /= FACTOR  # cure: group["lr"] *= FACTOR

    def epoch(self, loader, learn):
        self.model.train(learn)
        total, right, n = 0.0, 0, 0
        with torch.set_grad_enabled(learn):
            for x, y in loader:
                logit = self.model(x).squeeze(1)
                loss = self.loss(logit, y)
                if learn:
                    self.opt.zero_grad()
                    loss.backward()
                    self.opt.step()
                total += loss.item() * len(y)
                right += ((logit > 0) == (y > 0.5)).sum().item()
                n += len(y)
        return total / n, right / n


train_loader, valid_loader = loaders()
trainer = Trainer()
for epoch in range(20):
    trainer.adjust(epoch)
    tl, ta = trainer.epoch(train_loader, True)
    vl, va = trainer.epoch(valid_loader, False)
    print(f"{epoch:02d} train {tl:.4f} ({ta:.3f}) valid {vl:.4f} ({va:.3f})")
