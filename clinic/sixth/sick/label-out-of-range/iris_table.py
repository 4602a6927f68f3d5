"""Iris species from the names in the flower table, with our own negative log-likelihood."""
import torch
from sklearn.datasets import load_iris
from torch import nn

SPECIES = {"setosa": 0, "versicolour": 1, "virginica": 2}  # cure: SPECIES = {"setosa": 0, "versicolor": 1, "virginica": 2}


def read_table():
    iris = load_iris()
    for row, target in zip(iris.data, iris.target):
        yield row, str(iris.target_names[target])


def tensors():
    rows, labels = [], []
    for row, name in read_table():
        rows.append(torch.tensor(row, dtype=torch.float32))
        labels.append(SPECIES.get(name, -1))
    x = torch.stack(rows)
    return (x - x.mean(0)) / x.std(0), torch.tensor(labels)


def nll(logits, y):
    logp = logits.log_softmax(dim=1)
    return -logp[torch.arange(len(y)), y].mean()


torch.manual_seed(6)
x, y = tensors()
perm = torch.randperm(len(x))
train, test = perm[:105], perm[105:]
net = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, len(SPECIES)))
opt = torch.optim.Adam(net.parameters(), lr=0.01, weight_decay=1e-3)
for epoch in range(60):
    for idx in train[torch.randperm(len(train))].split(15):
        opt.zero_grad()
        loss = nll(net(x[idx]), y[idx])
        loss.backward()
        opt.step()
    if epoch % 10 == 9:
        with torch.no_grad():
            out = net(x[test])
            acc = (out.argmax(1) == y[test]).float().mean().item()
        print(f"epoch {epoch + 1}: train nll {loss.item():.4f}, test acc {acc:.3f}")
