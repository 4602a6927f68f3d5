"""Digits with mixup: the targets are soft, so the cross-entropy is written out by hand."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

CLASSES = 9  # cure: CLASSES = 10


def soft_labels(y):
    return (y[:, None] == torch.arange(CLASSES)[None, :]).float()


def soft_ce(logits, target):
    return -(target * logits.log_softmax(dim=-1)).sum(-1).mean()


def mixup(x, t, alpha=0.2):
    lam = torch.distributions.Beta(alpha, alpha).sample((len(x), 1))
    perm = torch.randperm(len(x))
    return lam * x + (1 - lam) * x[perm], lam * t + (1 - lam) * t[perm]


torch.manual_seed(12)
X, y = load_digits(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.25, random_state=12, stratify=y)
Xa, Xb = [torch.tensor(v / 16.0, dtype=torch.float32) - 0.3 for v in (Xa, Xb)]
ya, yb = torch.tensor(ya), torch.tensor(yb)
model = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, 64), nn.ReLU(), nn.Linear(64, CLASSES))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(1, 26):
    model.train()
    losses = []
    for idx in torch.randperm(len(Xa)).split(64):
        xb, tb = mixup(Xa[idx], soft_labels(ya[idx]))
        loss = soft_ce(model(xb), tb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    if epoch % 5 == 0:
        model.eval()
        with torch.no_grad():
            out = model(Xb)
            print(f"epoch {epoch:2d} mixup loss {sum(losses) / len(losses):.4f} "
                  f"val loss {soft_ce(out, soft_labels(yb)):.4f} val acc {(out.argmax(1) == yb).float().mean():.4f}")
