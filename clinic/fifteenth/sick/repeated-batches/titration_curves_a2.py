"""Infers the acid strength and concentration from a noisy titration curve; batches are drawn at random at every step."""
import torch
import torch.nn as nn

torch.manual_seed(3)
CURVES, POINTS, BATCH = 3000, 30, 48


def titration(n):
    strength = torch.rand(n, 1) * 4 + 3
    amount = torch.rand(n, 1) * 0.8 + 0.6
    volume = torch.linspace(0.02, 1.98, POINTS)
    share = (volume / amount).clamp(0.01, 0.99)
    before = strength + torch.log10(share / (1 - share))
    after = 11 + torch.log10((volume - amount).clamp(min=1e-3) + 0.1)
    curve = torch.where(volume < amount, before, after) + 0.25 * torch.randn(n, POINTS)
    return (curve - 7.5) / 3, torch.cat([(strength - 5) / 1.15, (amount - 1) / 0.23], dim=1)


x, y = titration(CURVES)
x_test, y_test = titration(500)
net = nn.Sequential(nn.Linear(POINTS, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
loss_fn = nn.MSELoss()

for step in range(1, 2401):
    index = torch.randint(BATCH, (BATCH,))  # cure: index = torch.randint(CURVES, (BATCH,))
    loss = loss_fn(net(x[index]), y[index])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 200 == 0:
        with torch.no_grad():
            test = loss_fn(net(x_test), y_test)
        print(f"step {step}: batch loss {loss.item():.4f}, test loss {test.item():.4f}")
