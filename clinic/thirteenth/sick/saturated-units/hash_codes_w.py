"""Soft binary hash codes for digit images, learnt through a classifier on top of the code."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


class HashNet(nn.Module):
    def __init__(self, n_in, bits, classes, beta):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(n_in, 64), nn.ReLU(), nn.Linear(64, bits))
        self.head = nn.Linear(bits, classes)
        self.beta = beta

    def code(self, x):
        return torch.tanh(self.beta * self.body(x))

    def forward(self, x):
        return self.head(self.code(x))


def run():
    torch.manual_seed(7)
    X, y = load_digits(return_X_y=True)
    X = (X.astype(np.float32) - 4.9) / 6.0
    parts = train_test_split(X, y, test_size=0.2, random_state=7)
    Xtr, Xte = map(torch.from_numpy, parts[:2])
    ytr, yte = map(torch.from_numpy, parts[2:])
    net = HashNet(64, 10, 10, beta=250.0)  # cure: net = HashNet(64, 10, 10, beta=1.0)
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(25):
        losses = []
        for idx in torch.randperm(len(Xtr)).split(32):
            loss = nn.functional.cross_entropy(net(Xtr[idx]), ytr[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        if epoch % 3 == 0:
            with torch.no_grad():
                out = net(Xte)
                print(f"epoch {epoch}: train loss {np.mean(losses):.3f}, test loss "
                      f"{nn.functional.cross_entropy(out, yte):.3f}, accuracy {(out.argmax(1) == yte).float().mean():.3f}")


run()
