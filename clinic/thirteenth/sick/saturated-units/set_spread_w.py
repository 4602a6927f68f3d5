"""Deep sets: estimate the spread of a sample of eighty numbers, whatever their order."""
import torch
from torch import nn

torch.manual_seed(0)
N = 80


class SetNet(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.phi = nn.Sequential(nn.Linear(1, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU())
        self.rho = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1))

    def forward(self, sets):
        pooled = self.phi(sets.unsqueeze(-1)).sum(dim=1)  # cure: pooled = self.phi(sets.unsqueeze(-1)).mean(dim=1)
        return self.rho(pooled).squeeze(-1)


def draw(n):
    sigma = torch.rand(n) * 1.8 + 0.2
    mean = torch.randn(n) * 0.5
    return mean[:, None] + sigma[:, None] * torch.randn(n, N), sigma - 1.1


x_val, y_val = draw(1000)
model = SetNet()
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
running = 0.0
for step in range(1, 1501):
    x, y = draw(64)
    loss = nn.functional.mse_loss(model(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    running += loss.item()
    if step % 150 == 0:
        with torch.no_grad():
            val = nn.functional.mse_loss(model(x_val), y_val).item()
        print(f"{step:5d}  train {running / 150:.4f}  validation {val:.4f}")
        running = 0.0
