"""Adding up the digits of a sequence modulo 5 is learnt with a curriculum: lengths 2, 4, 6 and 8. The loss jumps at each new stage, as it must."""
import torch
import torch.nn as nn

torch.manual_seed(25)


def batch(n, longest):
    length = torch.randint(1, longest + 1, (n,))
    digits = torch.randint(0, 5, (n, longest))
    mask = torch.arange(longest)[None] < length[:, None]
    return torch.where(mask, digits, torch.full_like(digits, 5)), (digits * mask).sum(1) % 5


class Adder(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.emb = nn.Embedding(6, 16)
        self.gru = nn.GRU(16, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 5)

    def forward(self, s):
        return self.out(self.gru(self.emb(s))[0][:, -1])


net = Adder()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
ce = nn.CrossEntropyLoss()
for longest, steps in ((2, 300), (4, 700), (6, 700), (8, 900)):
    losses = []
    for step in range(1, steps + 1):
        s, t = batch(128, longest)
        loss = ce(net(s), t)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        losses.append(loss.item())
        if step % 100 == 0:
            with torch.no_grad():
                s, t = batch(1000, 8)
                acc = (net(s).argmax(1) == t).float().mean().item()
            print(f"up to {longest} digits, step {step}: loss {sum(losses[-100:]) / 100:.4f}, accuracy on up to 8 digits {acc:.3f}")
