"""Gives every digit picture a code of twelve nearly binary values from which the picture and its class can be read."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class Hasher(nn.Module):
    def __init__(self, bits=12, steepness=200.0):  # cure: def __init__(self, bits=12, steepness=1.0):
        super().__init__()
        self.steepness = steepness
        self.encode = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, bits))
        self.decode = nn.Sequential(nn.Linear(bits, 64), nn.ReLU(), nn.Linear(64, 64))
        self.classify = nn.Linear(bits, 10)

    def forward(self, x):
        code = torch.tanh(self.steepness * self.encode(x))
        return self.decode(code), self.classify(code)


torch.manual_seed(109)
pictures, labels = load_digits(return_X_y=True)
pictures = torch.tensor(pictures, dtype=torch.float32) / 8 - 1
labels = torch.tensor(labels)
shuffled = torch.randperm(len(labels))
train, test = shuffled[:1400], shuffled[1400:]
hasher = Hasher()
optimizer = torch.optim.RMSprop(hasher.parameters(), lr=5e-4)

for epoch in range(1, 21):
    for rows in train[torch.randperm(1400)].split(50):
        picture, scores = hasher(pictures[rows])
        loss = F.mse_loss(picture, pictures[rows]) + 0.2 * F.cross_entropy(scores, labels[rows], label_smoothing=0.05)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 2 == 0:
        with torch.no_grad():
            picture, scores = hasher(pictures[test])
        print(
            f"epoch {epoch:2d}  loss {loss.item():.3f}  test picture {F.mse_loss(picture, pictures[test]).item():.3f}  "
            f"test class {(scores.argmax(1) == labels[test]).float().mean().item():.3f}"
        )
