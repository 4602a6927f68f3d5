"""Sanity check before a long run: can the network memorise one batch of 16 samples with random answers? It should."""
import torch
from torch import nn

torch.manual_seed(6)
images = torch.randn(16, 3, 12, 12)
answers = torch.randint(0, 10, (16,))
model = nn.Sequential(nn.Conv2d(3, 16, 3, stride=2), nn.ReLU(), nn.Conv2d(16, 32, 3), nn.ReLU(), nn.Flatten(),
                      nn.Linear(32 * 9, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
first = None
for step in range(150):
    loss = nn.functional.cross_entropy(model(images), answers)
    first = loss.item() if first is None else first
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 15 == 0 or step == 149:
        print(f"step {step:3d} loss {loss.item():.5f}")
missing = [name for name, p in model.named_parameters() if p.grad is None or p.grad.abs().sum() == 0]
assert loss.item() < 0.02 < first and not missing, (first, loss.item(), missing)
print("check passed: the batch is memorised, every parameter receives a gradient")
