"""A network picks which customers get an offer: the expected gain shall be large while a fifth of them are chosen.
The budget is kept by a multiplier that grows while too many are chosen and shrinks while too few are."""
import torch
import torch.nn as nn

torch.manual_seed(19)
n = 4000
people = torch.randn(n, 8)
uplift = torch.sin(people[:, 0]) + 0.7 * people[:, 1] * people[:, 2] + 0.3 * people[:, 3]
gain = uplift + 0.3 * torch.randn(n)
train, valid = slice(0, 3200), slice(3200, n)
BUDGET = 0.2


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(8, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 1))

    def forward(self, x):
        return torch.sigmoid(self.net(x)).squeeze(1)


def batches(size=100):
    for index in torch.randperm(3200).split(size):
        yield people[index], gain[index]


policy = Policy()
optimizer = torch.optim.Adam(policy.parameters(), lr=2e-3)
price, price_rate = 0.0, 0.2  # cure: price, price_rate = 0.0, 0.05
for epoch in range(1, 31):
    total = 0.0
    for x, g in batches():
        chosen = policy(x)
        excess = chosen.mean() - BUDGET
        loss = -(chosen * g).mean() + price * excess
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        price = price + price_rate * excess.item()
        total += loss.item() / 32
    with torch.no_grad():
        chosen = policy(people[valid])
        value = (chosen * gain[valid]).mean().item()
    print(f"epoch {epoch:2d}  loss {total:8.4f}  price {price:7.3f}  share chosen {chosen.mean().item():.3f}  value {value:.4f}")
