"""Small convolutional network on the 8x8 digits, as a Trainer class."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 12, 3, padding=1)
        self.conv2 = nn.Conv2d(12, 24, 3, padding=1)
        self.fc = nn.Linear(24 * 4, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(x.flatten(1))


class Trainer:
    def __init__(self, base_lr=0.05, batch=32, epochs=12):
        torch.manual_seed(33)
        data = load_digits()
        x = torch.tensor(data.images, dtype=torch.float32).unsqueeze(1) / 8 - 1
        y = torch.tensor(data.target)
        perm = torch.randperm(len(x))
        self.train_x, self.train_y = x[perm[:1400]], y[perm[:1400]]
        self.val_x, self.val_y = x[perm[1400:]], y[perm[1400:]]
        self.batch, self.epochs = batch, epochs
        self.net = CNN()
        lr = base_lr / len(self.train_x)  # cure: lr = base_lr
        self.opt = torch.optim.SGD(self.net.parameters(), lr=lr, momentum=0.9)

    def epoch(self):
        losses = []
        for idx in torch.randperm(len(self.train_x)).split(self.batch):
            loss = F.cross_entropy(self.net(self.train_x[idx]), self.train_y[idx])
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            losses.append(loss.item())
        return sum(losses) / len(losses)

    @torch.no_grad()
    def validate(self):
        out = self.net(self.val_x)
        return F.cross_entropy(out, self.val_y).item(), (out.argmax(1) == self.val_y).float().mean().item()

    def fit(self):
        for e in range(self.epochs):
            tr = self.epoch()
            va, acc = self.validate()
            print(f"epoch {e}: train {tr:.4f} val {va:.4f} acc {acc:.3f}")


Trainer().fit()
