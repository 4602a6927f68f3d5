"""Learns the height of a hilly terrain from coordinates, with Gaussian bumps whose places and widths are trained."""
import torch
from torch import nn

torch.manual_seed(5)


def height(p):
    x, y = p[:, 0], p[:, 1]
    return torch.sin(2.2 * x) * torch.cos(1.8 * y) + 0.5 * torch.sin(3.1 * y + x) + 0.25 * x


class BumpNet(nn.Module):
    def __init__(self, bumps):
        super().__init__()
        self.centres = nn.Parameter(torch.rand(bumps, 2) * 4 - 2)
        self.log_width = nn.Parameter(torch.full((bumps,), -0.3))
        self.mix = nn.Linear(bumps, 1)

    def forward(self, p):
        distance = torch.cdist(p, self.centres) / self.log_width.exp()
        return self.mix(torch.exp(-0.5 * distance**2)).squeeze(1)


places = torch.rand(3000, 2) * 4 - 2
heights = height(places)
heights = (heights - heights.mean()) / heights.std() + 0.05 * torch.randn(3000)
train_p, train_h, valid_p, valid_h = places[:2500], heights[:2500], places[2500:], heights[2500:]

model = BumpNet(bumps=5)  # cure: model = BumpNet(bumps=60)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.96)
for epoch in range(40):
    order = torch.randperm(len(train_p))
    total = 0.0
    for start in range(0, len(order), 50):
        pick = order[start : start + 50]
        loss = nn.functional.mse_loss(model(train_p[pick]), train_h[pick])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() / 50
    scheduler.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            valid = nn.functional.mse_loss(model(valid_p), valid_h).item()
        print(f"epoch {epoch + 1:2d}  train mse {total:.4f}  valid mse {valid:.4f}")
