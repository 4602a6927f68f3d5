"""Galaxy shapes with a small CNN, organised as module with hooks: training_step and on_epoch_end."""
import resource
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

Y, X = np.mgrid[-1:1:20j, -1:1:20j]


def galaxy(kind, g):
    a = g.uniform(0, np.pi)
    u, v = X * np.cos(a) + Y * np.sin(a), -X * np.sin(a) + Y * np.cos(a)
    r = np.hypot(u, v)
    if kind == 0:
        img = np.exp(-(u ** 2 + (v / 0.7) ** 2) / 0.15)
    elif kind == 1:
        img = np.exp(-r / 0.5) * (1 + np.cos(2 * np.arctan2(v, u) - 7 * r)) / 1.3
    else:
        img = np.exp(-(u / 0.7) ** 2 - (v / 0.13) ** 2)
    return img + 0.25 * g.normal(size=img.shape)


class GalaxyModule(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 16, 5, stride=2, padding=2), nn.ReLU(), nn.Conv2d(16, 32, 3, stride=2, padding=1),
                                 nn.ReLU(), nn.Flatten(), nn.Dropout(0.3), nn.Linear(800, 3))
        self.train_losses, self.val_losses = [], []

    def training_step(self, x, y):
        logits = self.net(x)
        loss = F.cross_entropy(logits, y)
        self.train_losses.append(loss.item())
        return loss

    def on_epoch_end(self, epoch, val):
        self.eval()
        logits = self.net(val[0])
        loss = F.cross_entropy(logits, val[1])
        self.val_losses.append(loss)  # cure: self.val_losses.append(loss.item())
        acc = (logits.argmax(1) == val[1]).float().mean()
        best = min(float(v) for v in self.val_losses)
        mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"epoch {epoch}: train {np.mean(self.train_losses[-30:]):.4f}, val {loss.item():.4f} (best {best:.4f}), val acc {acc:.3f}, rss {mb} MB")
        self.train()


def data(n, seed):
    g = np.random.default_rng(seed)
    k = g.integers(0, 3, n)
    x = np.stack([galaxy(i, g) for i in k])[:, None]
    return torch.tensor((x - 0.2) / 0.36, dtype=torch.float32), torch.tensor(k)


torch.manual_seed(51)
x, y = data(1500, 1)
val = data(1200, 2)
module = GalaxyModule()
opt = torch.optim.AdamW(module.parameters(), lr=5e-4, weight_decay=0.02)
for epoch in range(12):
    for b in torch.randperm(len(x)).split(50):
        opt.zero_grad()
        module.training_step(x[b], y[b]).backward()
        opt.step()
    module.on_epoch_end(epoch, val)
