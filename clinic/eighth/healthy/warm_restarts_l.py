"""SGD with warm restarts on a texture task; the loss goes up after every restart and comes down again."""
import torch
from torch import nn


def textures(n, g, side=10):
    kind = torch.randint(3, (n,), generator=g)
    ij = torch.arange(side).float()
    phase = torch.rand(n, 1, 1, generator=g) * 6.28
    angle = (kind * 60.0 * torch.pi / 180)[:, None, None] + 0.25 * torch.randn(n, 1, 1, generator=g)
    wave = torch.sin(1.4 * (angle.cos() * ij[None, None] + angle.sin() * ij[None, :, None]) + phase)
    return ((wave + 0.5 * torch.randn(n, side, side, generator=g)) / 0.87).unsqueeze(1), kind


g = torch.Generator().manual_seed(62)
torch.manual_seed(62)
(x, y), (xt, yt) = textures(2000, g), textures(500, g)
model = nn.Sequential(nn.Conv2d(1, 12, 5), nn.ReLU(), nn.AvgPool2d(2), nn.Conv2d(12, 16, 3), nn.GroupNorm(4, 16), nn.ReLU(), nn.Flatten(), nn.Linear(16, 3))
opt = torch.optim.SGD(model.parameters(), lr=0.08, momentum=0.9, nesterov=True)
sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=3, T_mult=2, eta_min=1e-3)
batches = 2000 // 40
for epoch in range(9):
    total = 0.0
    for i, idx in enumerate(torch.randperm(2000).split(40)):
        loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step(epoch + i / batches)
        total += loss.item()
    with torch.no_grad():
        acc = (model(xt).argmax(1) == yt).float().mean()
    print(f"epoch {epoch} lr {sched.get_last_lr()[0]:.4f} loss {total / batches:.4f} test acc {acc:.3f}")
