"""Energy use of buildings: one small tower per building type, on top of a common trunk."""
import torch
import torch.nn as nn

TYPES = 6


def buildings(n, g):
    kind = torch.randint(0, TYPES, (n,), generator=g)
    x = torch.randn(n, 5, generator=g)
    a = torch.linspace(-2, 2, TYPES)[kind]
    use = a * torch.tanh(x[:, 0] + x[:, 1]) + (2 - a.abs()) * torch.sin(1.5 * x[:, 2]) + 0.5 * x[:, 3]
    return x, kind, use + 0.05 * torch.randn(n, generator=g)


class Towers(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(5, 24), nn.ReLU())
        towers = []
        for _ in range(TYPES):
            towers.append(nn.Sequential(nn.Linear(24, 24), nn.ReLU(), nn.Linear(24, 1)))
        self.towers = towers  # cure: self.towers = nn.ModuleList(towers)

    def forward(self, x, kind):
        h = self.trunk(x)
        every = torch.cat([tower(h) for tower in self.towers], 1)
        return every.gather(1, kind[:, None]).squeeze(1)


torch.manual_seed(110)
g = torch.Generator().manual_seed(111)
x, kind, use = buildings(4000, g)
xt, kt, ut = buildings(800, g)
model = Towers()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
print("variance of the target", round(ut.var().item(), 3))
for epoch in range(1, 21):
    for i in torch.randperm(4000).split(100):
        loss = nn.functional.mse_loss(model(x[i], kind[i]), use[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 2 == 0:
        with torch.no_grad():
            test = nn.functional.mse_loss(model(xt, kt), ut)
        print(f"epoch {epoch:2d} loss {loss.item():.4f} test {test.item():.4f}")
