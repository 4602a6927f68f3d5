"""Differentiable decision tree (depth 5) on the digits: inner nodes route softly, leaves hold class scores."""
import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split


class SoftTree(nn.Module):
    def __init__(self, n_in, n_classes, depth=5, beta=1.0):
        super().__init__()
        self.depth, self.beta = depth, beta
        self.gates = nn.Linear(n_in, 2 ** depth - 1)
        self.leaves = nn.Parameter(0.1 * torch.randn(2 ** depth, n_classes))

    def leaf_probs(self, x):
        right = torch.sigmoid(self.beta * self.gates(x))
        probs = x.new_ones(len(x), 1)
        start = 0
        for d in range(self.depth):
            g = right[:, start:start + 2 ** d]
            probs = torch.stack([probs * (1 - g), probs * g], 2).flatten(1)
            start += 2 ** d
        return probs

    def forward(self, x):
        return torch.log(self.leaf_probs(x) @ torch.softmax(self.leaves, 1) + 1e-9)


def accuracy(tree, x, y):
    with torch.no_grad():
        return (tree(x).argmax(1) == y).float().mean().item()


def main():
    torch.manual_seed(7)
    X, y = load_digits(return_X_y=True)
    a, b, ya, yb = train_test_split(X, y, test_size=0.3, random_state=7)
    sc = StandardScaler().fit(a)
    a, b = (torch.tensor(sc.transform(v), dtype=torch.float32).clamp(-3, 3) for v in (a, b))
    ya, yb = torch.tensor(ya), torch.tensor(yb)
    tree = SoftTree(64, 10, beta=100.0)  # cure: tree = SoftTree(64, 10, beta=1.0)
    optim = torch.optim.Adam(tree.parameters(), lr=0.01)
    for epoch in range(1, 26):
        total = 0.0
        for idx in torch.randperm(len(a)).split(64):
            loss = nn.functional.nll_loss(tree(a[idx]), ya[idx])
            optim.zero_grad()
            loss.backward()
            optim.step()
            total += loss.item() * len(idx)
        if epoch % 5 == 0:
            print(f"{epoch:3d} nll {total / len(a):.3f} train acc {accuracy(tree, a, ya):.3f} test acc {accuracy(tree, b, yb):.3f}")


main()
