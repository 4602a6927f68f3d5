"""Rank songs for listeners with matrix factorisation and Bayesian personalised ranking on implicit plays."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

N_USERS, N_SONGS = 300, 200


class Plays(Dataset):
    def __init__(self, users, songs, played):
        self.users, self.songs, self.played = users, songs, played

    def __len__(self):
        return len(self.users)

    def __getitem__(self, k):
        u = self.users[k]
        while True:
            neg = np.random.randint(N_SONGS)
            if not self.played[u, neg]:
                return u, self.songs[k], neg


class BPR(nn.Module):
    def __init__(self, dim=12):
        super().__init__()
        self.user = nn.Embedding(N_USERS, dim)
        self.song = nn.Embedding(N_SONGS, dim)
        self.pop = nn.Embedding(N_SONGS, 1)
        nn.init.normal_(self.user.weight, std=0.1)
        nn.init.normal_(self.song.weight, std=0.1)
        nn.init.zeros_(self.pop.weight)

    def forward(self, u, s):
        return (self.user(u) * self.song(s)).sum(-1) + self.pop(s).squeeze(-1)


def bpr_loss(pos, neg):
    return nn.functional.logsigmoid(pos - neg).mean()  # cure: return -nn.functional.logsigmoid(pos - neg).mean()


@torch.no_grad()
def auc(model, users, songs, played):
    every = torch.arange(N_SONGS)
    hits = []
    for u, s in zip(users, songs):
        scores = model(torch.full((N_SONGS,), int(u)), every).numpy()
        hits.append((scores[s] > scores[~played[u]]).mean())
    return float(np.mean(hits))


def main():
    np.random.seed(9)
    torch.manual_seed(9)
    taste, style = np.random.randn(N_USERS, 4), np.random.randn(N_SONGS, 4)
    score = taste @ style.T + np.random.gumbel(size=(N_USERS, N_SONGS))
    likes = np.argsort(-score, axis=1)[:, :30]
    users = np.repeat(np.arange(N_USERS), 30)
    songs = likes.ravel()
    played = np.zeros((N_USERS, N_SONGS), dtype=bool)
    played[users, songs] = True
    held = np.random.rand(len(users)) < 0.1
    loader = DataLoader(Plays(users[~held], songs[~held], played), batch_size=128, shuffle=True)
    model = BPR()
    opt = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=0.05)
    for epoch in range(10):
        total = 0.0
        for u, pos, neg in loader:
            loss = bpr_loss(model(u, pos), model(u, neg))
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item()
        print(f"epoch {epoch}: loss {total / len(loader):.4f}  held-out AUC {auc(model, users[held], songs[held], played):.3f}")


if __name__ == "__main__":
    main()
