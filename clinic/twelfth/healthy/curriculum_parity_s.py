"""Running parity of a bit string with a GRU; strings get longer as soon as the present length is mastered."""
import torch
import torch.nn as nn


class Parity(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 1)

    def forward(self, bits):
        out, _ = self.gru(bits.unsqueeze(-1) * 2 - 1)
        return self.head(out).squeeze(-1)


def strings(n, length):
    bits = torch.randint(0, 2, (n, length)).float()
    return bits, bits.cumsum(1) % 2


def accuracy(net, length):
    with torch.no_grad():
        bits, parity = strings(300, length)
        return ((net(bits) > 0).float() == parity)[:, -1].float().mean().item()


torch.manual_seed(1)
lengths, level = [2, 4, 8, 12, 16, 20], 0
net = Parity()
opt = torch.optim.Adam(net.parameters(), lr=8e-3)
loss_fn = nn.BCEWithLogitsLoss()
recent = []
for step in range(1, 901):
    bits, parity = strings(48, lengths[level])
    loss = loss_fn(net(bits), parity)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    recent.append(loss.item())
    if step % 60 == 0:
        print(f"step {step}: length {lengths[level]}, loss {sum(recent) / len(recent):.4f}, "
              f"accuracy here {accuracy(net, lengths[level]):.3f}, at length 20 {accuracy(net, 20):.3f}")
        recent = []
    if len(recent) >= 20 and sum(recent[-20:]) / 20 < 0.1 and level + 1 < len(lengths):
        level += 1
        print(f"  -> length {lengths[level]} from step {step + 1}")
