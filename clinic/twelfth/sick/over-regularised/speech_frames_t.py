"""Phone classification from simulated filter-bank frames with context (feed-forward acoustic model)."""
import math

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

HPARAMS = {
    "bands": 20,
    "context": 5,
    "phones": 8,
    "hidden": 96,
    "keep_prob": 0.9,
    "lr": 1e-3,
    "epochs": 8,
}


def frames(n, gen, hp):
    phone = torch.randint(0, hp["phones"], (n,), generator=gen)
    band = torch.arange(hp["bands"], dtype=torch.float32)
    f1 = 2 + (phone % 4) * 2.6 + 0.9 * torch.randn(n, generator=gen)
    f2 = 11 + (phone // 4) * 4.0 + 1.2 * torch.randn(n, generator=gen)
    glide = torch.linspace(-1, 1, hp["context"]) * (phone % 3 - 1)[:, None]
    env = torch.exp(-(band - (f1[:, None] + glide)[..., None]) ** 2 / 3) \
        + 0.8 * torch.exp(-(band - (f2[:, None] - glide)[..., None]) ** 2 / 4)
    x = env * 2 + 0.8 * torch.randn(env.shape, generator=gen)
    return TensorDataset(((x - 0.5) / 1.05).flatten(1), phone)


class AcousticModel(nn.Module):
    def __init__(self, hp):
        super().__init__()
        n_in = hp["bands"] * hp["context"]
        p = hp["keep_prob"]  # cure: p = 1 - hp["keep_prob"]
        self.stack = nn.Sequential(
            nn.Linear(n_in, hp["hidden"]), nn.ReLU(), nn.Dropout(p),
            nn.Linear(hp["hidden"], hp["hidden"]), nn.ReLU(), nn.Dropout(p),
            nn.Linear(hp["hidden"], hp["phones"]))

    def forward(self, x):
        return self.stack(x)


def frame_accuracy(model, loader):
    model.eval()
    with torch.no_grad():
        hits = sum((model(x).argmax(1) == y).sum().item() for x, y in loader)
    return hits / len(loader.dataset)


def train(hp):
    torch.manual_seed(88)
    gen = torch.Generator().manual_seed(88)
    train_dl = DataLoader(frames(3000, gen, hp), batch_size=64, shuffle=True)
    dev_dl = DataLoader(frames(800, gen, hp), batch_size=400)
    model = AcousticModel(hp)
    opt = torch.optim.Adam(model.parameters(), lr=hp["lr"])
    chance = math.log(hp["phones"])
    for epoch in range(1, hp["epochs"] + 1):
        model.train()
        total = 0.0
        for x, y in train_dl:
            loss = nn.functional.cross_entropy(model(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(y)
        print(f"epoch {epoch:2d}  loss {total / 3000:.3f} (chance {chance:.3f})  dev frame accuracy {frame_accuracy(model, dev_dl):.3f}")


train(HPARAMS)
