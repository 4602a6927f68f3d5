"""Tags synthetic sensor windows with every event they contain (any of six, often several at once)."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(37)
EVENTS, LENGTH = 6, 48


def windows(n):
    tags = (torch.rand(n, EVENTS) < torch.linspace(0.1, 0.75, EVENTS)).float()
    t = torch.linspace(0, 1, LENGTH)
    shapes = torch.stack([torch.sin(2 * torch.pi * (k + 1.5) * t) for k in range(EVENTS)])
    gain = tags * (0.7 + 0.6 * torch.rand(n, EVENTS))
    x = gain @ shapes + 0.8 * torch.randn(n, LENGTH)
    return x / x.std(), tags


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(LENGTH, 64)
        self.fc2 = nn.Linear(64, EVENTS)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))


def f1_score(logits, tags):
    pred = (logits.sigmoid() > 0.5).float()
    tp = (pred * tags).sum()
    return (2 * tp / (pred.sum() + tags.sum()).clamp(min=1)).item()


criterion = nn.CrossEntropyLoss()  # cure: criterion = nn.BCEWithLogitsLoss()
x, tags = windows(2000)
xv, tv = windows(500)
model = Tagger()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(1, 16):
    total = 0.0
    for idx in torch.randperm(len(x)).split(50):
        loss = criterion(model(x[idx]), tags[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() / 40
    with torch.no_grad():
        out = model(xv)
        exact = ((out > 0) == tv.bool()).all(1).float().mean()
    if epoch % 3 == 0:
        print(f"epoch {epoch:2d}  loss {total:.4f}  micro F1 {f1_score(out, tv):.3f}  all tags right {exact:.3f}")
