"""Sorts 8x8 digits with a wide network and functional dropout between its layers."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(9)


class Wide(nn.Module):
    def __init__(self, width=128, drop=0.5):
        super().__init__()
        self.one = nn.Linear(64, width)
        self.two = nn.Linear(width, width)
        self.three = nn.Linear(width, 10)
        self.drop = drop

    def forward(self, x):
        x = F.dropout(F.relu(self.one(x)), self.drop)  # cure: x = F.dropout(F.relu(self.one(x)), self.drop, self.training)
        x = F.dropout(F.relu(self.two(x)), self.drop)  # cure: x = F.dropout(F.relu(self.two(x)), self.drop, self.training)
        return self.three(x)


X, y = load_digits(return_X_y=True)
X = torch.tensor(X / 16.0 - 0.3, dtype=torch.float32)
y = torch.tensor(y)
X_train, X_val, y_train, y_val = train_test_split(X, y, test_size=0.3, random_state=0, stratify=y)

net = Wide()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(1, 21):
    net.train()
    perm = torch.randperm(len(X_train))
    for i in range(0, len(perm), 40):
        rows = perm[i : i + 40]
        opt.zero_grad()
        loss = F.cross_entropy(net(X_train[rows]), y_train[rows])
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        logits = net(X_val)
        val_loss = F.cross_entropy(logits, y_val).item()
        val_acc = (logits.argmax(1) == y_val).float().mean().item()
    print(f"[{epoch:2d}/20] batch loss {loss.item():.3f} | val loss {val_loss:.3f} | val acc {val_acc:.4f}")
