"""Entity embeddings for a price model: street, type and agent are categories, the area is a number."""
import torch
from torch import nn

torch.manual_seed(0)
SIZES = {"street": 60, "type": 12, "agent": 40}
N = 5000
cats = torch.stack([torch.randint(0, n, (N,)) for n in SIZES.values()], 1)
area = torch.randn(N, 1)
effects = [torch.randn(n) for n in SIZES.values()]
price = sum(e[cats[:, k]] for k, e in enumerate(effects)) + area.squeeze(1) * (1 + 0.5 * effects[1][cats[:, 1]])
price = (price - price.mean()) / price.std() + 0.05 * torch.randn(N)


class PriceModel(nn.Module):
    def __init__(self, dim=2):
        super().__init__()
        self.tables = [nn.Embedding(n, dim) for n in SIZES.values()]  # cure: self.tables = nn.ModuleList(nn.Embedding(n, dim) for n in SIZES.values())
        self.mlp = nn.Sequential(nn.Linear(dim * len(SIZES) + 1, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, c, a):
        parts = [table(c[:, k]) for k, table in enumerate(self.tables)]
        return self.mlp(torch.cat(parts + [a], 1)).squeeze(1)


model = PriceModel()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
train, test = slice(0, 4000), slice(4000, N)
for epoch in range(1, 21):
    total = 0.0
    for i in torch.randperm(4000).split(100):
        loss = nn.functional.mse_loss(model(cats[i], area[i]), price[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 40
    with torch.no_grad():
        mse = nn.functional.mse_loss(model(cats[test], area[test]), price[test])
    if epoch % 2 == 0:
        print(f"epoch {epoch:2d}  train {total:.4f}  test {mse:.4f}")
