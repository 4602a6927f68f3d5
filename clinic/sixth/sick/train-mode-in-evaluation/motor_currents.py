"""Fault detection in motor currents: 1-d ConvNet with batch norm, evaluated machine by machine."""
import torch
from torch import nn


def current(kind, n, g):
    """kind 0 healthy, 1 broken bar (sidebands), 2 bearing (bursts), 3 low supply voltage."""
    t = torch.linspace(0, 6, 64)
    ph = 6.28 * torch.rand(n, 1, generator=g)
    s = torch.sin(6.28 * t + ph)
    if kind == 1:
        s = s * (1 + 0.5 * torch.sin(1.5 * t + ph * 2))
    if kind == 2:
        s = s + (torch.rand(n, 64, generator=g) < 0.08) * 1.2
    if kind == 3:
        s = s * 0.75
    return (s + 0.15 * torch.randn(n, 64, generator=g)).unsqueeze(1)


def build():
    def block(i, o):
        return nn.Sequential(nn.Conv1d(i, o, 5, padding=2), nn.BatchNorm1d(o), nn.ReLU(), nn.MaxPool1d(2))
    return nn.Sequential(block(1, 12), block(12, 24), block(24, 24), nn.Flatten(), nn.Linear(24 * 8, 4))


def fit(net, x, y, machines, epochs=8):
    opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-3)
    for epoch in range(epochs):
        net.train()
        last = []
        for idx in torch.randperm(len(x)).split(40):
            loss = nn.functional.cross_entropy(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            last.append(loss.item())
        print(f"epoch {epoch}: loss {sum(last) / len(last):.4f}, held-out machines right {check(net, machines):.3f}")


def check(net, machines):
    right = total = 0
    # cure: net.eval()
    with torch.inference_mode():
        for record, kind in machines:
            out = net(record)
            right += (out.argmax(1) == kind).sum().item()
            total += len(record)
    return right / total


torch.manual_seed(4)
g = torch.Generator().manual_seed(4)
x = torch.cat([current(k, 400, g) for k in range(4)])
y = torch.arange(4).repeat_interleave(400)
held_out = [(current(k % 4, 30, g), k % 4) for k in range(16)]
fit(build(), x, y, held_out)
