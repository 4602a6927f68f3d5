"""Online learning on a stream whose law changes twice: each minute is predicted first and learnt from afterwards, in the order
of arrival. The error jumps at every change, as it must, and comes down again."""
import torch
from torch import nn

torch.manual_seed(15)
MINUTES, PER_MINUTE = 3000, 16


def law(x, minute):
    era = minute // 1000
    if era == 0:
        return torch.sin(2 * x[:, :1]) + 0.5 * x[:, 1:2]
    if era == 1:
        return torch.cos(1.5 * x[:, :1]) - 0.5 * x[:, 1:2]
    return 0.8 * x[:, :1] * x[:, 2:3] + 0.3 * x[:, 1:2]


model = nn.Sequential(nn.Linear(3, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
window = []
for minute in range(MINUTES):
    x = torch.randn(PER_MINUTE, 3)
    y = law(x, minute) + 0.1 * torch.randn(PER_MINUTE, 1)
    loss = (model(x) - y).square().mean()
    window.append(loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if (minute + 1) % 125 == 0:
        print(f"minute {minute + 1:4d}  error of the predictions before learning {sum(window) / len(window):.4f}")
        window = []
