"""Softmax regression on the digits with the update written out by hand (no optimizer class)."""
import torch
from sklearn.datasets import load_digits

torch.manual_seed(0)
raw = load_digits()
x = torch.tensor(raw.data, dtype=torch.float32) / 16
x = x - x.mean(0)
y = torch.tensor(raw.target)
perm = torch.randperm(len(x))
tr, te = perm[:1400], perm[1400:]

W = torch.zeros(64, 10, requires_grad=True)
b = torch.zeros(10, requires_grad=True)
velocity = [torch.zeros_like(W), torch.zeros_like(b)]
lr, mu = 0.01, 0.9


def update():
    with torch.no_grad():
        for p, v in zip((W, b), velocity):
            v.mul_(mu).add_(p.grad)
            p.add_(lr * v)  # cure: p.sub_(lr * v)
            p.grad = None


for epoch in range(30):
    losses = []
    for idx in tr[torch.randperm(len(tr))].split(64):
        loss = torch.nn.functional.cross_entropy(x[idx] @ W + b, y[idx])
        loss.backward()
        update()
        losses.append(loss.item())
    if epoch % 3 == 2:
        with torch.no_grad():
            acc = ((x[te] @ W + b).argmax(1) == y[te]).float().mean().item()
        print(f"epoch {epoch + 1:2d}  loss {sum(losses) / len(losses):9.4f}  test accuracy {acc:.3f}")
