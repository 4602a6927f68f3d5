"""Iris species by a little network; the species column of our csv says 1, 2, 3."""
import io
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_iris


def csv_export():
    d = load_iris()
    table = np.column_stack([d.data, d.target + 1])
    buf = io.StringIO()
    np.savetxt(buf, table, delimiter=",", fmt="%.1f")
    buf.seek(0)
    return buf


def one_hot(labels, n_classes):
    return (labels[:, None] == torch.arange(n_classes)).float()


def soft_cross_entropy(logits, target):
    return -(target * torch.log_softmax(logits, dim=1)).sum(1).mean()


torch.manual_seed(4)
table = np.loadtxt(csv_export(), delimiter=",")
np.random.default_rng(4).shuffle(table)
features = table[:, :4].astype(np.float32)
species = torch.from_numpy(table[:, 4]).long()  # cure: species = torch.from_numpy(table[:, 4]).long() - 1
features = torch.from_numpy((features - features[:110].mean(0)) / features[:110].std(0))
targets = one_hot(species, 3)

net = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-3)
for step in range(60):
    epoch_loss = 0.0
    for idx in torch.randperm(110).split(11):
        opt.zero_grad()
        loss = soft_cross_entropy(net(features[idx]), targets[idx])
        loss.backward()
        opt.step()
        epoch_loss += loss.item() / 10
    if step % 6 == 5:
        with torch.no_grad():
            guess = net(features[110:]).argmax(1)
        print(f"epoch {step + 1}: loss {epoch_loss:.4f}, accuracy on held-out {np.mean((guess == species[110:]).numpy()):.3f}")
