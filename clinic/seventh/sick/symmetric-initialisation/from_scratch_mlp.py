"""Two-layer network written with bare tensors (port of an old NumPy exercise), two moons."""
import torch
from sklearn.datasets import make_moons

torch.manual_seed(1)
X, y = make_moons(1200, noise=0.12, random_state=1)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor(y)
Xtr, ytr, Xte, yte = X[:900], y[:900], X[900:], y[900:]

sizes = [2, 32, 32, 2]
params = []
for n_in, n_out in zip(sizes[:-1], sizes[1:]):
    W = torch.full((n_in, n_out), 1.0 / n_in)  # cure: W = torch.randn(n_in, n_out) / n_in ** 0.5
    b = torch.zeros(n_out)
    params += [W.requires_grad_(), b.requires_grad_()]


def forward(x):
    h = x
    for k in range(0, len(params) - 2, 2):
        h = torch.tanh(h @ params[k] + params[k + 1])
    return h @ params[-2] + params[-1]


def softmax_xent(logits, target):
    logp = logits - torch.logsumexp(logits, 1, keepdim=True)
    return -logp[torch.arange(len(target)), target].mean()


lr, beta = 0.05, 0.9
velocity = [torch.zeros_like(p) for p in params]
for epoch in range(60):
    perm = torch.randperm(len(Xtr))
    for start in range(0, len(perm), 30):
        idx = perm[start:start + 30]
        loss = softmax_xent(forward(Xtr[idx]), ytr[idx])
        grads = torch.autograd.grad(loss, params)
        with torch.no_grad():
            for p, v, g in zip(params, velocity, grads):
                v.mul_(beta).add_(g)
                p.sub_(lr * v)
    if epoch % 6 == 5:
        with torch.no_grad():
            tr = softmax_xent(forward(Xtr), ytr).item()
            acc = (forward(Xte).argmax(1) == yte).float().mean().item()
        print("epoch %3d   loss %.4f   test acc %.3f" % (epoch + 1, tr, acc))
