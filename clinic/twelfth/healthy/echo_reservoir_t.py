"""Echo-state network: a fixed random reservoir, only the readout is trained (Mackey-Glass forecast)."""
import torch
from torch import nn
import torch.nn.functional as F


def mackey_glass(n, tau=17):
    x = [1.2] * (tau + 1)
    for _ in range(n + 300):
        x.append(x[-1] + 0.2 * x[-tau - 1] / (1 + x[-tau - 1] ** 10) - 0.1 * x[-1])
    s = torch.tensor(x[-n:])
    return (s - s.mean()) / s.std()


class Reservoir(nn.Module):
    def __init__(self, size=120, radius=0.9, leak=0.5):
        super().__init__()
        w = torch.randn(size, size) * (torch.rand(size, size) < 0.1)
        w *= radius / torch.linalg.eigvals(w).abs().max()
        self.w_in = nn.Parameter((torch.rand(size) - 0.5) * 1.0, requires_grad=False)
        self.w = nn.Parameter(w, requires_grad=False)
        self.leak = leak
        self.readout = nn.Linear(size, 1)

    @torch.no_grad()
    def states(self, u):
        h, out = torch.zeros(len(self.w_in)), []
        for v in u:
            h = (1 - self.leak) * h + self.leak * torch.tanh(self.w_in * v + self.w @ h)
            out.append(h)
        return torch.stack(out)


torch.manual_seed(4)
AHEAD = 6
series = mackey_glass(3000)
net = Reservoir()
h = net.states(series[:-AHEAD])[100:]
target = series[100 + AHEAD:]
mean, std = h[:2300].mean(0), h[:2300].std(0)
h = (h - mean) / std
h_tr, y_tr, h_te, y_te = h[:2300], target[:2300], h[2300:], target[2300:]
with torch.no_grad():
    print(f"persistence forecast: mse {F.mse_loss(series[2400:-AHEAD], series[2400 + AHEAD:]).item():.4f}")

optimizer = torch.optim.Adam(filter(lambda p: p.requires_grad, net.parameters()), lr=3e-3)
for epoch in range(1, 31):
    total = 0.0
    for idx in torch.randperm(len(h_tr)).split(50):
        loss = F.mse_loss(net.readout(h_tr[idx]).squeeze(1), y_tr[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    if epoch % 3 == 0:
        with torch.no_grad():
            test = F.mse_loss(net.readout(h_te).squeeze(1), y_te).item()
        print(f"epoch {epoch:2d}  train mse {total / len(h_tr):.5f}  test mse {test:.5f}")
