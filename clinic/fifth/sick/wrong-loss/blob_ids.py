"""Which of seven clusters does a 5-D point belong to? A small network with the cluster id as its target."""
import numpy as np
import torch
from torch import nn
from sklearn.datasets import make_blobs

torch.manual_seed(0)
pts, ids = make_blobs(2800, n_features=5, centers=7, cluster_std=1.6, random_state=8)
pts = (pts - pts.mean(0)) / pts.std(0)
pts, ids = torch.as_tensor(pts, dtype=torch.float32), torch.as_tensor(ids)
train, test = torch.arange(0, 2100), torch.arange(2100, 2800)


def net(n_out):
    return nn.Sequential(nn.Linear(5, 12), nn.ReLU(), nn.Linear(12, n_out))


model = net(1)  # cure: model = net(7)
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)


def loss_of(out, cluster):
    return nn.functional.mse_loss(out.squeeze(1), cluster.float())  # cure: return nn.functional.cross_entropy(out, cluster)


def decide(out):
    return out.squeeze(1).round().clamp(0, 6).long()  # cure: return out.argmax(1)


for epoch in range(1, 26):
    losses = []
    for b in train[torch.randperm(len(train))].split(64):
        loss = loss_of(model(pts[b]), ids[b])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    if epoch % 5 == 0:
        with torch.no_grad():
            right = (decide(model(pts[test])) == ids[test]).float().mean().item()
        print(f"epoch {epoch}  loss {np.mean(losses):.4f}  correct {right:.3f}")
