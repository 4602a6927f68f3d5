"""Model-agnostic meta-learning with torch.func: sine tasks, one inner step on 10 points through which the outer gradient flows."""
import torch
from torch.func import grad, vmap

torch.manual_seed(0)
sizes, inner_lr = [1, 40, 40, 1], 0.05
params = []
for i, o in zip(sizes, sizes[1:]):
    params += [(torch.randn(o, i) / i ** 0.5).requires_grad_(), torch.zeros(o, requires_grad=True)]


def net(p, x):
    for k in range(0, len(p) - 2, 2):
        x = torch.tanh(x @ p[k].T + p[k + 1])
    return x @ p[-2].T + p[-1]


def mse(p, x, y):
    return ((net(p, x) - y) ** 2).mean()


def adapt(p, x, y, steps=1):
    for _ in range(steps):
        g = grad(mse)(p, x, y)
        p = tuple(a - inner_lr * b for a, b in zip(p, g))
    return p


def task_loss(p, xs, ys, xq, yq):
    return mse(adapt(p, xs, ys), xq, yq)


def tasks(n):
    amp, phase = torch.rand(n, 1, 1) * 1.5 + 0.5, torch.rand(n, 1, 1) * 3.14
    x = torch.rand(n, 20, 1) * 6 - 3
    y = amp * torch.sin(x + phase)
    return x[:, :10], y[:, :10], x[:, 10:], y[:, 10:]


opt = torch.optim.Adam(params, lr=3e-3)
test = tasks(200)
for it in range(1, 801):
    batch = tasks(16)
    loss = vmap(task_loss, in_dims=(None, 0, 0, 0, 0))(tuple(params), *batch).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 80 == 0:
        p = tuple(q.detach() for q in params)
        before = vmap(mse, in_dims=(None, 0, 0))(p, test[2], test[3]).mean().item()
        after = vmap(task_loss, in_dims=(None, 0, 0, 0, 0))(p, *test).mean().item()
        print(f"{it:4d} meta loss {loss.item():.4f}  new tasks: before {before:.4f}, after one step {after:.4f}")
