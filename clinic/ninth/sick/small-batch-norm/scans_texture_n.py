"""Texture classification of little scans; they are 'large', so only a few fit into a batch."""
import math
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

cfg = dict(epochs=3, batch_size=2, lr=2e-3, width=12)  # cure: cfg = dict(epochs=3, batch_size=32, lr=2e-3, width=12)


def scans(n, gen, side=16):
    """Four textures that differ in direction and coarseness, with random brightness and contrast."""
    y = torch.randint(4, (n,), generator=gen)
    g = torch.arange(side).float()
    ang = (y % 2).float() * math.pi / 2 + 0.25 * torch.randn(n, generator=gen)
    freq = torch.where(y < 2, 0.9, 1.5)
    wave = freq.view(-1, 1, 1) * (torch.cos(ang).view(-1, 1, 1) * g.view(1, -1, 1) + torch.sin(ang).view(-1, 1, 1) * g.view(1, 1, -1))
    img = torch.sin(wave + 6.283 * torch.rand(n, 1, 1, generator=gen))
    contrast = torch.exp(0.6 * torch.randn(n, 1, 1, generator=gen))
    img = contrast * (img + 0.7 * torch.randn(n, side, side, generator=gen)) + 0.8 * torch.randn(n, 1, 1, generator=gen)
    return TensorDataset(((img - img.mean()) / img.std()).unsqueeze(1), y)


def network(c):
    def stage(i, o):
        return [nn.Conv2d(i, o, 3, 2, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU()]
    return nn.Sequential(*stage(1, c), *stage(c, 2 * c), *stage(2 * c, 2 * c), nn.Flatten(),
                         nn.Linear(8 * c, 32, bias=False), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 4))


torch.manual_seed(55)
gen = torch.Generator().manual_seed(55)
train = DataLoader(scans(1200, gen), cfg["batch_size"], shuffle=True)
test = DataLoader(scans(400, gen), 100)
net = network(cfg["width"])
opt = torch.optim.Adam(net.parameters(), lr=cfg["lr"])
ce = nn.CrossEntropyLoss()
for epoch in range(cfg["epochs"]):
    net.train()
    hits = 0
    for x, y in train:
        out = net(x)
        loss = ce(out, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        hits += (out.argmax(1) == y).sum().item()
    net.eval()
    with torch.no_grad():
        val = sum((net(x).argmax(1) == y).sum().item() for x, y in test) / 400
    print(f"epoch {epoch + 1}: train acc {hits / 1200:.3f} test acc {val:.3f}")
