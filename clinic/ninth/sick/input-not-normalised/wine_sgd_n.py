"""Three wine cultivars from thirteen chemical measurements."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.manual_seed(21)


def load(seed=21):
    x, y = load_wine(return_X_y=True)
    xtr, xte, ytr, yte = train_test_split(x, y, test_size=0.35, random_state=seed, stratify=y)
    scaler = StandardScaler()
    scaler.fit_transform(xtr)  # cure: xtr = scaler.fit_transform(xtr)
    scaler.transform(xte)  # cure: xte = scaler.transform(xte)
    as_x = lambda a: torch.from_numpy(np.asarray(a, dtype=np.float32))
    return as_x(xtr), torch.from_numpy(ytr), as_x(xte), torch.from_numpy(yte)


class WineNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(13, 24), nn.Tanh(), nn.Linear(24, 12), nn.Tanh())
        self.head = nn.Linear(12, 3)

    def forward(self, x):
        return self.head(self.body(x))


xtr, ytr, xte, yte = load()
net = WineNet()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.8, weight_decay=1e-3)
crit = nn.CrossEntropyLoss()
for epoch in range(40):
    net.train()
    tot = 0.0
    for idx in torch.randperm(len(xtr)).split(16):
        opt.zero_grad()
        loss = crit(net(xtr[idx]), ytr[idx])
        loss.backward()
        opt.step()
        tot += loss.item() * len(idx)
    net.eval()
    with torch.no_grad():
        acc = (net(xte).argmax(1) == yte).float().mean().item()
    if epoch % 4 == 3:
        print(f"epoch {epoch + 1}: loss {tot / len(xtr):.4f}  test accuracy {acc:.3f}")
