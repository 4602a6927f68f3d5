"""Echo-state network: a fixed random recurrent reservoir (never trained), and a trained readout for the Mackey-Glass series."""
import numpy as np
import torch

torch.manual_seed(0)
z = [1.2] * 18
for _ in range(2600):
    z.append(z[-1] + 0.2 * z[-18] / (1 + z[-18] ** 10) - 0.1 * z[-1])
series = torch.tensor(np.array(z[200:]), dtype=torch.float32)
series = (series - series.mean()) / series.std()


class EchoState(torch.nn.Module):
    def __init__(self, n=150, radius=0.9):
        super().__init__()
        w = torch.randn(n, n) * (torch.rand(n, n) < 0.1)
        w *= radius / torch.linalg.eigvals(w).abs().max()
        self.w = torch.nn.Parameter(w, requires_grad=False)
        self.u = torch.nn.Parameter(torch.rand(n) * 2 - 1, requires_grad=False)
        self.readout = torch.nn.Linear(n, 1)

    @torch.no_grad()
    def states(self, s):
        h, out = torch.zeros(len(self.u)), []
        for value in s:
            h = torch.tanh(self.w @ h + self.u * value)
            out.append(h)
        return torch.stack(out)


esn = EchoState()
horizon = 6
H = esn.states(series[:-horizon])[100:]
Y = series[100 + horizon:, None]
mean, std = H[:1700].mean(0), H[:1700].std(0)
H = (H - mean) / std
opt = torch.optim.Adam([p for p in esn.parameters() if p.requires_grad], lr=3e-3)
for epoch in range(1, 41):
    for idx in torch.randperm(1700).split(34):
        loss = (esn.readout(H[idx]) - Y[idx]).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 4 == 0:
        with torch.no_grad():
            test = (esn.readout(H[1700:]) - Y[1700:]).square().mean().item()
        print(f"epoch {epoch}: train {loss.item():.5f} test {test:.5f} (variance {Y[1700:].var().item():.3f})")
