"""Estimate the driving time of a delivery route from its stops with self-attention over up to ten stops."""
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Routes(Dataset):
    """Stops as (x, y, parcels); driving time grows with the way between consecutive stops and with the parcels."""

    def __init__(self, n, seed, stops=10):
        g = torch.Generator().manual_seed(seed)
        self.stops = torch.randn(n, stops, 3, generator=g)
        count = torch.randint(4, stops + 1, (n, 1), generator=g)
        self.present = torch.arange(stops) < count
        step = (self.stops[:, 1:, :2] - self.stops[:, :-1, :2]).norm(dim=2)
        way = (step * self.present[:, 1:]).sum(1)
        load = (torch.relu(self.stops[..., 2]) * self.present).sum(1)
        t = way + load
        self.time = (t - 14) / 6

    def __len__(self):
        return len(self.time)

    def __getitem__(self, i):
        return self.stops[i], self.present[i], self.time[i]


class RouteModel(nn.Module):
    def __init__(self, dim=32, heads=4):
        super().__init__()
        self.lift = nn.Linear(3, dim)
        self.place = nn.Parameter(torch.randn(10, dim) * 0.1)
        self.attention = nn.MultiheadAttention(dim, heads, batch_first=True)
        self.norm = nn.LayerNorm(dim)
        self.ff = nn.Sequential(nn.Linear(dim, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, stops, present):
        h = self.lift(stops) + self.place
        a, _ = self.attention(h, h, h, key_padding_mask=~present, need_weights=False)
        per_stop = self.ff(self.norm(h + a)).squeeze(-1)
        return (per_stop * present).sum(1) / 5


class Trainer:
    def __init__(self, model, train, valid, lr=3e-3):
        self.model = model
        self.train_loader = DataLoader(train, batch_size=64, shuffle=True)
        self.valid_loader = DataLoader(valid, batch_size=250)
        self.optimizer = torch.optim.Adam(model.parameters(), lr=lr)
        self.criterion = nn.MSELoss()

    def train_epoch(self):
        self.model.train()
        total = 0.0
        for stops, present, time in self.train_loader:
            self.optimizer.zero_grad  # cure: self.optimizer.zero_grad()
            loss = self.criterion(self.model(stops, present), time)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(self.train_loader)

    @torch.no_grad()
    def evaluate(self):
        self.model.eval()
        losses = [self.criterion(self.model(s, p), t).item() for s, p, t in self.valid_loader]
        return sum(losses) / len(losses)


if __name__ == "__main__":
    torch.manual_seed(15)
    trainer = Trainer(RouteModel(), Routes(3000, 1), Routes(500, 2))
    for epoch in range(12):
        train = trainer.train_epoch()
        print(f"epoch {epoch:2d}  train {train:.4f}  valid {trainer.evaluate():.4f}")
