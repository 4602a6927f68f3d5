"""Regression with error bars from Monte-Carlo dropout: the samples are drawn with dropout switched on, on purpose."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(7)


def f(x):
    return torch.sin(2.2 * x) + 0.4 * x


x = torch.cat([torch.rand(700, 1) * 1.3 - 1.7, torch.rand(700, 1) * 1.3 + 0.4])      # nothing between -0.4 and 0.4
y = f(x) + 0.1 * torch.randn_like(x)
xv = torch.cat([torch.rand(150, 1) * 1.3 - 1.7, torch.rand(150, 1) * 1.3 + 0.4])
yv = f(xv) + 0.1 * torch.randn_like(xv)
net = nn.Sequential(nn.Linear(1, 128), nn.SiLU(), nn.Dropout(0.05), nn.Linear(128, 128), nn.SiLU(), nn.Dropout(0.05),
                    nn.Linear(128, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 6e-3, total_steps=30 * 28)
loader = DataLoader(TensorDataset(x, y), batch_size=50, shuffle=True)


@torch.no_grad()
def mc_predict(z, draws=60):
    net.train()                                  # dropout stays on: each pass is another network
    out = torch.stack([net(z) for _ in range(draws)])
    return out.mean(0), out.std(0)


for epoch in range(30):
    net.train()
    for a, b in loader:
        loss = nn.functional.mse_loss(net(a), b)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
    if epoch % 3 == 2:
        net.eval()
        with torch.no_grad():
            plain = nn.functional.mse_loss(net(xv), yv).item()
        m, s = mc_predict(xv)
        _, far = mc_predict(torch.tensor([[-2.6], [2.6]]))
        print(f"epoch {epoch + 1} loss {loss.item():.4f} valid mse {plain:.4f} (noise 0.0100), with sampling "
              f"{(m - yv).pow(2).mean():.4f}; sd inside {s.mean():.3f}, outside {far.mean():.3f}")
