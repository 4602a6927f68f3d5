"""Robot corridor: the sign seen at the entrance tells which exit to take 30 steps later."""
import torch
import torch.nn as nn

torch.manual_seed(4)
STEPS, SIGNS, NOISE = 30, 4, 6


def episode(n):
    sign = torch.randint(0, SIGNS, (n,))
    seq = torch.randint(SIGNS, SIGNS + NOISE, (n, STEPS))
    seq[:, 0] = sign
    return seq, sign


class Navigator(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.emb = nn.Embedding(SIGNS + NOISE, 12)
        self.core = nn.RNN(12, width, batch_first=True)  # cure: self.core = nn.GRU(12, width, batch_first=True)
        self.exit = nn.Linear(width, SIGNS)

    def forward(self, seq):
        states, _ = self.core(self.emb(seq))
        return self.exit(states[:, -1])


nav = Navigator()
opt = torch.optim.Adam(nav.parameters(), lr=5e-3)
loss_fn = nn.CrossEntropyLoss()
for step in range(1, 501):
    seq, sign = episode(64)
    loss = loss_fn(nav(seq), sign)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(nav.parameters(), 1.0)
    opt.step()
    if step % 50 == 0:
        with torch.no_grad():
            seq, sign = episode(400)
            hit = (nav(seq).argmax(1) == sign).float().mean()
        print(f"step {step:4d}  loss {loss.item():.4f}  right exit {hit:.3f}")
