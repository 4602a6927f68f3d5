"""Tree-like recursion on sentences one at a time, gradients accumulated over 32 of them before a step."""
import random
import torch
from torch import nn

rng = random.Random(0)
torch.manual_seed(0)


def expr(depth):
    if depth == 0 or rng.random() < 0.2:
        return rng.randint(0, 1)
    return (rng.choice(["and", "or"]), expr(depth - 1), expr(depth - 1))


def value(e):
    if isinstance(e, int):
        return e
    a, b = value(e[1]), value(e[2])
    return a & b if e[0] == "and" else a | b


class TreeNet(nn.Module):
    def __init__(self, d=12):
        super().__init__()
        self.leaf = nn.Embedding(2, d)
        self.join = nn.ModuleDict({k: nn.Linear(2 * d, d) for k in ("and", "or")})
        self.top = nn.Linear(d, 1)

    def encode(self, e):
        if isinstance(e, int):
            return self.leaf.weight[e]
        return torch.tanh(self.join[e[0]](torch.cat([self.encode(e[1]), self.encode(e[2])])))

    def forward(self, e):
        return self.top(self.encode(e)).squeeze(0)


net, ACC = TreeNet(), 32
opt = torch.optim.Adam(net.parameters(), lr=0.01)
held = [expr(4) for _ in range(200)]
running = 0.0
opt.zero_grad()
for i in range(1, 1921):
    e = expr(3)
    loss = nn.functional.binary_cross_entropy_with_logits(net(e), torch.tensor(float(value(e))))
    (loss / ACC).backward()
    running += loss.item()
    if i % ACC == 0:
        opt.step()
        opt.zero_grad()
    if i % 192 == 0:
        with torch.no_grad():
            acc = sum((net(h).item() > 0) == bool(value(h)) for h in held) / 200
        print(f"{i:5d} sentences: loss {running / 192:.4f}, deeper expressions right {acc:.3f}")
        running = 0.0
