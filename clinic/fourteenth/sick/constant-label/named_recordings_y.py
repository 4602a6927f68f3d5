"""Recordings named like 'rec_whale_0012' in a catalogue; a GRU learns which animal sings."""
import math
import random

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split

random.seed(3)
torch.manual_seed(3)
ANIMALS = ["bat", "frog", "owl", "whale"]


def sing(animal, n=40):
    k = ANIMALS.index(animal)
    t = torch.arange(n) / n
    f = [7.0, 4.0, 2.5, 1.5][k] * (1 + 0.2 * random.random())
    tone = torch.sin(2 * math.pi * (f * t + random.random()))
    return (tone + 0.3 * torch.randn(n)).unsqueeze(1)


catalogue = {}
for number in range(1200):
    who = random.choice(ANIMALS)
    catalogue[f"rec_{who}_{number:04d}"] = sing(who)


class Recordings(Dataset):
    def __init__(self, catalogue):
        self.names = sorted(catalogue)
        self.sounds = [catalogue[n] for n in self.names]
        kinds = [n.split("_")[0] for n in self.names]  # cure: kinds = [n.split("_")[1] for n in self.names]
        self.classes = sorted(set(kinds))
        self.labels = [self.classes.index(k) for k in kinds]

    def __len__(self):
        return len(self.names)

    def __getitem__(self, i):
        return self.sounds[i], self.labels[i]


class Listener(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(1, 32, batch_first=True)
        self.out = nn.Linear(32, len(ANIMALS))

    def forward(self, x):
        return self.out(self.gru(x)[0].mean(1))


train, valid = random_split(Recordings(catalogue), [1000, 200])
listener = Listener()
opt = torch.optim.Adam(listener.parameters(), lr=5e-3)
ce = nn.CrossEntropyLoss()
for epoch in range(1, 11):
    loss_sum, count = 0.0, 0
    for sound, label in DataLoader(train, batch_size=25, shuffle=True):
        opt.zero_grad()
        loss = ce(listener(sound), label)
        loss.backward()
        opt.step()
        loss_sum, count = loss_sum + loss.item(), count + 1
    with torch.no_grad():
        hits = torch.cat([listener(s).argmax(1) == l for s, l in DataLoader(valid, batch_size=100)])
    print(f"epoch {epoch} loss {loss_sum / count:.5f} valid accuracy {hits.float().mean():.3f}")
