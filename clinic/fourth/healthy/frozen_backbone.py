"""Transfer: learn features on digits 0 to 4, freeze them, and train only a new head for digits 5 to 9."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(0)
digits = load_digits()
x = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 8 - 1
y = torch.tensor(digits.target)

backbone = nn.Sequential(nn.Conv2d(1, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(24, 48, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())


def split(mask, offset):
    xs, ys = x[mask], y[mask] - offset
    tr, te = train_test_split(range(len(xs)), test_size=0.25, random_state=0, stratify=ys)
    return xs[tr], ys[tr], xs[te], ys[te]


def fit(model, params, data, epochs, lr):
    xa, ya, xb, yb = data
    opt = torch.optim.Adam(params, lr=lr)
    for epoch in range(epochs):
        total = 0.0
        for idx in torch.randperm(len(xa)).split(32):
            loss = nn.functional.cross_entropy(model(xa[idx]), ya[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        if epoch % 3 == 2:
            with torch.no_grad():
                acc = (model(xb).argmax(1) == yb).float().mean().item()
            print(f"  epoch {epoch + 1:2d} loss {total / len(xa):.4f} accuracy {acc:.3f}")


print("source digits 0-4")
source = nn.Sequential(backbone, nn.Linear(192, 5))
fit(source, source.parameters(), split(y < 5, 0), 9, 1e-3)

for p in backbone.parameters():
    p.requires_grad_(False)
head = nn.Linear(192, 5)
print("target digits 5-9, frozen features")
fit(nn.Sequential(backbone, head), head.parameters(), split(y >= 5, 5), 18, 3e-3)
