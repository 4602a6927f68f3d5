# Breast cancer, a network written with bare tensors.
import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

g = torch.Generator().manual_seed(0)
X, t = load_breast_cancer(return_X_y=True)
Xa, Xb, ta, tb = train_test_split(X, t, test_size=0.3, random_state=4, stratify=t)
sc = StandardScaler().fit(Xa)
Xa, Xb = (torch.tensor(sc.transform(a), dtype=torch.float32) for a in (Xa, Xb))
ta, tb = (torch.tensor(a, dtype=torch.float32) for a in (ta, tb))

sizes = [30, 50, 50, 50, 1]
params = []
for i, o in zip(sizes[:-1], sizes[1:]):
    w = torch.randn(i, o, generator=g)  # cure: w = torch.randn(i, o, generator=g) * (2.0 / i) ** 0.5
    b = torch.zeros(o)
    params += [w.requires_grad_(), b.requires_grad_()]


def forward(h):
    for k in range(0, len(params), 2):
        h = h @ params[k] + params[k + 1]
        if k < len(params) - 2:
            h = F.relu(h)
    return h[:, 0]


optim = torch.optim.SGD(params, lr=0.01, momentum=0.9, weight_decay=0.01)
n = len(Xa)
for epoch in range(16):
    losses = []
    order = torch.randperm(n, generator=g)
    for s in range(0, n, 32):
        pick = order[s:s + 32]
        loss = F.binary_cross_entropy_with_logits(forward(Xa[pick]), ta[pick])
        optim.zero_grad()
        loss.backward()
        optim.step()
        losses.append(loss.item())
    if epoch % 3 == 0 or epoch == 15:
        with torch.no_grad():
            z = forward(Xb)
            v = F.binary_cross_entropy_with_logits(z, tb).item()
        print(f"epoch {epoch:2d}  train {np.mean(losses):10.4f}  valid {v:10.4f}  "
              f"acc {((z > 0).float() == tb).float().mean().item():.4f}  |score| {z.abs().mean().item():.2f}")
