"""Functional style: wine cultivars with a small network, torch.func.grad and a plain update rule."""
import torch
from torch.func import grad_and_value, vmap
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.manual_seed(0)
X, y = load_wine(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.4, random_state=0, stratify=y)
scaler = StandardScaler().fit(Xa)
Xa, Xb = (torch.tensor(scaler.transform(v), dtype=torch.float32) for v in (Xa, Xb))
ya, yb = torch.tensor(ya), torch.tensor(yb)


def init(sizes):
    return [(torch.randn(o, i) / i ** 0.5, torch.zeros(o)) for i, o in zip(sizes, sizes[1:])]


def apply(params, x):
    for w, b in params[:-1]:
        x = torch.tanh(w @ x + b)
    w, b = params[-1]
    return w @ x + b


def objective(params, x, y):
    s = vmap(lambda v: apply(params, v))(x)
    logp = s - torch.logsumexp(s, 1, keepdim=True)
    onehot = (y[:, None] == torch.arange(3)).float()
    return -(onehot * logp).sum(1).mean()


def update(params, grads, lr):
    return [(w + lr * gw, b + lr * gb) for (w, b), (gw, gb) in zip(params, grads)]  # cure: return [(w - lr * gw, b - lr * gb) for (w, b), (gw, gb) in zip(params, grads)]


params = init([13, 24, 3])
step_fn = grad_and_value(objective)
for epoch in range(1, 101):
    perm = torch.randperm(len(ya))
    losses = []
    for idx in perm.split(16):
        g, value = step_fn(params, Xa[idx], ya[idx])
        params = update(params, g, 0.02)
        losses.append(value.item())
    if epoch % 10 == 0:
        guess = vmap(lambda v: apply(params, v))(Xb).argmax(1)
        print(f"epoch {epoch}: loss {sum(losses) / len(losses):.4f} accuracy {(guess == yb).float().mean().item():.3f}")
