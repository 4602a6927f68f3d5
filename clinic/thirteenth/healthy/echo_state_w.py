"""Echo state network: a fixed random reservoir, only the readout is trained, to foresee the Mackey-Glass series."""
import torch
from torch import nn


def mackey_glass(n, tau=17):
    x = [1.2] * (tau + 1)
    for _ in range(n + 200):
        x.append(x[-1] + 0.2 * x[-tau - 1] / (1 + x[-tau - 1] ** 10) - 0.1 * x[-1])
    s = torch.tensor(x[-n:])
    return (s - s.mean()) / s.std()


class Reservoir(nn.Module):
    def __init__(self, units=200, radius=0.9, leak=0.5):
        super().__init__()
        w = torch.randn(units, units) * (torch.rand(units, units) < 0.1)
        w *= radius / torch.linalg.eigvals(w).abs().max()
        self.w = nn.Parameter(w, requires_grad=False)
        self.w_in = nn.Parameter(torch.randn(units) * 0.4, requires_grad=False)
        self.leak = leak

    @torch.no_grad()
    def forward(self, series):
        h, states = torch.zeros(len(self.w)), []
        for u in series:
            h = (1 - self.leak) * h + self.leak * torch.tanh(self.w @ h + self.w_in * u)
            states.append(h)
        return torch.stack(states)


torch.manual_seed(0)
series = mackey_glass(3000)
states = Reservoir()(series)
AHEAD = 5
x, y = states[200:-AHEAD], series[200 + AHEAD:]
mean = x[:2000].mean(0)
_, s, axes = torch.linalg.svd(x[:2000] - mean, full_matrices=False)
x = (x - mean) @ axes[:60].T / s[:60] * 2000**0.5  # whitened
readout = nn.Linear(60, 1)
opt = torch.optim.Adam(readout.parameters(), lr=3e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 40)
for epoch in range(40):
    for i in torch.randperm(2000).split(50):
        loss = nn.functional.mse_loss(readout(x[i]).squeeze(1), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            out = readout(x).squeeze(1)
        print(f"epoch {epoch + 1}: train {(out - y)[:2000].pow(2).mean():.5f}, test {(out - y)[2000:].pow(2).mean():.5f}")
