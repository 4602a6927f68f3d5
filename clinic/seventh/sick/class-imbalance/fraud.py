"""Card fraud score from 12 transaction features; fraud is rare in the stream."""
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

SEED = 77
rng = np.random.default_rng(SEED)
torch.manual_seed(SEED)


def stream(n, share=0.02):
    y = (rng.random(n) < share).astype(np.float32)
    x = rng.standard_normal((n, 12)).astype(np.float32)
    kind = rng.integers(0, 2, n)
    x[:, 0] += 1.3 * y * (kind == 0)
    x[:, 1] += 1.3 * y
    x[:, 2] -= 1.3 * y * (kind == 1)
    x[:, 3] += 0.8 * y
    return torch.from_numpy(x), torch.from_numpy(y)


def report(name, net, x, y):
    net.eval()
    with torch.no_grad():
        flag = (net(x).squeeze(1) > 0).float()
    recall = (flag * y).sum() / y.sum()
    spec = ((1 - flag) * (1 - y)).sum() / (1 - y).sum()
    print(f"  {name}: accuracy {(flag == y).float().mean().item():.3f} recall {recall.item():.3f} balanced {(recall + spec).item() / 2:.3f}")


x_train, y_train = stream(8000)
x_valid, y_valid = stream(4000)
net = nn.Sequential(nn.Linear(12, 24), nn.ReLU(), nn.Dropout(0.2), nn.Linear(24, 1))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-2)
weight = None  # cure: weight = (1 - y_train).sum() / y_train.sum()

for epoch in range(8):
    net.train()
    total = 0.0
    for b in torch.randperm(len(x_train)).split(128):
        loss = F.binary_cross_entropy_with_logits(net(x_train[b]).squeeze(1), y_train[b], pos_weight=weight)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(b)
    print(f"epoch {epoch} loss {total / len(x_train):.4f}")
    report("valid", net, x_valid, y_valid)
