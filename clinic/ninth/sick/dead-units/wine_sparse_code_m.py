"""Sparse coding of wine analyses: units fire only above a threshold; the code must rebuild the 13 measurements."""
import torch
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler
from torch import nn


class SparseCoder(nn.Module):
    def __init__(self, n_in=13, n_code=64, threshold=5.0):  # cure: def __init__(self, n_in=13, n_code=64, threshold=0.05):
        super().__init__()
        self.encode = nn.Linear(n_in, n_code)
        self.decode = nn.Linear(n_code, n_in)
        self.threshold = threshold

    def forward(self, x):
        code = torch.relu(self.encode(x) - self.threshold)
        return self.decode(code), code


if __name__ == "__main__":
    torch.manual_seed(23)
    X = torch.tensor(StandardScaler().fit_transform(load_wine().data), dtype=torch.float32)
    X = X[torch.randperm(len(X))]
    train, test = X[:140], X[140:]
    coder = SparseCoder()
    opt = torch.optim.Adam(coder.parameters(), lr=3e-3)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 150, eta_min=3e-4)
    for epoch in range(1, 151):
        for xb in train[torch.randperm(len(train))].split(20):
            rec, code = coder(xb)
            loss = (rec - xb).square().mean() + 1e-3 * code.abs().mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
        sched.step()
        if epoch % 15 == 0:
            with torch.no_grad():
                rec, code = coder(test)
                err = (rec - test).square().mean()
            print(f"{epoch:4d} train {loss.item():.4f} test error {err.item():.4f} active per sample "
                  f"{(code > 0).float().sum(1).mean():.1f}")
