"""Flags card payments for a second look: shop category, hour, amount and distance from home."""

import torch
import torch.nn as nn

SHOPS = 9


def payments(n):
    shop = torch.randint(0, SHOPS, (n,))
    hour = torch.rand(n) * 24
    amount, distance = torch.randn(n), torch.randn(n)
    odd = 1.1 * amount + 0.9 * distance + 1.2 * (shop >= 7).float() + 0.6 * torch.cos(hour * torch.pi / 12)
    fraud = (torch.rand(n) < 0.45 * torch.sigmoid(2.5 * (odd - 3.6))).float()
    numbers = torch.stack([torch.sin(hour * torch.pi / 12), torch.cos(hour * torch.pi / 12), amount, distance], 1)
    return shop, numbers, fraud


class Flagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.shop = nn.Embedding(SHOPS, 4)
        self.layers = nn.Sequential(nn.Linear(8, 24), nn.ReLU(), nn.Linear(24, 1))

    def forward(self, shop, numbers):
        return self.layers(torch.cat([self.shop(shop), numbers], 1)).squeeze(1)


torch.manual_seed(151)
train, valid = payments(12000), payments(4000)
share = train[2].mean()
print(f"{share:.2%} of the payments are fraud")
flagger = Flagger()
criterion = nn.BCEWithLogitsLoss()  # cure: criterion = nn.BCEWithLogitsLoss(pos_weight=(1 - share) / share)
optimizer = torch.optim.Adam(flagger.parameters(), lr=1e-3)
for epoch in range(1, 13):
    flagger.train()
    losses = []
    for rows in torch.randperm(12000).split(128):
        shop, numbers, fraud = (column[rows] for column in train)
        loss = criterion(flagger(shop, numbers), fraud)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    flagger.eval()
    with torch.no_grad():
        z = flagger(valid[0], valid[1])
    flagged, fraud = z > 0, valid[2] == 1
    print(
        f"epoch {epoch:2d}  loss {sum(losses) / len(losses):.3f}  valid {criterion(z, valid[2]).item():.3f}  "
        f"accuracy {(flagged == fraud).float().mean():.3f}  recall {flagged[fraud].float().mean():.3f}  "
        f"false alarms {flagged[~fraud].float().mean():.3f}"
    )
