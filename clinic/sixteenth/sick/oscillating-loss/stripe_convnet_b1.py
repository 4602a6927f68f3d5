"""Two-layer convolutional network on noisy stripes (new ones in every epoch) with cosine annealing of the learning rate."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim.lr_scheduler import CosineAnnealingLR

EPOCHS, CLASSES = 30, 5


def stripes(n, seed):
    g = torch.Generator().manual_seed(seed)
    label = torch.randint(0, CLASSES, (n,), generator=g)
    angle = label * torch.pi / CLASSES + 0.08 * torch.randn(n, generator=g)
    u = torch.arange(12.0)
    phase = 6.28 * torch.rand(n, 1, 1, generator=g)
    wave = torch.sin(1.3 * (u[None, :, None] * torch.cos(angle)[:, None, None]
                            + u[None, None, :] * torch.sin(angle)[:, None, None]) + phase)
    img = wave + 2.2 * torch.randn(n, 12, 12, generator=g)
    return (img / img.std()).unsqueeze(1), label


class StripeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 12, 5), nn.ReLU(), nn.Conv2d(12, 24, 5), nn.ReLU())
        self.head = nn.Linear(24, CLASSES)

    def forward(self, x):
        return self.head(self.features(x).mean((2, 3)))


def main():
    torch.manual_seed(3)
    xv, yv = stripes(500, 2)
    net = StripeNet()
    opt = torch.optim.SGD(net.parameters(), lr=0.3, momentum=0.9, weight_decay=5e-4)
    sched = CosineAnnealingLR(opt, T_max=3)  # cure: sched = CosineAnnealingLR(opt, T_max=EPOCHS)
    for epoch in range(EPOCHS):
        net.train()
        xt, yt = stripes(1000, 100 + epoch)
        total = 0.0
        for idx in torch.randperm(len(xt)).split(50):
            loss = F.cross_entropy(net(xt[idx]), yt[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx) / len(xt)
        lr = opt.param_groups[0]["lr"]
        sched.step()
        net.eval()
        with torch.no_grad():
            out = net(xv)
        print(f"epoch {epoch:2d} lr {lr:.3f} train {total:.4f} valid {F.cross_entropy(out, yv).item():.4f} "
              f"accuracy {(out.argmax(1) == yv).float().mean().item():.3f}")


main()
