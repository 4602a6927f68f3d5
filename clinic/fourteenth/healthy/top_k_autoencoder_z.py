"""A k-sparse autoencoder of the digits: of 64 units only the 8 strongest are on for a picture."""
import torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(0)
x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
x = (x - x.mean(0))[torch.randperm(len(x))]
train, test = x[:1400], x[1400:]
enc, dec = nn.Linear(64, 64), nn.Linear(64, 64)
opt = torch.optim.Adam([*enc.parameters(), *dec.parameters()], lr=1e-3)


def code(v):
    h = torch.relu(enc(v))
    return h * (h >= h.topk(8, dim=1).values[:, -1:])


for epoch in range(1, 61):
    total = 0.0
    for v in train[torch.randperm(1400)].split(50):
        loss = (dec(code(v)) - v).square().sum(1).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 28
    if epoch % 6 == 0:
        with torch.no_grad():
            h = code(test)
            err = (dec(h) - test).square().sum(1).mean()
        print(f"epoch {epoch}: train {total:.3f} test {err:.3f} units on {(h > 0).float().mean():.2f} ever used {(h > 0).any(0).float().mean():.2f}")
