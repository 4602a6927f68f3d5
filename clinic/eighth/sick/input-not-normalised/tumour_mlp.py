"""Breast-cancer diagnosis with a two-layer perceptron."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn


def load():
    data = load_breast_cancer()
    parts = train_test_split(data.data, data.target, test_size=0.25, stratify=data.target, random_state=4)
    scaler = StandardScaler().fit(parts[0])
    Xtr, Xte = parts[0], parts[1]  # cure: Xtr, Xte = scaler.transform(parts[0]), scaler.transform(parts[1])
    to = lambda a: torch.tensor(a, dtype=torch.float32)
    return to(Xtr), to(Xte), to(parts[2]), to(parts[3])


def accuracy(model, X, y):
    with torch.no_grad():
        return ((model(X).squeeze(1) > 0).float() == y).float().mean().item()


def train(epochs=30, lr=0.05, batch=32):
    torch.manual_seed(8)
    Xtr, Xte, ytr, yte = load()
    model = nn.Sequential(nn.Linear(30, 16), nn.Tanh(), nn.Linear(16, 1))
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9, weight_decay=1e-3)
    for epoch in range(epochs):
        losses = []
        for idx in torch.randperm(len(Xtr)).split(batch):
            loss = F.binary_cross_entropy_with_logits(model(Xtr[idx]).squeeze(1), ytr[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        if epoch % 5 == 4:
            print(f"{epoch + 1:3d} loss={sum(losses) / len(losses):.4f} train={accuracy(model, Xtr, ytr):.3f} test={accuracy(model, Xte, yte):.3f}")


if __name__ == "__main__":
    train()
