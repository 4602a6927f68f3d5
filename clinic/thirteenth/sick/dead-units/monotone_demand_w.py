"""Monotone demand curve: the purchases rise with utility (minus the price), so all weights are kept positive."""
import torch
from torch import nn

torch.manual_seed(11)


class MonotoneNet(nn.Module):
    """Positive mixture of hinges; exp() keeps every slope above zero."""

    def __init__(self, hinges=24):
        super().__init__()
        self.log_slope = nn.Parameter(torch.randn(hinges, 1) * 0.3)
        self.knot = nn.Parameter(torch.zeros(hinges))  # cure: self.knot = nn.Parameter(torch.linspace(0.2, 4.0, hinges))
        self.log_height = nn.Parameter(torch.randn(1, hinges) * 0.3 - 3.0)
        self.floor = nn.Parameter(torch.zeros(1))

    def forward(self, utility):
        hinges = torch.relu(utility @ self.log_slope.exp().T + self.knot)
        return hinges @ self.log_height.exp().T + self.floor


price = torch.rand(2000, 1) * 4 + 0.05
demand = 3 * torch.exp(-price) + 0.3 * torch.relu(2 - price) + 0.05 * torch.randn_like(price)
utility = -price
fit, check = slice(0, 1600), slice(1600, None)

net = MonotoneNet()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
mse = nn.MSELoss()
for epoch in range(60):
    for rows in torch.randperm(1600).split(64):
        optimizer.zero_grad()
        loss = mse(net(utility[rows]), demand[rows])
        loss.backward()
        optimizer.step()
    if (epoch + 1) % 6 == 0:
        with torch.no_grad():
            print(f"epoch {epoch + 1:3d} fit {mse(net(utility[fit]), demand[fit]):.4f}"
                  f" check {mse(net(utility[check]), demand[check]):.4f}")
