"""Separate three noisy rings with a configurable multilayer perceptron."""
import torch
from sklearn.datasets import make_circles
from torch import nn


def mlp(sizes, activation=nn.Identity, out_activation=nn.Identity):
    layers = []
    for j in range(len(sizes) - 1):
        act = activation if j < len(sizes) - 2 else out_activation
        layers += [nn.Linear(sizes[j], sizes[j + 1]), act()]
    return nn.Sequential(*layers)


def rings(seed):
    a, ya = make_circles(800, factor=0.5, noise=0.06, random_state=seed)
    b, _ = make_circles(800, factor=0.99, noise=0.05, random_state=seed + 1)
    x = torch.cat([torch.tensor(a), 1.6 * torch.tensor(b[:400])]).float()
    y = torch.cat([torch.tensor(ya), torch.full((400,), 2)])
    return x, y


torch.manual_seed(0)
x_train, y_train = rings(0)
x_val, y_val = rings(50)
net = mlp([2, 32, 32, 3])  # cure: net = mlp([2, 32, 32, 3], activation=nn.Tanh)
optim = torch.optim.Adam(net.parameters(), lr=5e-3)
ce = nn.CrossEntropyLoss()
for epoch in range(1, 31):
    loss_sum = 0.0
    for idx in torch.randperm(len(x_train)).split(60):
        loss = ce(net(x_train[idx]), y_train[idx])
        optim.zero_grad()
        loss.backward()
        optim.step()
        loss_sum += loss.item() * len(idx)
    if epoch % 3 == 0:
        with torch.no_grad():
            out = net(x_val)
        print(f"epoch {epoch:2d} | loss {loss_sum / len(x_train):.4f} | val loss {ce(out, y_val).item():.4f} "
              f"| val acc {(out.argmax(1) == y_val).float().mean().item():.3f}")
