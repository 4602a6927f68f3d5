"""A recurrent network reads arithmetic on a clock: digits are added modulo five."""
import argparse

import torch
import torch.nn as nn


class Clock(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.emb = nn.Embedding(5, 8)
        self.rnn = nn.GRU(8, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 5)

    def forward(self, d):
        h, _ = self.rnn(self.emb(d))
        return self.fc(h)


def batch(n, length=5):
    d = torch.randint(0, 5, (n, length))
    return d, d.cumsum(1) % 5


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden", type=int, default=2)  # cure: parser.add_argument("--hidden", type=int, default=24)
    parser.add_argument("--steps", type=int, default=1200)
    cfg = parser.parse_args()
    torch.manual_seed(23)
    net = Clock(cfg.hidden)
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    dv, tv = batch(500)
    mean = 0.0
    for step in range(1, cfg.steps + 1):
        d, t = batch(64)
        loss = nn.functional.cross_entropy(net(d).flatten(0, 1), t.flatten())
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        mean += loss.item() / 120
        if step % 120 == 0:
            with torch.no_grad():
                acc = (net(dv).argmax(-1) == tv).float().mean(0)
            print(f"step {step} loss {mean:.3f} accuracy by position " + " ".join(f"{a:.2f}" for a in acc))
            mean = 0.0
