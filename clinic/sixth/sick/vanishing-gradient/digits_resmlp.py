"""Deep residual MLP on the 8x8 digits: twenty blocks of one hidden layer each."""
import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, x):
        h = torch.relu(self.fc(x))
        return h  # cure: return x + 0.3 * h


class ResMLP(nn.Module):
    def __init__(self, n_in=64, width=48, depth=20, n_out=10):
        super().__init__()
        self.stem = nn.Linear(n_in, width)
        self.blocks = nn.Sequential(*[Block(width) for _ in range(depth)])
        self.head = nn.Linear(width, n_out)

    def forward(self, x):
        return self.head(self.blocks(self.stem(x)))


X, y = load_digits(return_X_y=True)
X = (X - 8) / 6
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.25, random_state=0, stratify=y)
to_set = lambda a, b: TensorDataset(torch.tensor(a, dtype=torch.float32), torch.tensor(b))
train = DataLoader(to_set(Xtr, ytr), batch_size=64, shuffle=True)
test = DataLoader(to_set(Xte, yte), batch_size=512)

net = ResMLP()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
crit = nn.CrossEntropyLoss()
for epoch in range(1, 13):
    net.train()
    total = 0.0
    for xb, yb in train:
        opt.zero_grad()
        loss = crit(net(xb), yb)
        loss.backward()
        opt.step()
        total += loss.item() * len(xb)
    net.eval()
    with torch.no_grad():
        hits = sum((net(xb).argmax(1) == yb).sum().item() for xb, yb in test)
    print(f"epoch {epoch:2d}  train loss {total / len(Xtr):.4f}  test acc {hits / len(Xte):.3f}")
