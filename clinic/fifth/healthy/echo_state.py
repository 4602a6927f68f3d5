"""Echo state network: a fixed random reservoir, only the readout is trained, on the Mackey-Glass series."""
import torch
from torch import nn

torch.manual_seed(1)


def mackey_glass(n, tau=17):
    s = [1.2] * (tau + 1)
    for _ in range(10 * n):
        s.append(s[-1] + 0.1 * (0.2 * s[-1 - 10 * tau if len(s) > 10 * tau else 0] /
                                (1 + s[-1 - 10 * tau if len(s) > 10 * tau else 0] ** 10) - 0.1 * s[-1]))
    x = torch.tensor(s[-10 * n::10])
    return (x - x.mean()) / x.std()


class EchoState(nn.Module):
    def __init__(self, n=150, radius=0.9):
        super().__init__()
        w = torch.randn(n, n) * (torch.rand(n, n) < 0.1)
        w *= radius / torch.linalg.eigvals(w).abs().max()
        self.w = nn.Parameter(w, requires_grad=False)
        self.w_in = nn.Parameter(torch.rand(n, 2) - 0.5, requires_grad=False)
        self.readout = nn.Linear(n, 1)

    @torch.no_grad()
    def states(self, u):
        h, out = torch.zeros(len(self.w)), []
        for v in u:
            h = torch.tanh(self.w @ h + self.w_in @ torch.stack([v, torch.ones(())]))
            out.append(h)
        return torch.stack(out)

    def forward(self, h):
        return self.readout(h).squeeze(-1)


series = mackey_glass(2500)
esn = EchoState()
H = esn.states(series[:-6])[100:]
Y = series[6:][100:]
cut = 1800
opt = torch.optim.Adam([p for p in esn.parameters() if p.requires_grad], lr=0.03)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 50)
for epoch in range(50):
    for idx in torch.randperm(cut).split(100):
        loss = nn.functional.mse_loss(esn(H[idx]), Y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            print(f"epoch {epoch + 1} train {loss.item():.5f} test {nn.functional.mse_loss(esn(H[cut:]), Y[cut:]).item():.5f}")
