"""Sanity check before the long run: can the network memorise ONE batch of 24 digits?  The loss must reach about zero.
Nothing is to generalise here; the same batch is fed on purpose, and there is no validation set."""
import torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(0)
bunch = load_digits()
pick = torch.randperm(len(bunch.target))[:24]
images = torch.tensor(bunch.images, dtype=torch.float32)[pick].unsqueeze(1) / 8 - 1
labels = torch.tensor(bunch.target)[pick]

net = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.GroupNorm(4, 16), nn.ReLU(),
    nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.GroupNorm(4, 32), nn.ReLU(),
    nn.Flatten(), nn.Linear(512, 10))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
first = nn.functional.cross_entropy(net(images), labels).item()
print(f"at the start {first:.3f} (chance is {torch.log(torch.tensor(10.0)):.3f})")
for step in range(1, 251):
    logits = net(images)
    loss = nn.functional.cross_entropy(logits, labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 25 == 0:
        print(f"step {step:3d} loss {loss.item():.5f} memorised {(logits.argmax(1) == labels).sum().item()} of 24")
assert loss.item() < 0.01, "the network cannot even memorise one batch: look for a bug"
print("check passed")
