"""Breast-cancer diagnosis with a deep narrow ReLU network."""
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight, mean=0.0, std=0.02)  # cure: nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
        nn.init.zeros_(m.bias)


def make_net(n_in, width, depth):
    dims = [n_in] + [width] * depth
    layers = []
    for a, b in zip(dims, dims[1:]):
        layers.extend((nn.Linear(a, b), nn.ReLU()))
    return nn.Sequential(*layers, nn.Linear(width, 1)).apply(init_weights)


def main():
    torch.manual_seed(2)
    X, y = load_breast_cancer(return_X_y=True)
    xa, xb, ya, yb = train_test_split(X, y, test_size=0.3, random_state=2, stratify=y)
    scaler = StandardScaler().fit(xa)
    xa, xb = (torch.tensor(scaler.transform(v)).float() for v in (xa, xb))
    ya, yb = torch.tensor(ya).float(), torch.tensor(yb).float()

    net = make_net(30, 32, 8)
    opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-3)
    criterion = nn.BCEWithLogitsLoss()
    for epoch in range(9):
        losses = []
        for idx in torch.randperm(len(xa)).split(32):
            loss = criterion(net(xa[idx]).squeeze(1), ya[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        with torch.no_grad():
            scores = net(xb).squeeze(1)
            accuracy = ((scores > 0) == (yb > 0.5)).float().mean().item()
        print(f"epoch {epoch + 1:2d}: loss {sum(losses) / len(losses):.4f}, "
              f"valid loss {criterion(scores, yb).item():.4f}, valid accuracy {accuracy:.3f}")


main()
