"""Predict monthly rents from surface, year of construction, distance to the centre, floor and income of the quarter."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(1)
n = 3000
surface = 20 + 110 * torch.rand(n)
year = torch.randint(1890, 2023, (n,)).float()
metres = 12000 * torch.rand(n)
floor = torch.randint(0, 9, (n,)).float()
income = 22000 + 60000 * torch.rand(n)
rent = (9.5 * surface * (1.3 - metres / 20000) + 120 * torch.sin((year - 1890) / 30) + 12 * floor
        + 0.006 * (income - 22000) + 40 * torch.randn(n))
features = torch.stack([surface, year, metres, floor, income], 1)
target = (rent - rent.mean()) / rent.std()
# cure: features = (features - features.mean(0)) / features.std(0)

train, valid = random_split(TensorDataset(features, target), [2400, 600])
loader = DataLoader(train, batch_size=50, shuffle=True)
valid_loader = DataLoader(valid, batch_size=600)

net = nn.Sequential(nn.Linear(5, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1), nn.Flatten(0))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
criterion = nn.SmoothL1Loss()

for epoch in range(20):
    seen = 0.0
    for x, y in loader:
        opt.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        opt.step()
        seen += loss.item()
    with torch.no_grad():
        x, y = next(iter(valid_loader))
        p = net(x)
        r2 = 1 - ((p - y) ** 2).mean() / y.var()
        print(f"{epoch:2d} train {seen / len(loader):8.4f} valid {criterion(p, y):8.4f} R2 {r2:6.3f}")
