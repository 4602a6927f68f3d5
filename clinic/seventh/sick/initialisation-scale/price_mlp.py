"""Price surface regression with a five-layer ReLU network and our own weight initialiser."""
import torch
from torch import nn


def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight)  # cure: nn.init.kaiming_normal_(m.weight)
        nn.init.zeros_(m.bias)


def surface(x):
    return torch.sin(2 * x[:, 0]) * x[:, 1] + 0.5 * torch.cos(3 * x[:, 2]) + 0.3 * x[:, 3] * x[:, 0]


def build(n_in, width=64, hidden=4):
    layers, n = [], n_in
    for _ in range(hidden):
        layers += [nn.Linear(n, width), nn.ReLU()]
        n = width
    layers.append(nn.Linear(n, 1))
    net = nn.Sequential(*layers)
    net.apply(init_weights)
    return net


def train(net, x, y, xv, yv, epochs=25, lr=1e-3):
    opt = torch.optim.Adam(net.parameters(), lr=lr)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs, eta_min=1e-4)
    for ep in range(epochs):
        for idx in torch.randperm(len(x)).split(50):
            loss = nn.functional.smooth_l1_loss(net(x[idx]).squeeze(1), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
        sched.step()
        if ep % 4 == 0:
            with torch.no_grad():
                e = (net(xv).squeeze(1) - yv).abs().mean().item()
            print(f"epoch {ep} batch loss {loss.item():.4f} validation mae {e:.4f}")


if __name__ == "__main__":
    torch.manual_seed(5)
    x, xv = torch.randn(4000, 4), torch.randn(800, 4)
    train(build(4), x, surface(x), xv, surface(xv))
