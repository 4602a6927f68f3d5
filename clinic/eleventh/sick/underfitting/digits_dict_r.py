"""Digit classifier with a bottleneck, built from a dictionary of hyper-parameters."""
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

HP = {
    "hidden": 2,  # cure: "hidden": 64,
    "lr": 5e-3,
    "batch": 48,
    "epochs": 25,
    "seed": 26,
}


def data():
    x, y = load_digits(return_X_y=True)
    x = torch.tensor(x, dtype=torch.float32)
    x = (x - x.mean(0)) / (x.std(0) + 1.0)
    return train_test_split(x, torch.tensor(y), test_size=0.2, stratify=y, random_state=HP["seed"])


def main():
    torch.manual_seed(HP["seed"])
    x, xt, y, yt = data()
    net = nn.Sequential(nn.Linear(64, HP["hidden"]), nn.Tanh(), nn.Linear(HP["hidden"], 10))
    print(sum(p.numel() for p in net.parameters()), "parameters")
    opt = torch.optim.Adam(net.parameters(), lr=HP["lr"], weight_decay=1e-4)
    for epoch in range(HP["epochs"]):
        total = hits = 0
        for b in torch.randperm(len(x)).split(HP["batch"]):
            out = net(x[b])
            loss = nn.functional.cross_entropy(out, y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(b)
            hits += (out.argmax(1) == y[b]).sum().item()
        with torch.no_grad():
            test = (net(xt).argmax(1) == yt).float().mean().item()
        if epoch % 3 == 0:
            print(f"{epoch:2d} loss {total / len(x):.3f} train acc {hits / len(x):.3f} test acc {test:.3f}")


main()
