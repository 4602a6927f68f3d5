"""Tumour type from the expression of 250 genes (a simulated study with few patients)."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_classification
from torch.utils.data import DataLoader, TensorDataset


def study():
    x, y = make_classification(n_samples=900, n_features=250, n_informative=12, n_redundant=20, n_classes=3, n_clusters_per_class=1,
                               flip_y=0.15, class_sep=1.4, random_state=8)
    x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y)
    m, s = x[:400].mean(0), x[:400].std(0)
    x = (x - m) / s
    return TensorDataset(x[:400], y[:400]), (x[400:], y[400:])


class Tumour(nn.Module):
    def __init__(self, p=0.0):
        super().__init__()
        self.a, self.b = nn.Linear(250, 64), nn.Linear(64, 3)
        self.p = p

    def forward(self, x):
        x = F.dropout(x, self.p, self.training)
        return self.b(F.dropout(F.relu(self.a(x)), self.p, self.training))


def fit(epochs=50, lr=1e-3):
    torch.manual_seed(8)
    train, (xv, yv) = study()
    net = Tumour()  # cure: net = Tumour(p=0.6)
    opt = torch.optim.AdamW(net.parameters(), lr=lr, weight_decay=0.0)  # cure: opt = torch.optim.AdamW(net.parameters(), lr=lr, weight_decay=0.5)
    for epoch in range(1, epochs + 1):
        net.train()
        seen = 0.0
        for x, y in DataLoader(train, batch_size=25, shuffle=True):
            loss = F.cross_entropy(net(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            seen += loss.item() * len(y) / len(train)
        net.eval()
        with torch.no_grad():
            out = net(xv)
        if epoch % 5 == 0:
            print(f"epoch {epoch:3d} | train loss {seen:.4f} | valid loss {F.cross_entropy(out, yv):.4f} | valid acc {(out.argmax(1) == yv).float().mean():.3f}")


fit()
