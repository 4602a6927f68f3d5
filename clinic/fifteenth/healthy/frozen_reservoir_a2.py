"""Echo state network: a large fixed random recurrent reservoir, of which only the linear readout is trained."""
import torch
from torch import nn

torch.manual_seed(3)


class Reservoir(nn.Module):
    def __init__(self, size=150, radius=0.9):
        super().__init__()
        w = torch.randn(size, size) * (torch.rand(size, size) < 0.1)
        w = w * radius / torch.linalg.eigvals(w).abs().max()
        self.register_buffer("recurrent", w)
        self.register_buffer("drive", torch.rand(size) - 0.5)
        self.readout = nn.Linear(size, 1)

    @torch.no_grad()
    def states(self, signal):
        h, out = torch.zeros(len(self.drive)), []
        for value in signal:
            h = torch.tanh(self.recurrent @ h + self.drive * value)
            out.append(h)
        return torch.stack(out)


def mackey_glass(n, lag=17):
    """A chaotic series, one value per time step, after Mackey and Glass."""
    x = [1.2] * (lag + 1)
    for _ in range(n * 1 + 200):
        x.append(x[-1] + 0.2 * x[-1 - lag] / (1 + x[-1 - lag] ** 10) - 0.1 * x[-1])
    return torch.tensor(x[-n:])


series = mackey_glass(3001)
series = (series - series[:2300].mean()) / series[:2300].std()
model = Reservoir()
features = model.states(series[:-1])[200:]
target = series[201:].unsqueeze(1)
scale = features[:2100].std(0)
features = (features - features[:2100].mean(0)) / scale
optimizer = torch.optim.Adam(model.readout.parameters(), lr=3e-3)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 60)
for epoch in range(1, 61):
    total = 0.0
    for index in torch.randperm(2100).split(50):
        loss = nn.functional.mse_loss(model.readout(features[index]), target[index])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() / 42
    schedule.step()
    if epoch % 6 == 0:
        with torch.no_grad():
            later = nn.functional.mse_loss(model.readout(features[2100:]), target[2100:]).item()
        print(f"epoch {epoch:2d}  mse {total:.6f}  on later values {later:.6f}")
