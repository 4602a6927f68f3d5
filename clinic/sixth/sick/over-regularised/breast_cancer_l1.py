"""Breast cancer from 30 measurements: an MLP with an L1 penalty that should find a sparse first layer."""
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

config = {"l1": 0.12, "lr": 2e-3, "batch": 32, "epochs": 30, "hidden": 32}  # cure: config = {"l1": 2e-4, "lr": 2e-3, "batch": 32, "epochs": 30, "hidden": 32}


def loaders():
    x, y = load_breast_cancer(return_X_y=True)
    x1, x2, y1, y2 = train_test_split(x, y, test_size=0.3, random_state=7, stratify=y)
    sc = StandardScaler().fit(x1)
    sets = [TensorDataset(torch.tensor(sc.transform(a)).float(), torch.tensor(b)) for a, b in ((x1, y1), (x2, y2))]
    return DataLoader(sets[0], config["batch"], shuffle=True), DataLoader(sets[1], 200)


def penalty(model):
    return sum(p.abs().sum() for name, p in model.named_parameters() if name.endswith("weight"))


torch.manual_seed(7)
train, test = loaders()
model = nn.Sequential(nn.Linear(30, config["hidden"]), nn.ReLU(), nn.Linear(config["hidden"], 2))
opt = torch.optim.Adam(model.parameters(), lr=config["lr"])
ce = nn.CrossEntropyLoss()
for epoch in range(config["epochs"]):
    fit = reg = 0.0
    for x, y in train:
        data_loss = ce(model(x), y)
        l1 = config["l1"] * penalty(model)
        opt.zero_grad()
        (data_loss + l1).backward()
        opt.step()
        fit += data_loss.item() / len(train)
        reg += l1.item() / len(train)
    with torch.no_grad():
        outs = [(model(x), y) for x, y in test]
        loss = sum(ce(o, y).item() * len(y) for o, y in outs) / len(test.dataset)
        acc = sum((o.argmax(1) == y).sum().item() for o, y in outs) / len(test.dataset)
    if epoch % 5 == 4:
        print(f"epoch {epoch + 1}: data {fit:.4f} l1 {reg:.4f} | test loss {loss:.4f} acc {acc:.3f}")
