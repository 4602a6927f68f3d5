"""Two-layer transformer encoder that counts: which of four letters occurs most often in a 16-letter word?"""
import argparse
import torch
from torch import nn
import torch.nn.functional as F

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--lr", type=float, default=2e-1)  # cure: parser.add_argument("--lr", type=float, default=2e-3)
parser.add_argument("--dim", type=int, default=32)
parser.add_argument("--steps", type=int, default=240)
parser.add_argument("--batch", type=int, default=64)
args = parser.parse_args()


class Counter(nn.Module):
    def __init__(self, dim, letters=4, length=16):
        super().__init__()
        self.tok = nn.Embedding(letters, dim)
        self.pos = nn.Parameter(0.02 * torch.randn(length, dim))
        layer = nn.TransformerEncoderLayer(dim, 4, 2 * dim, dropout=0.0, batch_first=True, norm_first=True)
        self.body = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, letters)

    def forward(self, ids):
        h = self.body(self.tok(ids) + self.pos)
        return self.head(self.norm(h.mean(1)))


def batch(n):
    probs = torch.distributions.Dirichlet(torch.ones(4)).sample((n,))
    ids = torch.multinomial(probs, 16, replacement=True)
    counts = F.one_hot(ids, 4).sum(1)
    return ids, counts.argmax(1)


torch.manual_seed(0)
model = Counter(args.dim)
opt = torch.optim.Adam(model.parameters(), lr=args.lr)
test_ids, test_y = batch(1000)
avg = 0.0
for step in range(1, args.steps + 1):
    ids, y = batch(args.batch)
    loss = F.cross_entropy(model(ids), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    avg += loss.item()
    if step % 20 == 0:
        model.eval()
        with torch.no_grad():
            acc = (model(test_ids).argmax(1) == test_y).float().mean().item()
        model.train()
        print(f"step {step} loss {avg / 20:.3f} test acc {acc:.3f}")
        avg = 0.0
