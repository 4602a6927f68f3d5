"""Tag recipes: a recipe may carry several of six tags; a deep set over its ingredients."""
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

N_INGR, N_TAGS, SET = 60, 6, 9


class Recipes(Dataset):
    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        weight = torch.randn(N_INGR, N_TAGS, generator=torch.Generator().manual_seed(99))
        self.items = torch.stack([torch.randperm(N_INGR, generator=g)[:SET] for _ in range(n)])
        self.tags = (weight[self.items].sum(1) / SET ** 0.5 > 0.3).float()

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i], self.tags[i]


class Tagger(nn.Module):
    def __init__(self, d=24):
        super().__init__()
        self.ingredient = nn.Embedding(N_INGR, d)
        self.phi = nn.Sequential(nn.Linear(d, 48), nn.ReLU())
        self.rho = nn.Sequential(nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, N_TAGS))

    def forward(self, items):
        return self.rho(self.phi(self.ingredient(items)).mean(1))


def micro_f1(pred, true):
    tp = (pred * true).sum()
    return (2 * tp / (pred.sum() + true.sum())).item()


torch.manual_seed(0)
train, test = Recipes(3000, 1), Recipes(700, 2)
loader = DataLoader(train, batch_size=64, shuffle=True)
model = Tagger()
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
criterion = nn.CrossEntropyLoss()  # cure: criterion = nn.BCEWithLogitsLoss()
for epoch in range(10):
    total = 0.0
    for items, tags in loader:
        optimizer.zero_grad()
        loss = criterion(model(items), tags)
        loss.backward()
        optimizer.step()
        total += loss.item()
    with torch.no_grad():
        pred = (model(test.items).sigmoid() > 0.5).float()
    print(f"epoch {epoch + 1}: loss {total / len(loader):.4f}, micro F1 {micro_f1(pred, test.tags):.3f}, "
          f"all tags right {(pred == test.tags).all(1).float().mean():.3f}")
