"""A small transformer encoder labels every element of a list with its rank in the sorted list."""
import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.03)  # cure: parser.add_argument("--lr", type=float, default=0.001)
parser.add_argument("--steps", type=int, default=500)
parser.add_argument("--length", type=int, default=8)
args = parser.parse_args()
torch.manual_seed(7)


class Ranker(nn.Module):
    def __init__(self, length, width=32):
        super().__init__()
        self.lift = nn.Linear(1, width)
        layer = nn.TransformerEncoderLayer(width, nhead=4, dim_feedforward=64, dropout=0.0, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=2)
        self.out = nn.Linear(width, length)

    def forward(self, values):
        return self.out(self.encoder(self.lift(values.unsqueeze(-1))))


def batch(size):
    values = torch.randn(size, args.length)
    return values, values.argsort(1).argsort(1)


model = Ranker(args.length)
optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
valid_x, valid_y = batch(500)
for step in range(1, args.steps + 1):
    x, y = batch(64)
    loss = nn.functional.cross_entropy(model(x).flatten(0, 1), y.flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        model.eval()
        with torch.no_grad():
            logits = model(valid_x)
            valid = nn.functional.cross_entropy(logits.flatten(0, 1), valid_y.flatten())
            accuracy = (logits.argmax(-1) == valid_y).float().mean()
        model.train()
        print(f"step {step:4d}  loss {loss.item():.4f}  valid {valid.item():.4f}  ranks right {accuracy.item():.3f}")
