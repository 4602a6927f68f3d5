"""A narrow and deep network for the two moons, built from a list of layer widths."""
import numpy as np
import torch
from sklearn.datasets import make_moons
from torch import nn


class DeepStack(nn.Module):
    def __init__(self, n_in, width, depth, n_out):
        super().__init__()
        widths = [n_in] + [width] * depth
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        self.last = nn.Linear(width, n_out)
        for layer in self.hidden:
            nn.init.xavier_normal_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        for layer in self.hidden:
            x = torch.sigmoid(layer(x))  # cure: x = torch.relu(layer(x))
        return self.last(x)


def prepare(n, seed):
    x, y = make_moons(n, noise=0.15, random_state=seed)
    x = (x - np.array([0.5, 0.25])) / np.array([0.87, 0.5])
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y)


def main():
    torch.manual_seed(29)
    x, y = prepare(1500, 0)
    x_val, y_val = prepare(500, 1)
    model = DeepStack(2, 24, 8, 2)
    print(model.last, "after", len(model.hidden), "hidden layers")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for epoch in range(1, 21):
        epoch_loss = 0.0
        for idx in torch.randperm(len(x)).split(30):
            loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            epoch_loss += loss.item() * len(idx)
        if epoch % 2 == 0:
            with torch.no_grad():
                out = model(x_val)
                val = nn.functional.cross_entropy(out, y_val).item()
            print(f"epoch {epoch:2d}  loss {epoch_loss / len(x):.4f}  val loss {val:.4f}  "
                  f"val acc {(out.argmax(1) == y_val).float().mean().item():.3f}")


if __name__ == "__main__":
    main()
