"""Robust line-like fit: network under absolute error, trained by sign steps (every weight moves by the same amount)."""
import torch
from torch import nn

torch.manual_seed(14)
STEPS, RATE = 1500, 0.02
x = torch.linspace(-2, 2, 300).unsqueeze(1)
y = torch.sin(3 * x) + 0.5 * x + 0.03 * torch.randn_like(x)

net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))


def sign_step(params, rate):
    with torch.no_grad():
        for p in params:
            p -= rate * p.grad.sign()
            p.grad = None


history = []
for step in range(STEPS):
    loss = (net(x) - y).abs().mean()
    loss.backward()
    sign_step(net.parameters(), RATE)  # cure: sign_step(net.parameters(), RATE * (1 - step / STEPS) ** 2)
    history.append(loss.item())
    if (step + 1) % 100 == 0:
        last = history[-20:]
        print(f"step {step + 1}: loss {loss.item():.4f} (last 20: {min(last):.4f} to {max(last):.4f})")
