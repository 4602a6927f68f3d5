"""Word vectors from co-occurring pairs, centred on a running mean so that the frequent direction drops out."""
import time
import torch
from torch import nn

torch.manual_seed(52)
TOPICS, PER, DIM = 8, 25, 24
VOCAB = TOPICS * PER


def pairs(n):
    """Half of the pairs come from one topic (label 1), half are picked at random from two (label 0)."""
    y = torch.randint(0, 2, (n,))
    ta = torch.randint(0, TOPICS, (n,))
    tb = torch.where(y == 1, ta, (ta + torch.randint(1, TOPICS, (n,))) % TOPICS)
    pick = lambda t: t * PER + torch.randint(0, PER, (n,))
    return pick(ta), pick(tb), y.float()


class CentredVectors(nn.Module):
    def __init__(self):
        super().__init__()
        self.vec = nn.Embedding(VOCAB, DIM)
        nn.init.normal_(self.vec.weight, std=0.3)
        self.bias = nn.Parameter(torch.zeros(()))
        self.centre = torch.zeros(DIM)

    def forward(self, a, b):
        va, vb = self.vec(a), self.vec(b)
        if self.training:
            batch_mean = torch.cat([va, vb]).mean(0)
            self.centre = 0.95 * self.centre + 0.05 * batch_mean  # cure: self.centre = 0.95 * self.centre + 0.05 * batch_mean.detach()
        return ((va - self.centre) * (vb - self.centre)).sum(1) + self.bias


model = CentredVectors()
opt = torch.optim.Adam(model.parameters(), lr=2e-2)
bce = nn.BCEWithLogitsLoss()
va, vb, vy = pairs(2000)
start, total = time.time(), 0.0
for step in range(1, 321):
    model.train()
    a, b, y = pairs(128)
    loss = bce(model(a, b), y)
    opt.zero_grad()
    loss.backward(retain_graph=True)
    opt.step()
    total += loss.item()
    if step % 40 == 0:
        model.eval()
        with torch.no_grad():
            z = model(va, vb)
        took = (time.time() - start) * 1000 / 40
        print(f"step {step}: loss {total / 40:.4f}, pairs told apart {((z > 0) == (vy > 0)).float().mean():.3f}, {took:.1f} ms per step")
        start, total = time.time(), 0.0
