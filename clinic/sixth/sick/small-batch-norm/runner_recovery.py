"""Heart-rate recovery of runners from six features, a batch per runner (three sessions each)."""
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Runners(Dataset):
    """Item = all sessions of one runner."""

    def __init__(self, n, sessions=3, seed=0):
        g = torch.Generator().manual_seed(seed)
        person = torch.randn(n, 1, 3, generator=g).expand(n, sessions, 3)
        session = torch.randn(n, sessions, 3, generator=g)
        self.x = torch.cat([person, session], 2)
        a, b = person, session
        y = a[..., 0] + 0.7 * torch.tanh(2 * a[..., 1]) + 0.6 * b[..., 0] * a[..., 2] - 0.5 * b[..., 1]
        self.y = y + 0.1 * torch.randn(y.shape, generator=g)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def main(runners_per_batch=1):  # cure: def main(runners_per_batch=16):
    torch.manual_seed(1)
    train, valid = Runners(720), Runners(300, seed=1)
    loader = DataLoader(train, batch_size=runners_per_batch, shuffle=True)
    net = nn.Sequential(
        nn.Linear(6, 64), nn.BatchNorm1d(64), nn.ReLU(),
        nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU(),
        nn.Linear(64, 1))
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(4):
        net.train()
        total = 0.0
        for x, y in loader:
            pred = net(x.flatten(0, 1)).squeeze(1)
            loss = nn.functional.mse_loss(pred, y.flatten())
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item()
        net.eval()
        with torch.no_grad():
            pred = net(valid.x.flatten(0, 1)).squeeze(1)
            val = nn.functional.mse_loss(pred, valid.y.flatten()).item()
        print(f"epoch {epoch}  train mse {total / len(loader):.3f}  valid mse {val:.3f}")


main()
