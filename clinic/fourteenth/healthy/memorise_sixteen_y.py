"""A sanity check before a long run: can the network learn sixteen images by heart? (No validation, on purpose.)"""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(0)
d = load_digits()
pick = torch.randperm(len(d.target))[:16]
x = torch.tensor(d.images, dtype=torch.float32)[pick].unsqueeze(1)
y = torch.tensor(d.target)[pick]
x = (x - x.mean()) / x.std()

net = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(128, 10))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for step in range(1, 401):
    out = net(x)
    loss = F.cross_entropy(out, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 40 == 0:
        print(f"step {step}: loss {loss.item():.5f}, right {(out.argmax(1) == y).sum().item()}/16")
assert (net(x).argmax(1) == y).all(), "the network cannot even memorise one batch"
print("memorised: the pipeline works")
