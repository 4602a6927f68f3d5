"""Has the bit string an odd number of ones? A GRU reads the bits one after the other."""
import torch
import torch.nn as nn

torch.manual_seed(0)
BITS = 24


def strings(n):
    bits = torch.randint(0, 2, (n, BITS))
    return bits.float().unsqueeze(-1) * 2 - 1, (bits.cumsum(1) % 2).float()


class Parity(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.rnn = nn.GRU(1, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        states, _ = self.rnn(x)
        return self.out(states).squeeze(-1)


net = Parity()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
bce = nn.BCEWithLogitsLoss()
test_x, test_odd = strings(1000)
for it in range(1, 401):
    x, odd = strings(64)
    logits = net(x)
    loss = bce(logits[:, -1], odd[:, -1])  # cure: loss = bce(logits, odd)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if it % 50 == 0:
        with torch.no_grad():
            right = ((net(test_x)[:, -1] > 0).float() == test_odd[:, -1]).float().mean().item()
        print(f"iteration {it}: loss {loss.item():.4f}, whole strings right {right:.3f}")
