"""Read scanned digits (stored as bytes) with a two-layer network written on plain tensors."""
import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(1)
digits = load_digits()
scans = (digits.images * 15.5).astype(np.uint8)      # as the scanner writes them
order = np.random.default_rng(1).permutation(len(scans))
scans, labels = torch.from_numpy(scans[order]).flatten(1), torch.from_numpy(digits.target[order])


def prepare(images):
    """Bytes to floats between -0.5 and 0.5."""
    return (images // 255).float() - 0.5  # cure: return (images / 255).float() - 0.5


xt, yt, xv, yv = prepare(scans[:1400]), labels[:1400], prepare(scans[1400:]), labels[1400:]
w1 = (torch.randn(64, 64) * (2 / 64) ** 0.5).requires_grad_()
b1 = torch.zeros(64, requires_grad=True)
w2 = (torch.randn(64, 10) * (1 / 64) ** 0.5).requires_grad_()
b2 = torch.zeros(10, requires_grad=True)
params = [w1, b1, w2, b2]


def net(x):
    return F.relu(x @ w1 + b1) @ w2 + b2


opt = torch.optim.SGD(params, lr=0.1, momentum=0.9)
for epoch in range(15):
    for idx in torch.randperm(1400).split(50):
        loss = F.cross_entropy(net(xt[idx]), yt[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        lt, lv = F.cross_entropy(net(xt), yt).item(), F.cross_entropy(net(xv), yv).item()
        acc = (net(xv).argmax(1) == yv).float().mean().item()
    print(f"epoch {epoch:2d}  loss {lt:.4f}  valid loss {lv:.4f}  valid accuracy {acc:.3f}")
