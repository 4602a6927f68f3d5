"""Friedman's regression function with an eight-layer perceptron, truncated-normal start."""
import torch
from torch import nn
from sklearn.datasets import make_friedman1


def mlp(sizes, std):
    layers = []
    for k, (a, b) in enumerate(zip(sizes, sizes[1:])):
        lin = nn.Linear(a, b)
        nn.init.trunc_normal_(lin.weight, std=std)  # cure: nn.init.kaiming_normal_(lin.weight)
        nn.init.zeros_(lin.bias)
        layers.append(lin)
        if k < len(sizes) - 2:
            layers.append(nn.ReLU())
    return nn.Sequential(*layers)


def fit(net, train, valid, epochs, lr):
    opt = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    mse = nn.MSELoss()
    for epoch in range(epochs):
        x, y = train
        for idx in torch.randperm(len(x)).split(50):
            opt.zero_grad()
            loss = mse(net(x[idx]), y[idx])
            loss.backward()
            opt.step()
        if (epoch + 1) % 2 == 0:
            with torch.no_grad():
                a, b = mse(net(x), y), mse(net(valid[0]), valid[1])
            print(f"{epoch + 1:3d}/{epochs} train {a:.4f} valid {b:.4f} R2 {1 - b / valid[1].var():.3f}")


if __name__ == "__main__":
    torch.manual_seed(23)
    X, y = make_friedman1(2500, n_features=10, noise=0.5, random_state=1)
    X = torch.tensor(X, dtype=torch.float32) * 3.46 - 1.73
    y = torch.tensor(y, dtype=torch.float32)[:, None]
    y = (y - y[:2000].mean()) / y[:2000].std()
    net = mlp([10] + [64] * 7 + [1], std=0.02)
    fit(net, (X[:2000], y[:2000]), (X[2000:], y[2000:]), epochs=16, lr=0.01)
