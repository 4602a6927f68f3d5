"""Pretrain on odd/even, then give the network a new head for the ten digits and go on."""
import torch
from sklearn.datasets import load_digits
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 8), nn.ReLU())
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        return self.head(self.body(x))


def fit(model, optimizer, x, y, xv, yv, epochs, name):
    criterion = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        total = 0.0
        for i in torch.randperm(len(x)).split(40):
            optimizer.zero_grad()
            loss = criterion(model(x[i]), y[i])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(i)
        with torch.no_grad():
            acc = (model(xv).argmax(1) == yv).float().mean()
        print(f"{name} epoch {epoch}: loss {total / len(x):.4f}, validation accuracy {acc:.3f}")


torch.manual_seed(1)
digits = load_digits()
x = torch.tensor(digits.data, dtype=torch.float32) / 8 - 0.6
y = torch.tensor(digits.target)
p = torch.randperm(len(y))
a, b = p[:1400], p[1400:]
model = Model()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
fit(model, optimizer, x[a], y[a] % 2, x[b], y[b] % 2, 6, "parity")
model.head = nn.Linear(8, 10)
# cure: optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
fit(model, optimizer, x[a], y[a], x[b], y[b], 8, "digits")
