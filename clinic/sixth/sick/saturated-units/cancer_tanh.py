"""Breast cancer diagnosis with a tanh network whose activations have an adjustable slope."""
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.manual_seed(4)


class ScaledTanh(nn.Module):
    def __init__(self, slope=1.0):
        super().__init__()
        self.slope = slope

    def forward(self, x):
        return torch.tanh(self.slope * x)


def build(sizes, temperature=0.01):
    layers = []
    for a, b in zip(sizes[:-2], sizes[1:-1]):
        layers += [nn.Linear(a, b), ScaledTanh(1 / temperature)]  # cure: layers += [nn.Linear(a, b), ScaledTanh()]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))


X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.3, random_state=7, stratify=y)
scale = StandardScaler().fit(Xa)
Xa, Xb = (torch.tensor(scale.transform(v), dtype=torch.float32) for v in (Xa, Xb))
ya, yb = (torch.tensor(v, dtype=torch.float32) for v in (ya, yb))

net = build([30, 24, 24, 24, 1])
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-3)
bce = nn.BCEWithLogitsLoss()
for epoch in range(20):
    for idx in torch.randperm(len(Xa)).split(32):
        loss = bce(net(Xa[idx]).squeeze(1), ya[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 2 == 1:
        with torch.no_grad():
            la, lb = bce(net(Xa).squeeze(1), ya), bce(net(Xb).squeeze(1), yb)
            acc = ((net(Xb).squeeze(1) > 0) == yb.bool()).float().mean()
        print(f"epoch {epoch + 1:3d} train {la:.4f} test {lb:.4f} accuracy {acc:.3f}")
