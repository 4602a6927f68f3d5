"""Learn 16-bit hash codes for digits: a scaled tanh that approaches the sign function, trained through a classifier."""
import numpy as np
import torch
from torch import nn
from sklearn.datasets import load_digits

EPOCHS, BITS = 20, 16


class Hasher(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, BITS))
        self.classify = nn.Linear(BITS, 10)
        self.beta = 1.0

    def codes(self, x):
        return torch.tanh(self.beta * self.body(x))

    def forward(self, x):
        return self.classify(self.codes(x))


def beta_at(epoch):
    return 1000.0  # cure: return 1.0 + 3.0 * epoch / EPOCHS


def retrieval(hasher, xt, yt, xq, yq, k=10):
    with torch.no_grad():
        a, b = hasher.codes(xt).sign(), hasher.codes(xq).sign()
    near = (b @ a.T).topk(k, 1).indices
    return (yt[near] == yq[:, None]).float().mean().item()


def main():
    torch.manual_seed(6)
    np.random.seed(6)
    d = load_digits()
    order = np.random.permutation(len(d.data))
    x = torch.tensor(d.data[order] / 16.0 - 0.3, dtype=torch.float32)
    y = torch.tensor(d.target[order])
    xt, yt, xq, yq = x[:1400], y[:1400], x[1400:], y[1400:]
    net = Hasher()
    opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    for epoch in range(EPOCHS):
        net.beta = beta_at(epoch)
        tot = 0.0
        for idx in torch.randperm(len(xt)).split(50):
            loss = nn.functional.cross_entropy(net(xt[idx]), yt[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            tot += loss.item() * len(idx)
        print(f"{epoch:2d} loss {tot / len(xt):.3f} precision@10 {retrieval(net, xt, yt, xq, yq):.3f}")


main()
