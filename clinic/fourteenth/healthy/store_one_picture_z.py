"""Store one picture in a coordinate network (all of it on purpose: the network is the compressed file)."""
import torch
from sklearn.datasets import load_digits

torch.manual_seed(0)
picture = torch.tensor(load_digits().images[:16], dtype=torch.float32).reshape(4, 4, 8, 8).permute(0, 2, 1, 3).reshape(32, 32)
target = (picture / 8 - 1).reshape(-1, 1)
axis = torch.linspace(-1, 1, 32)
coords = torch.cartesian_prod(axis, axis)
bands = 6.0 * torch.randn(2, 64)  # fixed random frequencies
features = torch.cat([(coords @ bands).sin(), (coords @ bands).cos()], 1)
net = torch.nn.Sequential(torch.nn.Linear(128, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 800, eta_min=1e-5)
for step in range(1, 801):
    loss = (net(features) - target).square().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 80 == 0:
        print(f"step {step}: mse {loss.item():.6f}, psnr {10 * torch.log10(4 / loss).item():.1f} dB")
