"""Estimate the duration of taxi rides from distance, weather and traffic readings."""
import torch
from torch import nn

torch.manual_seed(21)
N = 5000
distance = 800 + 9000 * torch.rand(N)               # metres
hour = 24 * torch.rand(N)
kelvin = 285 + 8 * torch.randn(N)
rain = torch.rand(N)                                # share of the hour
traffic = torch.rand(N)
speed = 9 - 3.5 * traffic - 2 * rain * traffic + 1.5 * torch.cos((hour - 3) / 24 * 6.2832)
minutes = distance / speed / 60 + 0.4 * torch.randn(N)
feats = torch.stack([distance, hour, kelvin, rain, traffic], dim=1)
target = ((minutes - minutes.mean()) / minutes.std()).unsqueeze(1)
n = 4000
# cure: feats = (feats - feats[:n].mean(0)) / feats[:n].std(0)
x_train, x_valid, y_train, y_valid = feats[:n], feats[n:], target[:n], target[n:]

model = nn.Sequential(nn.Linear(5, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
lossf = nn.MSELoss()
for epoch in range(1, 31):
    for i in torch.randperm(n).split(100):
        opt.zero_grad()
        loss = lossf(model(x_train[i]), y_train[i])
        loss.backward()
        opt.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            tr, va = lossf(model(x_train), y_train), lossf(model(x_valid), y_valid)
        print(f"epoch {epoch}: train {tr:.4f} valid {va:.4f}  R2 {1 - va / y_valid.var():.3f}")
