"""Number of calls per hour (Poisson) from hour, weekday and weather, with embeddings."""
import math
import torch
import torch.nn as nn

torch.manual_seed(22)


def hours(n):
    hour, day = torch.randint(0, 24, (n,)), torch.randint(0, 7, (n,))
    rain = torch.rand(n)
    log_rate = 1.2 + 1.2 * torch.sin((hour - 7) / 24 * 2 * math.pi) + torch.where(day < 5, 0.5, -0.6) + 0.6 * rain * (hour > 12)
    return hour, day, rain.unsqueeze(1), torch.poisson(log_rate.exp())


class CallModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.hour = nn.Embedding(24, 6)
        self.day = nn.Embedding(7, 3)
        self.net = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, hour, day, rain):
        z = torch.cat([self.hour(hour), self.day(day), rain], dim=1)
        return self.net(z)  # cure: return self.net(z).squeeze(1)


train, test = hours(3000), hours(800)
model = CallModel()
nll = nn.PoissonNLLLoss(log_input=True)
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(1, 13):
    running = 0.0
    for pick in torch.randperm(3000).split(60):
        h, d, r, calls = (t[pick] for t in train)
        loss = nll(model(h, d, r), calls)
        opt.zero_grad()
        loss.backward()
        opt.step()
        running += loss.item() / 50
    with torch.no_grad():
        expected = model(*test[:3]).exp().flatten()
        error = (expected - test[3]).abs().mean().item()
    print(f"epoch {epoch:2d}: loss {running:.4f}, mean error {error:.2f} calls (spread {test[3].std().item():.2f})")
