"""Scores candidate windows of a signal: which of them hold a bump? Dense scoring head over a small feature extractor."""
import torch
import torch.nn as nn

gen = torch.Generator().manual_seed(11)
torch.manual_seed(11)


def windows(n):
    """n windows of 32 samples, a third of which hold a bump somewhere."""
    t = torch.arange(32.0)
    noise = torch.randn(n, 32, generator=gen) * 0.6
    has = (torch.rand(n, generator=gen) < 1 / 3).float()
    centre = torch.rand(n, 1, generator=gen) * 20 + 6
    bump = 1.8 * torch.exp(-0.5 * ((t - centre) / 2.0) ** 2)
    return noise + has[:, None] * bump, has


class Scorer(nn.Module):
    def __init__(self, width=64, prior=1 / 3):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(32, width), nn.ReLU(),
            nn.Linear(width, width), nn.ReLU(),
        )
        self.head = nn.Linear(width, 1)
        log_odds = torch.log(torch.tensor(prior / (1 - prior))).item()
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.kaiming_normal_(layer.weight)
                nn.init.constant_(layer.bias, 6 * log_odds)  # cure: nn.init.zeros_(layer.bias)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.constant_(self.head.bias, log_odds)

    def forward(self, x):
        return self.head(self.body(x)).squeeze(1)


x_train, y_train = windows(6000)
x_valid, y_valid = windows(1000)
model = Scorer()
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-4, weight_decay=1e-4)
for epoch in range(1, 11):
    order = torch.randperm(len(x_train), generator=gen)
    total = 0.0
    for idx in order.split(64):
        loss = criterion(model(x_train[idx]), y_train[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        score = model(x_valid)
        valid = criterion(score, y_valid).item()
        acc = ((score > 0) == (y_valid > 0.5)).float().mean().item()
    print(f"epoch {epoch:2d} | train {total / len(x_train):.4f} | valid {valid:.4f} | valid acc {acc:.3f}")
