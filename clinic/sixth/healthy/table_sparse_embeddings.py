"""Taxi fares (in cents) from a mixed table: sparse embeddings with SparseAdam, the rest with AdamW; squared error in cents."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(18)
ZONES = 60
where = torch.rand(ZONES, 2) * 10


def rides(n):
    a, b = torch.randint(ZONES, (n,)), torch.randint(ZONES, (n,))
    hour = torch.rand(n) * 24
    rush = torch.exp(-((hour - 8) / 2) ** 2) + torch.exp(-((hour - 18) / 2) ** 2)
    km = (where[a] - where[b]).abs().sum(1)
    fare = 350 + 180 * km * (1 + 0.4 * rush) + 60 * torch.randn(n)
    clock = torch.stack([torch.sin(hour / 24 * 6.2832), torch.cos(hour / 24 * 6.2832), torch.cos(hour / 12 * 6.2832)], 1)
    return torch.stack([a, b], 1), clock, fare


class Fare(nn.Module):
    def __init__(self, mean, std):
        super().__init__()
        self.zone = nn.Embedding(ZONES, 6, sparse=True)
        self.mlp = nn.Sequential(nn.Linear(15, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, 1))
        self.register_buffer("mean", mean)
        self.register_buffer("std", std)

    def forward(self, zones, clock):
        h = torch.cat([self.zone(zones).flatten(1), clock], 1)
        return self.mean + self.std * self.mlp(h).squeeze(1)


train = TensorDataset(*rides(6000))
valid = rides(1000)
fares = train.tensors[2]
model = Fare(fares.mean(), fares.std())
opts = [torch.optim.SparseAdam(model.zone.parameters(), lr=1e-2),
        torch.optim.AdamW(model.mlp.parameters(), lr=3e-3, weight_decay=1e-3)]
scheds = [torch.optim.lr_scheduler.CosineAnnealingLR(o, 20) for o in opts]
for epoch in range(20):
    total = 0.0
    for zones, clock, fare in DataLoader(train, batch_size=100, shuffle=True):
        loss = (model(zones, clock) - fare).square().mean()
        for o in opts:
            o.zero_grad()
        loss.backward()
        for o in opts:
            o.step()
        total += loss.item() / 60
    for s in scheds:
        s.step()
    with torch.no_grad():
        err = model(valid[0], valid[1]) - valid[2]
    if epoch % 4 == 3:
        print(f"epoch {epoch + 1}: mse {total:.0f} valid mse {err.square().mean():.0f} mean error {err.abs().mean():.0f} cents")
