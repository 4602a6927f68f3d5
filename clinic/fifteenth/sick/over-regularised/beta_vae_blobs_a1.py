"""A beta-VAE on 16-dimensional mixtures of three hidden causes."""
import torch
from torch import nn

torch.manual_seed(19)
BETA = 30.0  # cure: BETA = 1.0
causes = torch.rand(3000, 3) * 2 - 1
mixing = torch.randn(3, 16)
data = torch.tanh(1.5 * causes @ mixing) + 0.05 * torch.randn(3000, 16)
data = (data - data.mean(0)) / data.std(0)
train, valid = data[:2500], data[2500:]


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU())
        self.mean, self.log_std = nn.Linear(64, 3), nn.Linear(64, 3)

    def forward(self, x):
        h = self.trunk(x)
        return self.mean(h), self.log_std(h)


encoder = Encoder()
decoder = nn.Sequential(nn.Linear(3, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 16))
optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=2e-3)


def objective(x):
    mean, log_std = encoder(x)
    z = mean + log_std.exp() * torch.randn_like(mean)
    error = 0.5 * ((decoder(z) - x) ** 2).sum(1).mean() / 0.5
    kl = (0.5 * (mean ** 2 + (2 * log_std).exp() - 1) - log_std).sum(1).mean()
    return error, kl


for epoch in range(1, 31):
    errors, kls = 0.0, 0.0
    parts = torch.randperm(len(train)).split(100)
    for idx in parts:
        error, kl = objective(train[idx])
        loss = error + BETA * kl
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        errors, kls = errors + error.item(), kls + kl.item()
    if epoch % 3 == 0:
        with torch.no_grad():
            v_error = ((decoder(encoder(valid)[0]) - valid) ** 2).mean().item()
        print(f"epoch {epoch:2d}  error term {errors / len(parts):.4f}  kl {kls / len(parts):.4f}  "
              f"valid error per dimension {v_error:.4f}")
