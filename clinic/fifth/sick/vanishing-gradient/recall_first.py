"""Delayed recall: the network reads a symbol, then 35 steps of filler, and must name the symbol at the end."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
N_SYM, N_FILL, T = 4, 4, 36


def make_batch(n):
    first = torch.randint(0, N_SYM, (n, 1))
    filler = torch.randint(N_SYM, N_SYM + N_FILL, (n, T - 1))
    return torch.cat([first, filler], 1), first[:, 0]


class LeakyRecaller(nn.Module):
    def __init__(self, hidden=48, leak=0.8):  # cure: def __init__(self, hidden=48, leak=0.05):
        super().__init__()
        self.leak = leak
        self.emb = nn.Embedding(N_SYM + N_FILL, hidden)
        self.rec = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, N_SYM)

    def forward(self, tokens):
        h = torch.zeros(len(tokens), self.rec.in_features)
        for e in self.emb(tokens).unbind(1):
            h = (1 - self.leak) * h + self.leak * torch.tanh(self.rec(h) + e)
        return self.out(h)


model = LeakyRecaller()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
held_x, held_y = make_batch(500)
running = 0.0
for step in range(1, 401):
    x, y = make_batch(64)
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    running += loss.item()
    if step % 40 == 0:
        with torch.no_grad():
            acc = (model(held_x).argmax(-1) == held_y).float().mean()
        print(f"step {step}: loss {running / 40:.4f}, held-out accuracy {acc:.3f}")
        running = 0.0
