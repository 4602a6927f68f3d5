"""Echo state network: a fixed random reservoir reads a chaotic flow sensor, only the read-out is trained."""
import torch
from torch import nn


def mackey_glass(n, tau=17, warm=300):
    x = [1.2] * (tau + 1)
    for _ in range(n + warm):
        x.append(x[-1] + 0.2 * x[-1 - tau] / (1 + x[-1 - tau] ** 10) - 0.1 * x[-1])
    s = torch.tensor(x[-n:])
    return (s - s.mean()) / s.std()


class Reservoir(nn.Module):
    def __init__(self, units=200, radius=0.9, leak=0.5):
        super().__init__()
        w = torch.randn(units, units) * (torch.rand(units, units) < 0.1)
        w = w * radius / torch.linalg.eigvals(w).abs().max()
        self.register_buffer("w", w)
        self.register_buffer("w_in", (torch.rand(units) - 0.5))
        self.leak = leak
        self.readout = nn.Linear(units, 1)

    @torch.no_grad()
    def states(self, u):
        h, out = torch.zeros(len(self.w)), []
        for v in u:
            h = (1 - self.leak) * h + self.leak * torch.tanh(self.w @ h + self.w_in * v)
            out.append(h)
        return torch.stack(out)


def main(horizon=6):
    torch.manual_seed(20)
    s = mackey_glass(3600)
    net = Reservoir()
    h = net.states(s[:-horizon])[100:]
    y = s[horizon:][100:, None]
    h = (h - h[:2500].mean(0)) / h[:2500].std(0)
    opt = torch.optim.Adam(net.readout.parameters(), lr=2e-3)
    sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.95)
    for epoch in range(40):
        total = 0.0
        for idx in torch.randperm(2500).split(50):
            loss = nn.functional.mse_loss(net.readout(h[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        sched.step()
        if epoch % 4 == 3:
            with torch.no_grad():
                test = nn.functional.mse_loss(net.readout(h[2500:]), y[2500:]).item()
            print(f"epoch {epoch + 1:2d}  mse {total / 2500:.5f}  test {test:.5f}")


main()
