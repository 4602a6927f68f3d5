"""Route support tickets to one of four teams from their words (embeddings + conv over words)."""
import random
import torch
import torch.nn.functional as F
from torch import nn

VOCAB, LENGTH, TEAMS = 600, 14, 4


def tickets(n, rng):
    """Word ids; each team has 12 words of its own, and one ticket in six was routed carelessly."""
    rows, teams = [], []
    for _ in range(n):
        team = rng.randrange(TEAMS)
        words = [rng.randrange(48, VOCAB) for _ in range(LENGTH)]
        for pos in rng.sample(range(LENGTH), 3):
            words[pos] = 12 * team + rng.randrange(12)
        rows.append(words)
        teams.append(team if rng.random() > 1 / 6 else rng.randrange(TEAMS))
    return torch.tensor(rows), torch.tensor(teams)


class Router(nn.Module):
    def __init__(self, dim=48, channels=64, dropout=0.0):
        super().__init__()
        self.emb = nn.Embedding(VOCAB, dim)
        self.conv = nn.Conv1d(dim, channels, 3, padding=1)
        self.drop = nn.Dropout(dropout)
        self.out = nn.Linear(channels, TEAMS)

    def forward(self, ids):
        h = F.relu(self.conv(self.drop(self.emb(ids)).transpose(1, 2))).amax(-1)
        return self.out(self.drop(h))


def check(net, x, y):
    net.eval()
    with torch.no_grad():
        out = net(x)
    return F.cross_entropy(out, y).item(), (out.argmax(1) == y).float().mean().item()


def main(epochs=30):  # cure: def main(epochs=4):
    torch.manual_seed(58)
    rng = random.Random(58)
    (x, y), (xv, yv) = tickets(900, rng), tickets(600, rng)
    net = Router()
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    for epoch in range(1, epochs + 1):
        net.train()
        total = 0.0
        for b in torch.randperm(len(x)).split(30):
            loss = F.cross_entropy(net(x[b]), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(b) / len(x)
        vl, acc = check(net, xv, yv)
        print(f"epoch {epoch:2d} train {total:.4f} valid {vl:.4f} acc {acc:.3f}")


main()
