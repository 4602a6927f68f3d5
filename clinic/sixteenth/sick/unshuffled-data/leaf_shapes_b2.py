"""Classify outlines of leaves (radius as a function of the angle); five simulated species."""
import math

import torch
from torch import nn


def leaves(species, count):
    angle = torch.linspace(0, 2 * math.pi, 41)[:-1]
    lobes = torch.tensor([2, 3, 4, 5, 6])[species]
    turn = torch.rand(count, 1) * 2 * math.pi
    depth = 0.2 + 0.2 * torch.rand(count, 1)
    radius = 1 + depth * torch.cos(lobes * (angle + turn)) + 0.12 * torch.randn(count, 40)
    return (radius - 1) / 0.25


def herbarium(per_species):
    shapes = torch.cat([leaves(s, per_species) for s in range(5)])
    names = torch.arange(5).repeat_interleave(per_species)
    return shapes.unsqueeze(1), names


torch.manual_seed(55)
train_x, train_y = herbarium(500)
test_x, test_y = herbarium(120)
cnn = nn.Sequential(nn.Conv1d(1, 16, 7, padding=3, padding_mode="circular"), nn.ReLU(), nn.Conv1d(16, 24, 7, padding=3, padding_mode="circular"),
                    nn.ReLU(), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(24, 5))
opt = torch.optim.Adam(cnn.parameters(), lr=4e-3)
batch_size = 50
for epoch in range(12):
    cnn.train()
    loss_sum = 0.0
    order = torch.arange(len(train_x))  # cure: order = torch.randperm(len(train_x))
    for i in range(0, len(order), batch_size):
        pick = order[i:i + batch_size]
        loss = nn.functional.cross_entropy(cnn(train_x[pick]), train_y[pick])
        opt.zero_grad()
        loss.backward()
        opt.step()
        loss_sum += loss.item()
    cnn.eval()
    with torch.no_grad():
        out = cnn(test_x)
    per_class = [f"{(out.argmax(1) == s)[test_y == s].float().mean():.2f}" for s in range(5)]
    print(f"epoch {epoch:2d} loss {loss_sum / (len(order) / batch_size):.4f} test loss {nn.functional.cross_entropy(out, test_y):.4f} "
          f"accuracy {(out.argmax(1) == test_y).float().mean():.3f} by species {' '.join(per_class)}")
