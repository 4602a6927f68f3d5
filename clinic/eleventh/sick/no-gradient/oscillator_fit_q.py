"""Identifies a damped oscillator from noisy measurements: simulate, compare, adjust stiffness, damping and start value."""
import torch
import torch.nn as nn

torch.manual_seed(2)
DT, N = 0.05, 100
time = torch.arange(N) * DT


class Oscillator(nn.Module):
    """m x'' = -k x - c x', integrated with the semi-implicit Euler scheme; mass 1."""

    def __init__(self, k, c, x0):
        super().__init__()
        self.log_k = nn.Parameter(torch.tensor(k).log())
        self.log_c = nn.Parameter(torch.tensor(c).log())
        self.x0 = nn.Parameter(torch.tensor(x0))

    def constants(self):
        k = self.log_k.exp().item()  # cure: k = self.log_k.exp()
        c = self.log_c.exp()
        return k, c

    def forward(self):
        k, c = self.constants()
        x, v, path = self.x0, torch.zeros(()), []
        for _ in range(N):
            v = v + DT * (-k * x - c * v)
            x = x + DT * v
            path.append(x)
        return torch.stack(path)


with torch.no_grad():
    truth = Oscillator(4.0, 0.3, 1.5)
    measured = truth() + 0.03 * torch.randn(N)

model = Oscillator(2.8, 0.8, 1.0)
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for it in range(201):
    optimizer.zero_grad()
    loss = ((model() - measured) ** 2).mean()
    loss.backward()
    optimizer.step()
    if it % 40 == 0:
        k, c = model.log_k.exp().item(), model.log_c.exp().item()
        print(f"{it:4d} mse {loss.item():.5f}  k {k:.3f}  c {c:.3f}  x0 {model.x0.item():.3f}")
