"""Recognise one of three noisy gestures (accelerometer traces) with a GRU and strong dropout: few recordings."""
import argparse
import math
import torch
import torch.nn as nn

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=80)
parser.add_argument("--lr", type=float, default=2e-3)
parser.add_argument("--seed", type=int, default=5)
args = parser.parse_args()
torch.manual_seed(args.seed)


def record(n):
    kind = torch.randint(0, 3, (n,))
    t = torch.linspace(0, 1, 24)
    freq = torch.tensor([1.0, 1.5, 2.0])[kind][:, None]
    phase = torch.rand(n, 1) * 2
    wave = torch.stack([torch.sin(2 * math.pi * freq * t + phase), torch.cos(2 * math.pi * freq * t + phase),
                        torch.zeros(n, 24)], 2)
    return wave + 0.9 * torch.randn_like(wave), kind


class Gesture(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.drop_in = nn.Dropout(0.4)
        self.gru = nn.GRU(3, width, batch_first=True)
        self.drop = nn.Dropout(0.6)
        self.head = nn.Linear(width, 3)

    def forward(self, x):
        out, _ = self.gru(self.drop_in(x))
        return self.head(self.drop(out.mean(1)))


def validate(model, x, y):
    model.eval()
    with torch.no_grad():
        out = model(x)
    return nn.functional.cross_entropy(out, y).item(), (out.argmax(1) == y).float().mean().item()


xt, yt = record(160)
xv, yv = record(400)
scale = xt.std()
xt, xv = xt / scale, xv / scale
model = Gesture()
optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr, weight_decay=0.05)
model.train()
for epoch in range(args.epochs):
    # cure: model.train()
    running = 0.0
    for idx in torch.randperm(len(xt)).split(32):
        loss = nn.functional.cross_entropy(model(xt[idx]), yt[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item() * len(idx) / len(xt)
    v, acc = validate(model, xv, yv)
    if epoch % 5 == 4:
        print(f"{epoch + 1:3d} | train {running:.3f} | valid {v:.3f} | acc {acc:.3f}")
