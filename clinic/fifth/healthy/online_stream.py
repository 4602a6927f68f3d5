"""One sample at a time: a layer-normalised net learns digits from a stream, scored before it trains (prequential)."""
from collections import deque

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(61)
rng = np.random.default_rng(61)
bunch = load_digits()
x = torch.tensor(bunch.data / 16.0, dtype=torch.float32)
y = torch.tensor(bunch.target)
order = rng.permutation(len(y))
stream, held = order[:1500], torch.as_tensor(order[1500:])

net = nn.Sequential(nn.Linear(64, 64), nn.LayerNorm(64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.02)
recent, seen = deque(maxlen=500), 0
for passage in range(3):
    opt.param_groups[0]["lr"] = 0.02 / (1 + passage)
    rng.shuffle(stream)
    for i in stream:
        xi, yi = x[i:i + 1], y[i:i + 1]
        logits = net(xi)
        recent.append(int(logits.argmax() == yi))
        loss = nn.functional.cross_entropy(logits, yi)
        opt.zero_grad()
        loss.backward()
        opt.step()
        seen += 1
        if seen % 500 == 0:
            with torch.no_grad():
                acc = (net(x[held]).argmax(1) == y[held]).float().mean().item()
            print(f"seen {seen:5d}  prequential accuracy {np.mean(recent):.3f}  held-out {acc:.3f}  last loss {loss.item():.4f}")
