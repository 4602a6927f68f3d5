"""Echo state network on the Mackey-Glass series: fixed random reservoir, only the read-out is trained."""
from dataclasses import dataclass
import numpy as np
import torch
from torch import nn


@dataclass
class ESN:
    size: int = 150
    radius: float = 0.9
    leak: float = 0.6
    washout: int = 100
    horizon: int = 3
    lr: float = 1e-2
    epochs: int = 50


def mackey_glass(n, tau=17):
    x = [1.2] * (tau + 1)
    for _ in range(n + 200):
        x.append(x[-1] + 0.2 * x[-tau - 1] / (1 + x[-tau - 1] ** 10) - 0.1 * x[-1])
    s = np.array(x[-n:], dtype=np.float32)
    return (s - s.mean()) / s.std()


class Reservoir(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        w = torch.randn(cfg.size, cfg.size) * (torch.rand(cfg.size, cfg.size) < 0.1)
        w = w * cfg.radius / torch.linalg.eigvals(w).abs().max()
        self.w = nn.Parameter(w, requires_grad=False)
        self.win = nn.Parameter(torch.rand(cfg.size) - 0.5, requires_grad=False)
        self.readout = nn.Linear(cfg.size, 1)
        self.leak = cfg.leak

    @torch.no_grad()
    def states(self, s):
        h, out = torch.zeros(len(self.win)), []
        for v in s:
            h = (1 - self.leak) * h + self.leak * torch.tanh(self.w @ h + self.win * v)
            out.append(h)
        return torch.stack(out)

    def forward(self, h):
        return self.readout(h).squeeze(-1)


def main(cfg=ESN()):
    torch.manual_seed(5)
    s = torch.tensor(mackey_glass(2600))
    net = Reservoir(cfg)
    h = net.states(s)[cfg.washout:-cfg.horizon]
    h = (h - h[:1800].mean(0)) / h[:1800].std(0)
    y = s[cfg.washout + cfg.horizon:]
    htr, ytr, hte, yte = h[:1800], y[:1800], h[1900:], y[1900:]
    opt = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=cfg.lr)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, cfg.epochs)
    for epoch in range(cfg.epochs):
        for idx in torch.randperm(len(htr)).split(60):
            loss = nn.functional.mse_loss(net(htr[idx]), ytr[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
        sched.step()
        if epoch % 6 == 0 or epoch == cfg.epochs - 1:
            with torch.no_grad():
                print(f"epoch {epoch:2d} train {nn.functional.mse_loss(net(htr), ytr).item():.5f} test {nn.functional.mse_loss(net(hte), yte).item():.5f}")


main()
