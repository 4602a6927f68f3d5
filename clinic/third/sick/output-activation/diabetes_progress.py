"""How far diabetes goes on within a year, in standard deviations from the mean (scikit-learn's table)."""

import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes


class Progress(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(10, 16)
        self.second = nn.Linear(16, 1)
        self.drop = nn.Dropout(0.2)
        self.act = nn.ReLU()

    def forward(self, x):
        x = self.drop(self.act(self.first(x)))
        return self.act(self.second(x))  # cure: return self.second(x)


def rmse(model, x, y):
    model.eval()
    with torch.no_grad():
        error = (model(x) - y).pow(2).mean().sqrt().item()
    model.train()
    return error


def main():
    torch.manual_seed(29)
    table, progress = load_diabetes(return_X_y=True, scaled=False)
    x = torch.tensor(table, dtype=torch.float32)
    y = torch.tensor(progress, dtype=torch.float32)[:, None]
    order = torch.randperm(len(x))
    x, y = x[order], y[order]
    x = (x - x[:340].mean(0)) / x[:340].std(0)
    y = (y - y[:340].mean()) / y[:340].std()

    model = Progress()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.5, weight_decay=1e-2)
    for epoch in range(1, 25):
        for rows in torch.randperm(340).split(20):
            loss = nn.functional.mse_loss(model(x[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if epoch % 3 == 0:
            print(
                f"epoch {epoch:2d}  train rmse {rmse(model, x[:340], y[:340]):.3f}  test rmse {rmse(model, x[340:], y[340:]):.3f}"
            )


main()
