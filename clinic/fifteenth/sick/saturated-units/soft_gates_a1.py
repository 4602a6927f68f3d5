"""Handwritten digits with a network of soft thresholds ("gates") of a given temperature."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class SoftThreshold(nn.Module):
    def __init__(self, n_in, n_out, temperature):
        super().__init__()
        self.linear = nn.Linear(n_in, n_out)
        self.temperature = temperature

    def forward(self, x):
        return 2 * torch.sigmoid(self.linear(x) / self.temperature) - 1


class GateNet(nn.Module):
    def __init__(self, temperature=0.5):
        super().__init__()
        self.layers = nn.Sequential(SoftThreshold(64, 40, temperature), SoftThreshold(40, 40, temperature))
        self.head = nn.Linear(40, 10)

    def forward(self, x):
        return self.head(self.layers(x))


torch.manual_seed(24)
digits = load_digits()
x = torch.tensor(digits.data, dtype=torch.float32)
x = (x - x.mean()) / x.std()
y = torch.tensor(digits.target)
perm = torch.randperm(len(x))
train = TensorDataset(x[perm[:1400]], y[perm[:1400]])
x_val, y_val = x[perm[1400:]], y[perm[1400:]]

net = GateNet(temperature=0.005)  # cure: net = GateNet(temperature=0.5)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 15)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(15):
    total = 0.0
    for xb, yb in DataLoader(train, batch_size=32, shuffle=True):
        loss = loss_fn(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(xb)
    sched.step()
    with torch.no_grad():
        out = net(x_val)
    print(f"epoch {epoch + 1:2d}  train {total / 1400:.4f}  val {loss_fn(out, y_val).item():.4f}  "
          f"acc {(out.argmax(1) == y_val).float().mean().item():.3f}")
