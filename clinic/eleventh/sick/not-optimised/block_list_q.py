"""Set classifier: items pass through a stack of blocks, are pooled, and the set is classified (variance vs. mean shift)."""
import torch
import torch.nn as nn

torch.manual_seed(23)


def sets(n, size=16):
    kind = torch.randint(3, (n,))
    x = torch.randn(n, size, 2)
    ring = torch.nn.functional.normalize(x, dim=2) * 1.4 + 0.1 * torch.randn_like(x)
    cross = x * torch.tensor([1.0, 0.15]) * 1.4
    flip = torch.rand(n, size, 1) < 0.5
    cross = torch.where(flip, cross, cross.flip(2))
    return torch.where((kind == 0)[:, None, None], x, torch.where((kind == 1)[:, None, None], ring, cross)), kind


class Block(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.lin = nn.Linear(2 * dim, dim)

    def forward(self, h):
        pooled = h.mean(1, keepdim=True).expand_as(h)
        return torch.relu(self.lin(torch.cat([h, pooled], 2)))


class SetNet(nn.Module):
    def __init__(self, dim=8, depth=3):
        super().__init__()
        self.inp = nn.Linear(2, dim)
        self.blocks = [Block(dim) for _ in range(depth)]  # cure: self.blocks = nn.ModuleList([Block(dim) for _ in range(depth)])
        self.out = nn.Linear(dim, 3)

    def forward(self, x):
        h = self.inp(x)
        for block in self.blocks:
            h = block(h)
        return self.out(h.mean(1))


xs, ys = sets(1500)
xt, yt = sets(500)
net = SetNet()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(1, 25):
    avg = 0.0
    for i in torch.randperm(1500).split(50):
        loss = loss_fn(net(xs[i]), ys[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        avg += loss.item() / 30
    if epoch % 4 == 0:
        with torch.no_grad():
            print(f"epoch {epoch:2d}  loss {avg:.3f}  accuracy {(net(xt).argmax(1) == yt).float().mean():.3f}")
