"""Learn the vector field of a pendulum with friction from measured velocities."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def field(s):
    return torch.stack([s[:, 1], -torch.sin(2 * s[:, 0]) * 1.5 - 0.3 * s[:, 1]], 1)


def measure(n):
    s = torch.randn(n, 2)
    return s, field(s) + 0.03 * torch.randn(n, 2)


def train_step(net, optimizer, scheduler, s, v):
    optimizer.zero_grad()
    loss = F.mse_loss(net(s), v)
    loss.backward()
    # cure: optimizer.step()
    scheduler.step()
    return loss.item()


def main():
    torch.manual_seed(16)
    s, v = measure(2500)
    st, vt = measure(600)
    net = nn.Sequential(nn.Linear(2, 64), nn.Softplus(), nn.Linear(64, 64), nn.Softplus(), nn.Linear(64, 2))
    optimizer = torch.optim.RMSprop(net.parameters(), lr=3e-3)
    epochs, batch = 16, 50
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * (len(s) // batch))
    for epoch in range(1, epochs + 1):
        losses = [train_step(net, optimizer, scheduler, s[i], v[i]) for i in torch.randperm(len(s)).split(batch)]
        if epoch % 2 == 0:
            with torch.no_grad():
                test = F.mse_loss(net(st), vt).item()
            print(f"epoch {epoch:2d}  lr {scheduler.get_last_lr()[0]:.5f}  train {sum(losses) / len(losses):.5f}  test {test:.5f}")


if __name__ == "__main__":
    main()
