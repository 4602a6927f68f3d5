"""From weather, weekday and load: in which quarter of the day will a bus have its worst delay?"""

import torch
from torch import nn

torch.manual_seed(41)
n = 3000
rain, load, school = torch.rand(n), torch.rand(n), (torch.rand(n) < 0.6).float()
weekday = torch.randint(0, 7, (n,))
weekend = (weekday >= 5).float()
hour = (
    8
    + 8 * load * (1 - school)
    + 9 * weekend * rain
    + 3 * rain
    - 5 * school * (1 - weekend) * load
    + torch.randn(n) * 0.5
)
hour = hour.clamp(0, 23.9)
quarter = (hour / 24).long()  # cure: quarter = (hour / 6).long()

embedding = nn.Embedding(7, 4)
head = nn.Sequential(nn.Linear(7, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 4))
measured = torch.stack([rain * 2 - 1, load * 2 - 1, school * 2 - 1], 1)
optimizer = torch.optim.Adam([*embedding.parameters(), *head.parameters()], lr=3e-3)


def predict(rows):
    return head(torch.cat([embedding(weekday[rows]), measured[rows]], 1))


train, valid = torch.arange(2400), torch.arange(2400, n)
for epoch in range(1, 31):
    for rows in train[torch.randperm(2400)].split(60):
        loss = nn.functional.cross_entropy(predict(rows), quarter[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            logits = predict(valid)
            check = nn.functional.cross_entropy(logits, quarter[valid])
        right = (logits.argmax(1) == quarter[valid]).float().mean()
        print(f"epoch {epoch:2d}  loss {loss.item():.4f}  valid {check.item():.4f}  right {right.item():.3f}")
