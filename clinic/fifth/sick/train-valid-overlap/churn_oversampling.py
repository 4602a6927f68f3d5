"""Customer churn with the smaller class repeated to even out the counts."""
import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split
from torch import nn


def oversample(x, y, rng):
    small = np.flatnonzero(y == np.bincount(y).argmin())
    extra = rng.choice(small, size=len(y) - 2 * len(small))
    return np.concatenate([x, x[extra]]), np.concatenate([y, y[extra]])


def to_tensors(x, y):
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y)


def prepare(seed):
    rng = np.random.default_rng(seed)
    x, y = make_classification(900, 14, n_informative=6, n_redundant=2, n_clusters_per_class=3, weights=[0.8],
                               class_sep=1.2, flip_y=0.06, random_state=seed)
    x, y = oversample(x, y, rng)  # cure: delete
    xt, xv, yt, yv = train_test_split(x, y, test_size=0.35, stratify=y, random_state=seed)
    # cure: xt, yt = oversample(xt, yt, rng)
    m, s = xt.mean(0), xt.std(0)
    return to_tensors((xt - m) / s, yt), to_tensors((xv - m) / s, yv)


def recall(pred, y):
    return [(pred[y == c] == c).float().mean().item() for c in (0, 1)]


def train(seed=14, epochs=14):
    torch.manual_seed(seed)
    (xt, yt), (xv, yv) = prepare(seed)
    net = nn.Sequential(nn.Linear(14, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 2))
    opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.05)
    for epoch in range(epochs):
        net.train()
        total = 0.0
        for b in torch.randperm(len(yt)).split(32):
            loss = F.cross_entropy(net(xt[b]), yt[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(b)
        net.eval()
        with torch.no_grad():
            out = net(xv)
        if epoch % 2 == 1:
            stay, leave = recall(out.argmax(1), yv)
            print(f"epoch {epoch + 1:2d} train {total / len(yt):.4f} valid {F.cross_entropy(out, yv):.4f} "
                  f"recall stay {stay:.3f} leave {leave:.3f}  ({len(yt)} / {len(yv)} rows)")


if __name__ == "__main__":
    train()
