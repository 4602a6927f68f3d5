"""Deep ReLU classifier for the breast cancer data, with a hand-written weight initialisation."""
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def he_(layer):
    fan_in = layer.weight.shape[1]
    with torch.no_grad():
        layer.weight.normal_(0.0, 2.0 / fan_in)  # cure: layer.weight.normal_(0.0, (2.0 / fan_in) ** 0.5)
        layer.bias.zero_()
    return layer


def network(sizes):
    mods = []
    for a, b in zip(sizes[:-2], sizes[1:-1]):
        mods += [he_(nn.Linear(a, b)), nn.ReLU()]
    return nn.Sequential(*mods, he_(nn.Linear(sizes[-2], sizes[-1])))


if __name__ == "__main__":
    torch.manual_seed(0)
    X, y = load_breast_cancer(return_X_y=True)
    Xt, Xv, yt, yv = train_test_split(X, y, test_size=0.3, random_state=0, stratify=y)
    sc = StandardScaler().fit(Xt)
    Xt, Xv = [torch.tensor(sc.transform(a), dtype=torch.float32) for a in (Xt, Xv)]
    yt, yv = torch.tensor(yt), torch.tensor(yv)
    net = network([30] + [64] * 9 + [2])
    opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-3)
    for epoch in range(12):
        s = 0.0
        for i in torch.randperm(len(Xt)).split(32):
            loss = nn.functional.cross_entropy(net(Xt[i]), yt[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            s += loss.item() * len(i) / len(Xt)
        with torch.no_grad():
            acc = (net(Xv).argmax(1) == yv).float().mean().item()
        print(f"epoch {epoch + 1:2d} | loss {s:.4f} | valid acc {acc:.3f}")
