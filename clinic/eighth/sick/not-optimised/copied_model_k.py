"""Train a digit classifier and keep an untouched copy of the initial weights for later comparison."""
import copy
import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


def get_data():
    X, y = load_digits(return_X_y=True)
    X = torch.tensor((X - X.mean()) / X.std(), dtype=torch.float32)
    return train_test_split(X, torch.tensor(y), test_size=0.25, random_state=3)


def main():
    torch.manual_seed(3)
    Xt, Xv, yt, yv = get_data()
    model = nn.Sequential(nn.Linear(64, 48), nn.GELU(), nn.Dropout(0.1), nn.Linear(48, 10))
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    initial, model = model, copy.deepcopy(model)  # cure: initial = copy.deepcopy(model)
    for epoch in range(1, 13):
        model.train()
        losses = []
        for idx in torch.randperm(len(Xt)).split(64):
            optimizer.zero_grad()
            model.zero_grad()
            loss = nn.functional.cross_entropy(model(Xt[idx]), yt[idx])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        model.eval()
        with torch.no_grad():
            acc = (model(Xv).argmax(1) == yv).float().mean()
            drift = sum((p - q).pow(2).sum() for p, q in zip(model.parameters(), initial.parameters())).sqrt()
        print(f"epoch {epoch} loss {sum(losses) / len(losses):.4f} acc {acc:.3f} distance from start {drift:.3f}")


main()
