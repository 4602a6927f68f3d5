"""Wine classification with a functional network and a hand-written SGD with momentum."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_wine

torch.manual_seed(0)
raw = load_wine()
X = torch.tensor(raw.data, dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
Y = torch.tensor(raw.target)
p = torch.randperm(len(X))
Xt, Yt, Xv, Yv = X[p[:130]], Y[p[:130]], X[p[130:]], Y[p[130:]]
weights = {"w1": torch.randn(13, 24) * 0.2, "b1": torch.zeros(24), "w2": torch.randn(24, 3) * 0.2, "b2": torch.zeros(3)}
velocity = {k: torch.zeros_like(v) for k, v in weights.items()}


def net(w, x):
    return torch.tanh(x @ w["w1"] + w["b1"]) @ w["w2"] + w["b2"]


def sgd(weights, grads, lr=0.02, mu=0.9):
    with torch.no_grad():
        for (name, w), g in zip(weights.items(), grads):
            velocity[name].mul_(mu).add_(g)
            w.add_(velocity[name], alpha=lr)  # cure: w.add_(velocity[name], alpha=-lr)


for w in weights.values():
    w.requires_grad_()
for epoch in range(1, 21):
    total = 0.0
    for idx in torch.randperm(130).split(26):
        loss = F.cross_entropy(net(weights, Xt[idx]), Yt[idx])
        sgd(weights, torch.autograd.grad(loss, list(weights.values())))
        total += loss.item() / 5
    if epoch % 2 == 0:
        acc = (net(weights, Xv).argmax(1) == Yv).float().mean()
        print(f"epoch {epoch:2d} loss {total:.4f} accuracy {acc:.3f}")
