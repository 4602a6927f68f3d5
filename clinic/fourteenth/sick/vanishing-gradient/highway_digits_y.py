"""Classify handwritten digits with a deep stack of gated layers."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)


class GatedLayer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.transform = nn.Linear(width, width)
        self.gate = nn.Linear(width, width)
        nn.init.constant_(self.gate.bias, -1.0)

    def forward(self, x):
        g = torch.sigmoid(self.gate(x))
        return g * F.relu(self.transform(x))  # cure: return g * F.relu(self.transform(x)) + (1 - g) * x


class DeepNet(nn.Module):
    def __init__(self, width=48, depth=14):
        super().__init__()
        self.inp = nn.Linear(64, width)
        self.layers = nn.ModuleList([GatedLayer(width) for _ in range(depth)])
        self.out = nn.Linear(width, 10)

    def forward(self, x):
        x = self.inp(x)
        for layer in self.layers:
            x = layer(x)
        return self.out(x)


def main():
    x, y = load_digits(return_X_y=True)
    x_tr, x_va, y_tr, y_va = train_test_split(x / 16.0, y, test_size=0.25, random_state=0, stratify=y)
    mean = x_tr.mean()
    std = x_tr.std()
    to = lambda a: torch.tensor((a - mean) / std, dtype=torch.float32)
    train = DataLoader(TensorDataset(to(x_tr), torch.tensor(y_tr)), batch_size=64, shuffle=True)
    x_va, y_va = to(x_va), torch.tensor(y_va)

    net = DeepNet()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(12):
        net.train()
        total = 0.0
        for xb, yb in train:
            opt.zero_grad()
            loss = F.cross_entropy(net(xb), yb)
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
        net.eval()
        with torch.no_grad():
            acc = (net(x_va).argmax(1) == y_va).float().mean().item()
        print(f"epoch {epoch:2d}  train loss {total / len(x_tr):.4f}  valid acc {acc:.3f}")


if __name__ == "__main__":
    main()
