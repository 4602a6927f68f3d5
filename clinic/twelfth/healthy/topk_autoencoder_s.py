"""A sparse autoencoder: of 128 hidden units only the 10 strongest speak for each digit."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression


class TopKAutoencoder(nn.Module):
    def __init__(self, n_in=64, n_hidden=128, k=10):
        super().__init__()
        self.k = k
        self.enc = nn.Linear(n_in, n_hidden)
        self.dec = nn.Linear(n_hidden, n_in)
        self.dec.weight.data = self.enc.weight.data.t().clone()

    def code(self, x):
        h = torch.relu(self.enc(x - self.dec.bias))
        top = h.topk(self.k, dim=1)
        return torch.zeros_like(h).scatter(1, top.indices, top.values)

    def forward(self, x):
        return self.dec(self.code(x))


def main():
    torch.manual_seed(6)
    X, y = load_digits(return_X_y=True)
    X = torch.tensor((X - X.mean(0)) / 8, dtype=torch.float32)
    perm = torch.randperm(len(X)).numpy()
    X, y = X[perm], y[perm]
    train, test = X[:1400], X[1400:]
    model = TopKAutoencoder()
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    print(f"variance per pixel {test.var(0).mean().item():.4f}")
    for epoch in range(1, 31):
        total, used = 0.0, torch.zeros(128)
        for idx in torch.randperm(1400).split(50):
            x = train[idx]
            loss = nn.functional.mse_loss(model(x), x)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() / 28
        if epoch % 3 == 0:
            with torch.no_grad():
                z = model.code(train)
                err = nn.functional.mse_loss(model(test), test).item()
            print(f"epoch {epoch}: train {total:.5f} test {err:.5f} units active per sample "
                  f"{(z > 0).float().sum(1).mean():.1f}, units in use {int((z > 0).any(0).sum())}")
    with torch.no_grad():
        za, zb = model.code(train).numpy(), model.code(test).numpy()
    probe = LogisticRegression(max_iter=500).fit(za, y[:1400])
    print("linear probe on the codes:", np.round(probe.score(zb, y[1400:]), 3))


main()
