"""Where is the largest number? A pointer network on lists that get longer and closer as the lessons go on."""
import torch
from torch import nn

torch.manual_seed(12)
LESSONS = [(3, 1.0), (6, 0.8), (12, 0.6), (20, 0.4)]


class Pointer(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.inp = nn.Linear(1, dim)
        self.gru = nn.GRU(dim, dim, batch_first=True, bidirectional=True)
        self.query = nn.Linear(2 * dim, 2 * dim)
        self.key = nn.Linear(2 * dim, 2 * dim)

    def forward(self, x):
        h, last = self.gru(torch.relu(self.inp(x.unsqueeze(-1))))
        q = self.query(torch.cat([last[0], last[1]], -1))
        return (self.key(h) @ q.unsqueeze(-1)).squeeze(-1) / q.size(-1) ** 0.5


def lesson(n, length, spread):
    x = spread * torch.randn(n, length)
    return x, x.argmax(1)


def exam(model):
    with torch.no_grad():
        return [(model(x).argmax(1) == y).float().mean().item() for x, y in (lesson(500, *l) for l in LESSONS)]


model = Pointer()
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
for number, (length, spread) in enumerate(LESSONS):
    for g in opt.param_groups:
        g["lr"] = 4e-3 * 0.8 ** number
    window = 0.0
    for step in range(1, 91):
        x, y = lesson(48, length, spread)
        loss = nn.functional.cross_entropy(model(x), y)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        window += loss.item()
        if step % 30 == 0:
            print(f"lesson {number} (length {length:2d}) step {step:3d} loss {window / 30:.4f}")
            window = 0.0
    print("  exam on lengths 3/6/12/20:", " ".join(f"{a:.3f}" for a in exam(model)))
