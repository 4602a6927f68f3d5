"""Predict standardised weekly sales from store, product and promotion codes with entity embeddings."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split

CARDINALITIES = {"store": 250, "product": 120, "promotion": 12}


class SalesNet(nn.Module):
    def __init__(self, cards, dim=8, numeric=3):
        super().__init__()
        self.embeddings = [nn.Embedding(n, dim) for n in cards.values()]  # cure: self.embeddings = nn.ModuleList([nn.Embedding(n, dim) for n in cards.values()])
        self.mlp = nn.Sequential(
            nn.Linear(dim * len(cards) + numeric, 64), nn.ReLU(),
            nn.Linear(64, 32), nn.ReLU(),
            nn.Linear(32, 1),
        )

    def forward(self, codes, numbers):
        parts = [emb(codes[:, i]) for i, emb in enumerate(self.embeddings)]
        return self.mlp(torch.cat(parts + [numbers], dim=1)).squeeze(1)


def weekly_sales(n=14000):
    codes = torch.stack([torch.randint(c, (n,)) for c in CARDINALITIES.values()], dim=1)
    numbers = torch.randn(n, 3)
    size, appeal, lift = (torch.randn(c) for c in CARDINALITIES.values())
    s, p, k = size[codes[:, 0]], appeal[codes[:, 1]], lift[codes[:, 2]]
    y = s + p + 0.6 * k * torch.tanh(p) + 0.4 * torch.sin(2 * numbers[:, 0]) + 0.2 * numbers[:, 1]
    y = y + 0.2 * torch.randn(n)
    return TensorDataset(codes, numbers, (y - y.mean()) / y.std())


def evaluate(model, loader):
    model.eval()
    err = 0.0
    with torch.no_grad():
        for c, z, y in loader:
            err += ((model(c, z) - y) ** 2).sum().item()
    return err / len(loader.dataset)


def train():
    torch.manual_seed(12)
    data = weekly_sales()
    train_set, valid_set = random_split(data, [12000, 2000])
    train_loader = DataLoader(train_set, batch_size=128, shuffle=True)
    valid_loader = DataLoader(valid_set, batch_size=500)
    model = SalesNet(CARDINALITIES)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    print("parameters:", sum(p.numel() for p in model.parameters()))
    for epoch in range(10):
        model.train()
        total = 0.0
        for codes, numbers, y in train_loader:
            loss = nn.functional.mse_loss(model(codes, numbers), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(y)
        print(f"epoch {epoch + 1:2d}  train {total / len(train_set):.4f}  valid {evaluate(model, valid_loader):.4f}")


if __name__ == "__main__":
    train()
