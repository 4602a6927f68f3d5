"""Will a customer come back? LSTM over sequences of purchase categories."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

SEQ, CATS = 10, 12
N_TRAIN = 120  # cure: N_TRAIN = 3000


def customers(n, gen):
    x = torch.randint(CATS, (n, SEQ), generator=gen)
    taste = torch.linspace(-1, 1, CATS)[torch.randperm(CATS, generator=torch.Generator().manual_seed(5))]
    late = torch.linspace(0.3, 1.2, SEQ)
    z = (taste[x] * late).sum(1)
    return x, torch.bernoulli(torch.sigmoid(2.5 * z), generator=gen)


class Comeback(nn.Module):
    def __init__(self, dim=24, hidden=64):
        super().__init__()
        self.emb = nn.Embedding(CATS, dim)
        self.lstm = nn.LSTM(dim, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        _, (h, _) = self.lstm(self.emb(x))
        return self.out(h[0]).squeeze(1)


def main():
    torch.manual_seed(80)
    gen = torch.Generator().manual_seed(81)
    xv, yv = customers(500, gen)
    x, y = customers(N_TRAIN, gen)
    loader = DataLoader(TensorDataset(x, y), batch_size=30, shuffle=True)
    model = Comeback()
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    bce = nn.BCEWithLogitsLoss()
    steps, seen, done = 500, 0.0, 0
    while done < steps:
        for xb, yb in loader:
            loss = bce(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            seen += loss.item()
            done += 1
            if done % 25 == 0:
                with torch.no_grad():
                    z = model(xv)
                acc = ((z > 0) == (yv > 0.5)).float().mean()
                print(f"step {done}: train {seen / 25:.4f} valid {bce(z, yv):.4f} acc {acc:.3f}")
                seen = 0.0
            if done == steps:
                break


main()
