"""Checkerboard classification in the plane with a stack of highway blocks."""
import torch
import torch.nn as nn


class Highway(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.h, self.t = nn.Linear(dim, dim), nn.Linear(dim, dim)
        nn.init.constant_(self.t.bias, -1.0)

    def forward(self, x):
        gate = torch.sigmoid(self.t(x))
        return gate * torch.relu(self.h(x)) + (1 - gate) * x


class HighwayNet(nn.Module):
    def __init__(self, dim=32, blocks=4):
        super().__init__()
        self.first = nn.Linear(2, dim)
        self.blocks = [Highway(dim) for _ in range(blocks)]  # cure: self.blocks = nn.ModuleList(Highway(dim) for _ in range(blocks))
        self.last = nn.Linear(dim, 1)

    def forward(self, x):
        x = torch.relu(self.first(x))
        for block in self.blocks:
            x = block(x)
        return self.last(x).squeeze(1)


def board(n, g):
    x = torch.rand(n, 2, generator=g) * 2 - 1
    cell = torch.floor((x + 1) * 1.5).sum(1)
    return 1.7 * x, (cell % 2).float()


def main():
    torch.manual_seed(3)
    g = torch.Generator().manual_seed(3)
    (x, y), (xt, yt) = board(3000, g), board(1000, g)
    net = HighwayNet()
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    for epoch in range(12):
        total = 0.0
        for idx in torch.randperm(3000).split(50):
            loss = nn.functional.binary_cross_entropy_with_logits(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() / 60
        with torch.no_grad():
            acc = ((net(xt) > 0) == (yt > 0.5)).float().mean().item()
        print(f"epoch {epoch + 1}: loss {total:.4f} test accuracy {acc:.3f}")


main()
