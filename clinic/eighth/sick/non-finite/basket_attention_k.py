"""Predict what a customer spends from the (padded) set of items in the basket, by attention pooling."""
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Baskets(Dataset):
    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        price = torch.Generator().manual_seed(0)
        self.price = torch.rand(50, generator=price)
        self.items = torch.randint(0, 50, (n, 8), generator=g)
        self.length = torch.randint(1, 9, (n,), generator=g)
        self.length[torch.rand(n, generator=g) < 0.002] = 0
        mask = torch.arange(8)[None] < self.length[:, None]
        best = (self.price[self.items] * mask).amax(1)
        self.y = (best - 0.7) / 0.2

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.items[i], self.length[i], self.y[i]


class BasketNet(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.emb = nn.Embedding(50, d)
        self.score = nn.Linear(d, 1)
        self.mlp = nn.Sequential(nn.Linear(d, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, items, length):
        e = self.emb(items)
        pad = torch.arange(items.shape[1])[None] >= length[:, None]
        s = self.score(e).squeeze(-1)
        s = s.masked_fill(pad, float("-inf"))  # cure: s = s.masked_fill(pad, -1e9)
        a = torch.softmax(s, dim=1)
        return self.mlp((a.unsqueeze(-1) * e).sum(1)).squeeze(-1)


def evaluate(model, loader):
    with torch.no_grad():
        err = torch.cat([(model(i, l) - y).abs() for i, l, y in loader])
    return err.mean().item()


def main():
    torch.manual_seed(5)
    train = DataLoader(Baskets(4000, 1), batch_size=50, shuffle=True)
    valid = DataLoader(Baskets(1000, 2), batch_size=500)
    model = BasketNet()
    opt = torch.optim.Adam(model.parameters(), lr=3e-3)
    for epoch in range(8):
        running, n = 0.0, 0
        for step, (items, length, y) in enumerate(train):
            loss = nn.functional.mse_loss(model(items, length), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            running, n = running + loss.item(), n + 1
            if epoch == 0 and step % 20 == 19:
                print(f"  step {step + 1} loss {running / n:.4f}")
        print(f"epoch {epoch + 1} train mse {running / n:.4f} valid mae {evaluate(model, valid):.4f}")


main()
