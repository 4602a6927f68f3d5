"""Segment discs from background in noisy 16x16 pictures with a small encoder-decoder."""
import torch
import torch.nn as nn
import torch.nn.functional as F

CONFIG = {
    "seed": 27,
    "n_train": 400,
    "batch": 20,
    "epochs": 10,
    "momentum": 0.9,
    "base_lr": 0.1,
}


def discs(n):
    yy, xx = torch.meshgrid(torch.arange(16.0), torch.arange(16.0), indexing="ij")
    c = 3 + 10 * torch.rand(n, 2, 1, 1)
    r = 2 + 2.5 * torch.rand(n, 1, 1)
    mask = ((yy - c[:, 0]) ** 2 + (xx - c[:, 1]) ** 2 < r ** 2).float()
    return (mask + 0.5 * torch.randn(n, 16, 16) - 0.2).unsqueeze(1), mask.unsqueeze(1)


class Seg(nn.Module):
    def __init__(self, w=12):
        super().__init__()
        self.a = nn.Conv2d(1, w, 3, padding=1)
        self.b = nn.Conv2d(w, w, 3, stride=2, padding=1)
        self.c = nn.Conv2d(w, w, 3, padding=1)
        self.d = nn.Conv2d(2 * w, 1, 3, padding=1)

    def forward(self, x):
        a = F.relu(self.a(x))
        m = F.relu(self.c(F.relu(self.b(a))))
        return self.d(torch.cat([a, F.interpolate(m, scale_factor=2)], 1))


def dice(logits, mask):
    p = (logits > 0).float()
    return (2 * (p * mask).sum() / (p.sum() + mask.sum() + 1e-6)).item()


torch.manual_seed(CONFIG["seed"])
x, m = discs(CONFIG["n_train"])
xv, mv = discs(100)
net = Seg()
lr = CONFIG["base_lr"] / (CONFIG["batch"] * m[0].numel())  # cure: lr = CONFIG["base_lr"]
opt = torch.optim.SGD(net.parameters(), lr=lr, momentum=CONFIG["momentum"])
for ep in range(CONFIG["epochs"]):
    tot = 0.0
    for idx in torch.randperm(len(x)).split(CONFIG["batch"]):
        loss = F.binary_cross_entropy_with_logits(net(x[idx]), m[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(idx)
    with torch.no_grad():
        out = net(xv)
    print(f"ep {ep + 1:02d} train bce {tot / len(x):.4f} val bce {F.binary_cross_entropy_with_logits(out, mv):.4f} dice {dice(out, mv):.3f}")
