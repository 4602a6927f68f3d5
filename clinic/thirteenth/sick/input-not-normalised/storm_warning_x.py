"""Storm warning from three days of hourly barometer readings (hPa) with a GRU."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset, random_split


class Barometer(Dataset):
    def __init__(self, n=1600, hours=48, seed=4):
        g = torch.Generator().manual_seed(seed)
        level = 1013 + 9 * torch.randn(n, 1, generator=g)
        walk = 0.5 * torch.randn(n, hours, generator=g).cumsum(1)
        self.storm = torch.rand(n, generator=g) < 0.45
        onset = torch.randint(12, 36, (n, 1), generator=g)
        drop = (torch.arange(hours) - onset).clamp(0, 10) * 0.9
        self.series = level + walk - drop * self.storm[:, None]
        # cure: self.series = (self.series - self.series.mean(1, keepdim=True)) / 5

    def __len__(self):
        return len(self.series)

    def __getitem__(self, i):
        return self.series[i].unsqueeze(-1), self.storm[i].float()


class Warner(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(1, 24, batch_first=True)
        self.head = nn.Linear(24, 1)

    def forward(self, x):
        return self.head(self.gru(x)[0][:, -1]).squeeze(-1)


def main():
    torch.manual_seed(4)
    train, valid = random_split(Barometer(), [1280, 320])
    model = Warner()
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    for epoch in range(10):
        model.train()
        for x, y in DataLoader(train, batch_size=32, shuffle=True):
            opt.zero_grad()
            loss = F.binary_cross_entropy_with_logits(model(x), y)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
        model.eval()
        tot = hit = 0
        with torch.no_grad():
            for x, y in DataLoader(valid, batch_size=320):
                z = model(x)
                tot += F.binary_cross_entropy_with_logits(z, y, reduction="sum").item()
                hit += ((z > 0) == (y > 0.5)).sum().item()
        print(f"epoch {epoch} train loss {loss.item():.3f} valid loss {tot / 320:.3f} valid accuracy {hit / 320:.3f}")


main()
