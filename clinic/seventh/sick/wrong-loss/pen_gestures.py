"""Which of eight gestures? A GRU reads pen strokes (x, y) and names the gesture."""
import math
import torch
from torch import nn


class GestureNet(nn.Module):
    def __init__(self, classes, hidden=32):
        super().__init__()
        self.gru = nn.GRU(2, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)  # cure: self.fc = nn.Linear(hidden, classes)

    def forward(self, x):
        _, h = self.gru(x)
        return self.fc(h[-1])


def criterion(out, y):
    return nn.functional.mse_loss(out.squeeze(1), y.float())  # cure: return nn.functional.cross_entropy(out, y)


def decide(out):
    return out.squeeze(1).round().clamp(0, 7).long()  # cure: return out.argmax(1)


def strokes(n, steps=16):
    y = torch.randint(8, (n,))
    t = torch.linspace(0, 1, steps)
    a = 2 * math.pi * t
    proto = torch.stack([torch.stack(p, 1) for p in [
        (a.cos(), a.sin()), (a.sin(), (2 * a).sin()), (2 * t - 1, 0 * t), (0 * t, 2 * t - 1),
        (2 * t - 1, (a / 2).sin()), (2 * t - 1, 1 - 2 * t), ((2 * a).cos(), a.sin()), (t * a.cos(), t * a.sin())]])
    perm = torch.tensor([3, 6, 1, 7, 0, 4, 2, 5])
    x = proto[perm[y]] * (0.8 + 0.4 * torch.rand(n, 1, 1)) + 0.3 * torch.randn(n, 1, 2)
    return x + 0.4 * torch.randn(n, steps, 2), y


def main():
    torch.manual_seed(9)
    x, y = strokes(1400)
    xv, yv = strokes(400)
    net = GestureNet(8)
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    for epoch in range(8):
        run = 0.0
        for idx in torch.randperm(len(x)).split(40):
            loss = criterion(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            run += loss.item() * len(idx)
        with torch.no_grad():
            acc = (decide(net(xv)) == yv).float().mean().item()
        print(f"epoch {epoch:2d}: loss {run / len(x):.4f}, gesture accuracy {acc:.3f}")


main()
