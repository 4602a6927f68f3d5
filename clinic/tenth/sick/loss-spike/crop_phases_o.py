"""Digit crops in phases: warm up, main phase, fine-tuning, each phase with its own learning rate."""
import torch
from sklearn.datasets import load_digits
from torch import nn, optim
import torch.nn.functional as F

PHASES = [
    (0, 0.005),
    (2, 0.02),
    (9, 2.0),  # cure: (9, 0.002),
]


class Crops(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 20, 3)
        self.fc1 = nn.Linear(20 * 9, 60)
        self.fc2 = nn.Linear(60, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


class Trainer:
    def __init__(self, model, data, target):
        self.model, self.data, self.target = model, data, target
        self.opt = optim.SGD(model.parameters(), lr=PHASES[0][1], momentum=0.9)

    def set_phase(self, epoch):
        for start, lr in PHASES:
            if epoch == start:
                for group in self.opt.param_groups:
                    group["lr"] = lr

    def run(self, epochs, n_train):
        for epoch in range(epochs):
            self.set_phase(epoch)
            total = 0.0
            for idx in torch.randperm(n_train).split(32):
                loss = F.cross_entropy(self.model(self.data[idx]), self.target[idx])
                self.opt.zero_grad()
                loss.backward()
                self.opt.step()
                total += loss.item() * len(idx) / n_train
            print(f"epoch {epoch + 1:2d}  loss {total:.4f}  held-out accuracy {self.score(n_train):.3f}")

    @torch.no_grad()
    def score(self, start):
        guess = self.model(self.data[start:]).argmax(1)
        return (guess == self.target[start:]).float().mean().item()


torch.manual_seed(10)
d = load_digits()
order = torch.randperm(len(d.target))
images = torch.tensor(d.images, dtype=torch.float32)[order].unsqueeze(1) / 8 - 1
Trainer(Crops(), images, torch.tensor(d.target)[order]).run(12, 1300)
