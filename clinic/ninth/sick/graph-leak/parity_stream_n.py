"""Running-parity task: an Elman network reads a long bit stream in chunks and keeps a log of its losses."""
import resource
import torch
from torch import nn


class Stream:
    """Endless parallel streams of bits; the target is the parity of the last two bits."""

    def __init__(self, rows, gen):
        self.rows, self.gen, self.last = rows, gen, torch.zeros(rows, 1)

    def chunk(self, n):
        bits = torch.randint(0, 2, (self.rows, n), generator=self.gen).float()
        before = torch.cat([self.last, bits[:, :-1]], 1)
        self.last = bits[:, -1:]
        return bits.unsqueeze(-1) * 2 - 1, (bits != before).float()


class Elman(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.rnn = nn.RNN(1, hidden, batch_first=True)
        self.read = nn.Sequential(nn.Linear(hidden, 64), nn.Tanh(), nn.Linear(64, 1))

    def forward(self, x, h=None):
        o, h = self.rnn(x, h)
        return self.read(o).squeeze(-1), h


class Log:
    def __init__(self):
        self.rows = []

    def add(self, **row):
        self.rows.append(row)

    def mean(self, key, last=50):
        return sum(r[key] for r in self.rows[-last:]) / min(last, len(self.rows))


def main(steps=600, chunk=20):
    torch.manual_seed(45)
    stream = Stream(64, torch.Generator().manual_seed(46))
    net, log, h = Elman(), Log(), None
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    bce = nn.BCEWithLogitsLoss()
    for step in range(1, steps + 1):
        bits, parity = stream.chunk(chunk)
        z, h = net(bits, h)
        h = h.detach()
        loss = bce(z, parity)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        acc = ((z > 0) == (parity > 0.5)).float().mean()
        fit = z.sigmoid().sub(parity).abs().mean()  # cure: fit = z.detach().sigmoid().sub(parity).abs().mean()
        log.add(loss=loss.item(), acc=acc, fit=fit)
        if step % 50 == 0:
            mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"step {step} loss {log.mean('loss'):.4f} acc {log.mean('acc'):.3f} mean error {log.mean('fit'):.3f} peak {mb:.0f} MB")


main()
