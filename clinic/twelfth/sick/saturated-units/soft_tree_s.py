"""A soft decision tree of depth 5 for the digits, trained by gradient descent."""
import torch
from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler
from torch import nn


class SoftTree(nn.Module):
    """Inner nodes send a sample left or right with a sigmoid of a linear score; leaves hold class scores."""

    def __init__(self, n_features, n_classes, depth=5, temperature=0.01):  # cure: def __init__(self, n_features, n_classes, depth=5, temperature=1.0):
        super().__init__()
        self.depth, self.temperature = depth, temperature
        self.split = nn.Linear(n_features, 2 ** depth - 1)
        self.leaf = nn.Parameter(torch.randn(2 ** depth, n_classes) * 0.1)

    def forward(self, x):
        right = torch.sigmoid(self.split(x) / self.temperature)
        reach = torch.ones(len(x), 1)
        for level in range(self.depth):
            first = 2 ** level - 1
            p = right[:, first:first + 2 ** level]
            reach = torch.stack([reach * (1 - p), reach * p], 2).flatten(1)
        return torch.log(reach @ torch.softmax(self.leaf, 1) + 1e-9)


def run(epochs=40, batch=64, lr=0.005):
    torch.manual_seed(1)
    X, y = load_digits(return_X_y=True)
    X = torch.tensor(StandardScaler().fit_transform(X), dtype=torch.float32).clamp(-3, 3)
    y = torch.tensor(y)
    perm = torch.randperm(len(X))
    train, test = perm[:1300], perm[1300:]
    tree = SoftTree(64, 10)
    optimizer = torch.optim.Adam(tree.parameters(), lr=lr)
    for epoch in range(1, epochs + 1):
        loss_sum = 0.0
        for idx in train[torch.randperm(len(train))].split(batch):
            loss = nn.functional.nll_loss(tree(X[idx]), y[idx])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss_sum += loss.item() * len(idx)
        if epoch % 4 == 0:
            with torch.no_grad():
                accuracy = (tree(X[test]).argmax(1) == y[test]).float().mean().item()
            print(f"epoch {epoch}: train loss {loss_sum / len(train):.3f}, test accuracy {accuracy:.3f}")


run()
