"""Parity of a bit string with a GRU and a curriculum: strings get longer as it copes, so that the loss jumps up at times."""
import torch
from torch import nn


class Parity(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(1, 24, batch_first=True)
        self.fc = nn.Linear(24, 1)

    def forward(self, bits):
        return self.fc(self.gru(bits)[0][:, -1]).squeeze(1)


def batch(n, length):
    b = torch.randint(0, 2, (n, length))
    return (2.0 * b - 1).unsqueeze(-1), (b.sum(1) % 2).float()


torch.manual_seed(14)
model = Parity()
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
bce = nn.BCEWithLogitsLoss()
length, good, smooth = 2, 0, 0.7
for step in range(1, 801):
    x, y = batch(64, length)
    z = model(x)
    loss = bce(z, y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    smooth = 0.97 * smooth + 0.03 * loss.item()
    good = good + 1 if ((z > 0) == (y > 0.5)).float().mean() > 0.98 else 0
    if good >= 20 and length < 16:
        length, good = length + 1, 0
    if step % 50 == 0:
        with torch.no_grad():
            acc = [((model(a) > 0) == (b > 0.5)).float().mean().item() for a, b in (batch(400, n) for n in (4, 8, 16))]
        print(f"step {step:4d} length {length:2d} loss {smooth:.4f} accuracy on 4, 8, 16 bits: " + " ".join(f"{a:.2f}" for a in acc))
