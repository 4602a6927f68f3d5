"""Route support tickets to one of four teams with a one-layer transformer over word ids."""
import random

import torch
from torch import nn

WORDS = {
    "billing": "invoice refund charge receipt tax discount",
    "network": "router latency packet wifi outage cable",
    "account": "password login reset email profile locked",
    "hardware": "screen battery keyboard fan charger dock",
}
COMMON = "the my is please help with a again since today not working and for your team thanks hello urgent".split()
TEAMS = list(WORDS)
VOCAB = {w: i + 1 for i, w in enumerate(COMMON + " ".join(WORDS.values()).split())}
LENGTH = 14


def ticket(rnd):
    team = rnd.randrange(4)
    other = rnd.choice([t for t in range(4) if t != team])
    words = rnd.choices(COMMON, k=rnd.randint(5, 9))
    words += rnd.choices(WORDS[TEAMS[team]].split(), k=3) + rnd.choices(WORDS[TEAMS[other]].split(), k=1)
    rnd.shuffle(words)
    ids = [VOCAB[w] for w in words]
    return ids + [0] * (LENGTH - len(ids)), team


class Router(nn.Module):
    def __init__(self, dim=48):
        super().__init__()
        self.embed = nn.Embedding(len(VOCAB) + 1, dim, padding_idx=0)
        self.position = nn.Parameter(0.02 * torch.randn(LENGTH, dim))
        layer = nn.TransformerEncoderLayer(dim, 4, 2 * dim, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.out = nn.Linear(dim, len(TEAMS))

    def forward(self, ids):
        pad = ids == 0
        h = self.encoder(self.embed(ids) + self.position, src_key_padding_mask=pad)
        keep = (~pad).unsqueeze(-1).float()
        return self.out((h * keep).sum(1) / keep.sum(1))


def tensors(n, seed):
    rnd = random.Random(seed)
    ids, teams = zip(*(ticket(rnd) for _ in range(n)))
    return torch.tensor(ids), torch.tensor(teams)


def main():
    torch.manual_seed(2)
    x, y = tensors(1600, 0)
    xv, yv = tensors(400, 1)
    model = Router()
    opt = torch.optim.Adam(model.parameters(), lr=0.1)  # cure: opt = torch.optim.Adam(model.parameters(), lr=0.001)
    for epoch in range(8):
        model.train()
        total = 0.0
        for idx in torch.randperm(len(x)).split(32):
            loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        model.eval()
        with torch.no_grad():
            acc = (model(xv).argmax(1) == yv).float().mean()
        print(f"epoch {epoch}: loss {total / len(x):.3f}, accuracy {acc:.3f}")


main()
