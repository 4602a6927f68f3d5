"""Sixteen-block network on the handwritten digits, written after the "pre-activation" residual papers."""
import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
X = (X - X.mean()) / X.std()
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.25, stratify=y, random_state=0)
Xa, Xb = torch.tensor(Xa).float(), torch.tensor(Xb).float()
ya, yb = torch.tensor(ya), torch.tensor(yb)


class Block(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(dim, dim), nn.Sigmoid(), nn.Linear(dim, dim))
        for layer in (self.inner[0], self.inner[2]):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        update = self.inner(x)
        return update  # cure: return x + 0.3 * update


class DeepNet(nn.Module):
    def __init__(self, dim=48, depth=16):
        super().__init__()
        self.stem = nn.Linear(64, dim)
        self.blocks = nn.ModuleList(Block(dim) for _ in range(depth))
        self.head = nn.Linear(dim, 10)

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        return self.head(x)


net = DeepNet()
optimizer = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-4)
criterion = nn.CrossEntropyLoss()
for epoch in range(12):
    net.train()
    total = 0.0
    for idx in torch.randperm(len(Xa)).split(32):
        optimizer.zero_grad()
        loss = criterion(net(Xa[idx]), ya[idx])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    net.eval()
    with torch.no_grad():
        acc = (net(Xb).argmax(1) == yb).float().mean().item()
    print(f"epoch {epoch + 1:2d} | train loss {total / len(Xa):.4f} | test accuracy {acc:.3f}")
