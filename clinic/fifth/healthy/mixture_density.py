"""Mixture density network for an inverse problem with several answers per input."""
import math
import torch
from torch import nn


class MDN(nn.Module):
    def __init__(self, k=5, width=48):
        super().__init__()
        self.k = k
        self.body = nn.Sequential(nn.Linear(1, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh())
        self.params = nn.Linear(width, 3 * k)

    def forward(self, x):
        w, mu, s = self.params(self.body(x)).chunk(3, dim=1)
        return w.log_softmax(1), mu, s.clamp(-4, 2)

    def nll(self, x, y):
        logw, mu, logs = self(x)
        comp = -0.5 * ((y - mu) / logs.exp()) ** 2 - logs - 0.5 * math.log(2 * math.pi)
        return -torch.logsumexp(logw + comp, dim=1).mean()

    @torch.no_grad()
    def sample(self, x):
        logw, mu, logs = self(x)
        pick = torch.multinomial(logw.exp(), 1)
        return mu.gather(1, pick) + logs.gather(1, pick).exp() * torch.randn(len(x), 1)


def inverse_data(n):
    y = torch.rand(n, 1)
    x = y + 0.3 * torch.sin(2 * math.pi * y) + 0.03 * torch.randn(n, 1)
    return (x - 0.5) / 0.32, (y - 0.5) / 0.29


def forward_error(model, x):
    y = model.sample(x) * 0.29 + 0.5
    back = y + 0.3 * torch.sin(2 * math.pi * y)
    return (back - (0.32 * x + 0.5)).abs().median().item()


torch.manual_seed(14)
xt, yt = inverse_data(3000)
xv, yv = inverse_data(1000)
model = MDN()
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=8e-3, total_steps=40 * 30)
for epoch in range(40):
    tot = 0.0
    for b in torch.randperm(3000).split(100):
        loss = model.nll(xt[b], yt[b])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        opt.step()
        sched.step()
        tot += loss.item() / 30
    if epoch % 5 == 4:
        with torch.no_grad():
            v = model.nll(xv, yv).item()
        print(f"epoch {epoch + 1:2d}  nll {tot:+.4f}  valid {v:+.4f}  median forward error of samples {forward_error(model, xv):.4f}")
