"""Learn an embedding of digits with batch-hard triplets; score it with the nearest class centre."""
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(0)
data = load_digits()
x = torch.tensor(data.images, dtype=torch.float32).unsqueeze(1) / 16 - 0.3
y = torch.tensor(data.target)
perm = torch.randperm(len(x))
tr, va = perm[:1300], perm[1300:]

encoder = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.Flatten(),
    nn.Linear(512, 16))


def distances(e):
    sq = ((e[:, None] - e[None]) ** 2).sum(-1)
    return sq.sqrt()  # cure: return (sq + 1e-8).sqrt()


def batch_hard(e, labels, margin=1.0):
    d = distances(e)
    same = labels[:, None] == labels[None]
    pos = (d * same).max(1).values
    neg = (d + 1e4 * same).min(1).values
    return (pos - neg + margin).clamp(min=0).mean()


@torch.no_grad()
def centre_accuracy():
    e, ev = encoder(x[tr]), encoder(x[va])
    centres = torch.stack([e[y[tr] == k].mean(0) for k in range(10)])
    return (torch.cdist(ev, centres).argmin(1) == y[va]).float().mean().item()


opt = torch.optim.Adam(encoder.parameters(), lr=1e-3)
print("before training:", round(centre_accuracy(), 3))
for epoch in range(10):
    losses = []
    for idx in tr[torch.randperm(len(tr))].split(100):
        loss = batch_hard(encoder(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    print(f"epoch {epoch} triplet loss {sum(losses) / len(losses):.4f} centre accuracy {centre_accuracy():.3f}")
