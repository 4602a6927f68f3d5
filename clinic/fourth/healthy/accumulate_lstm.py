"""Count the rising edges in a bit string (0..6) with an LSTMCell; gradients of 4 sequences-of-8 are accumulated per step."""
import torch
from torch import nn

torch.manual_seed(0)
T, PARTS = 13, 4


def sample(n):
    bits = (torch.rand(n, T) < 0.5).float()
    edges = ((bits[:, 1:] - bits[:, :-1]) > 0).sum(1)
    return bits * 2 - 1, edges


class Counter(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.cell = nn.LSTMCell(1, hidden)
        self.out = nn.Linear(hidden, 7)

    def forward(self, x):
        h = c = torch.zeros(len(x), self.cell.hidden_size)
        for t in range(x.shape[1]):
            h, c = self.cell(x[:, t:t + 1], (h, c))
        return self.out(h)


net = Counter()
opt = torch.optim.AdamW(net.parameters(), lr=1e-2, weight_decay=1e-4)
loss_fn = nn.CrossEntropyLoss()
xt, yt = sample(1000)
opt.zero_grad()
running = 0.0
for part in range(1, 1601):
    x, y = sample(8)
    loss = loss_fn(net(x), y) / PARTS
    loss.backward()
    running += loss.item()
    if part % PARTS == 0:
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        opt.zero_grad()
    if part % 160 == 0:
        with torch.no_grad():
            acc = (net(xt).argmax(1) == yt).float().mean().item()
        print(f"after {part // PARTS} updates: loss {running / 40:.4f}, accuracy {acc:.3f}")
        running = 0.0
