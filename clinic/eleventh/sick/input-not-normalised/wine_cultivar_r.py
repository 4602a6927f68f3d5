"""Which of three cultivars does a wine come from? Cross-validated softmax network on the 13 measurements."""
import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import StratifiedKFold
from torch import nn, optim


class WineNet(nn.Module):
    def __init__(self, n_features, n_classes, hidden=24):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(n_features, hidden), nn.Tanh())
        self.head = nn.Linear(hidden, n_classes)

    def forward(self, x):
        return self.head(self.body(x))


def prepare(x_train, x_test):
    mean, std = x_train.mean(0), x_train.std(0)
    x_train = x_train - mean  # cure: x_train = (x_train - mean) / std
    x_test = x_test - mean  # cure: x_test = (x_test - mean) / std
    return x_train, x_test


def fit_fold(x, y, xt, yt, epochs=40):
    net = WineNet(x.shape[1], 3)
    opt = optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
    for epoch in range(epochs):
        tot = 0.0
        for i in torch.randperm(len(x)).split(16):
            opt.zero_grad()
            loss = nn.functional.cross_entropy(net(x[i]), y[i])
            loss.backward()
            opt.step()
            tot += loss.item() * len(i) / len(x)
        if epoch % 10 == 9:
            print(f"    epoch {epoch + 1:2d} train loss {tot:.4f}")
    with torch.no_grad():
        return (net(xt).argmax(1) == yt).float().mean().item()


if __name__ == "__main__":
    torch.manual_seed(21)
    data = load_wine()
    X, Y = torch.tensor(data.data).float(), torch.tensor(data.target)
    scores = []
    for k, (a, b) in enumerate(StratifiedKFold(4, shuffle=True, random_state=1).split(X, Y)):
        xa, xb = prepare(X[a], X[b])
        scores.append(fit_fold(xa, Y[a], xb, Y[b]))
        print(f"fold {k}: accuracy {scores[-1]:.3f}")
    print(f"mean accuracy {sum(scores) / len(scores):.3f}")
