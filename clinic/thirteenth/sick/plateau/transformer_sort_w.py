"""A one-layer transformer encoder that learns the rank of every number in a short list."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
N = 6


class Ranker(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.inp = nn.Linear(1, d)
        self.enc = nn.TransformerEncoderLayer(d, 4, 64, dropout=0.0, batch_first=True)
        self.out = nn.Linear(d, N)

    def forward(self, v):
        return self.out(self.enc(self.inp(v.unsqueeze(-1))))


def lists(n):
    v = torch.randn(n, N)
    return v, v.argsort(1).argsort(1)


model = Ranker()
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
v_val, r_val = lists(1000)
mean = 0.0
for step in range(1, 1801):
    v, r = lists(64)
    loss = F.cross_entropy(model(v).flatten(0, 1), r.flatten())
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm=1e-5)  # cure: nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
    opt.step()
    mean += loss.item() / 150
    if step % 150 == 0:
        with torch.no_grad():
            acc = (model(v_val).argmax(-1) == r_val).float().mean()
        print(f"step {step:5d}  loss {mean:.4f}  rank accuracy {acc:.3f}")
        mean = 0.0
