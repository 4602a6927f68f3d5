"""Contrastive embedding of two sensor views of the same event; judged by how often a view finds its partner."""
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(27)
EVENTS, LATENT = 5000, 6
event = torch.randn(EVENTS, LATENT)
left = torch.tanh(event @ torch.randn(LATENT, 20)) + 0.1 * torch.randn(EVENTS, 20)
right = torch.tanh(event @ torch.randn(LATENT, 24)) + 0.1 * torch.randn(EVENTS, 24)
left, right = [(v - v.mean(0)) / v.std(0) for v in (left, right)]


class Tower(nn.Module):
    def __init__(self, inputs, width=64, out=16):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, out))

    def forward(self, x):
        return F.normalize(self.net(x), dim=1)


def contrast(a, b, temperature):
    scores = a @ b.T * temperature  # cure: scores = a @ b.T / temperature
    partner = torch.arange(len(a))
    return 0.5 * (F.cross_entropy(scores, partner) + F.cross_entropy(scores.T, partner))


eye, ear = Tower(20), Tower(24)
optimizer = torch.optim.Adam([*eye.parameters(), *ear.parameters()], lr=1e-3)
train, test = torch.arange(4500), torch.arange(4500, 5000)
for epoch in range(1, 31):
    total, count = 0.0, 0
    for chosen in train[torch.randperm(len(train))].split(100):
        loss = contrast(eye(left[chosen]), ear(right[chosen]), 0.1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total, count = total + loss.item(), count + 1
    if epoch % 3 == 0:
        with torch.no_grad():
            match = (eye(left[test]) @ ear(right[test]).T).argmax(1)
        hits = (match == torch.arange(len(test))).float().mean().item()
        print(f"epoch {epoch:2d}  loss {total / count:.4f}  partner found among 500: {hits:.3f}")
