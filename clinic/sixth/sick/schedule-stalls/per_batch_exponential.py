"""Two-spirals classification with an exponentially decaying rate."""
import math
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def spirals(n):
    lab = torch.randint(2, (n,))
    r = torch.rand(n) * 0.9 + 0.1
    phi = 3.5 * r * math.pi / 1.5 + math.pi * lab
    pts = torch.stack([r * torch.cos(phi), r * torch.sin(phi)], 1) + 0.02 * torch.randn(n, 2)
    return pts * 2, lab.float()


def main():
    torch.manual_seed(70)
    train = TensorDataset(*spirals(1500))
    xv, yv = spirals(500)
    loader = DataLoader(train, batch_size=50, shuffle=True)
    net = nn.Sequential(nn.Linear(2, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    decay = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.93)
    bce = nn.BCEWithLogitsLoss()
    for epoch in range(30):
        losses = []
        for x, y in loader:
            loss = bce(net(x).flatten(), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
            decay.step()  # cure: delete
        # cure: decay.step()
        with torch.no_grad():
            acc = ((net(xv).flatten() > 0) == yv.bool()).float().mean().item()
        print(f"epoch {epoch + 1:2d} loss {sum(losses) / len(losses):.4f} val acc {acc:.3f}")


main()
