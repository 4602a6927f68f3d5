"""A network trained on the digits 0 to 6 is then adapted to all ten digits, starting from the weights it has."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(12)
digits = load_digits()
X = torch.tensor(digits.data, dtype=torch.float32)
Y = torch.tensor(digits.target)
mix = torch.randperm(len(X))
X, Y = X[mix], Y[mix]
X = (X - X[:1300].mean()) / X[:1300].std()
train, test = (X[:1300], Y[:1300]), (X[1300:], Y[1300:])


def fit(model, data, lr, epochs, tag):
    x, y = data
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    for epoch in range(epochs):
        total = 0.0
        for idx in torch.randperm(len(x)).split(26):
            loss = F.cross_entropy(model(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        print(f"{tag} epoch {epoch:2d}  loss {total / len(x):.4f}  test accuracy {evaluate(model, test):.4f}")


@torch.no_grad()
def evaluate(model, data):
    x, y = data
    return (model(x).argmax(1) == y).float().mean().item()


net = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, 10))
early = train[1] < 7
fit(net, (train[0][early], train[1][early]), lr=0.01, epochs=6, tag="first")
fit(net, train, lr=0.25, epochs=8, tag="adapt")  # cure: fit(net, train, lr=0.01, epochs=8, tag="adapt")
