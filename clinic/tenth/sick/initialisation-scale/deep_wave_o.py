"""Regression on a rippled surface with a deep ReLU network."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(19)


class RippleNet(nn.Module):
    def __init__(self, depth=7, width=64):
        super().__init__()
        dims = [2] + [width] * depth
        self.hidden = nn.ModuleList([nn.Linear(a, b) for a, b in zip(dims[:-1], dims[1:])])
        self.out = nn.Linear(width, 1)
        self.reset_parameters()

    def reset_parameters(self):
        for layer in self.hidden:
            nn.init.normal_(layer.weight, std=0.01)  # cure: nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        for layer in self.hidden:
            x = F.relu(layer(x))
        return self.out(x).squeeze(-1)


def surface(p):
    return torch.sin(2 * p[:, 0]) * torch.cos(1.5 * p[:, 1]) * 1.5


points = torch.rand(2000, 2) * 4 - 2
heights = surface(points)
test_points = torch.rand(500, 2) * 4 - 2
test_heights = surface(test_points)

net = RippleNet()
sgd = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for epoch in range(20):
    net.train()
    epoch_loss = 0.0
    for idx in torch.randperm(2000).split(40):
        loss = F.mse_loss(net(points[idx]), heights[idx])
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        epoch_loss += loss.item() / 50
    if epoch % 2 == 1:
        net.eval()
        with torch.no_grad():
            test = F.mse_loss(net(test_points), test_heights).item()
        print(f"epoch {epoch + 1:2d}: train mse {epoch_loss:.4f}, test mse {test:.4f}")
