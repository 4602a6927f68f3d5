"""Graph convolution for communities in a planted-partition graph, warm-up and linear decay as in BERT."""
import argparse
import torch
from torch import nn


def get_schedule(opt, warmup, total):
    def scale(step):
        if step < warmup:
            return (step + 1) / warmup
        return max(0.0, (total - step) / (total - warmup))
    return torch.optim.lr_scheduler.LambdaLR(opt, scale)


def graphs(n_graphs, n=40, gen=None):
    """Each graph has two hidden groups; two revealed members per group, guess the others."""
    z = torch.randint(0, 2, (n_graphs, n), generator=gen)
    same = z[:, :, None] == z[:, None, :]
    p = torch.where(same, 0.4, 0.1)
    a = (torch.rand(n_graphs, n, n, generator=gen) < p).float().triu(1)
    a = a + a.transpose(1, 2) + torch.eye(n)
    deg = a.sum(-1).rsqrt()
    feats = torch.zeros(n_graphs, n, 2)
    known = torch.rand(n_graphs, n, generator=gen) < 0.15
    feats[known] = nn.functional.one_hot(z, 2).float()[known]
    return deg[:, :, None] * a * deg[:, None, :], feats, z


class GCN(nn.Module):
    def __init__(self, hidden=24, layers=3):
        super().__init__()
        dims = [2] + [hidden] * layers
        self.w = nn.ModuleList(nn.Linear(2 * i, o) for i, o in zip(dims[:-1], dims[1:]))
        self.out = nn.Linear(hidden, 2)

    def forward(self, a, h):
        for w in self.w:
            h = torch.relu(w(torch.cat([h, a @ h], -1)))
        return self.out(h)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--epochs", type=int, default=14)
    p.add_argument("--warmup", type=int, default=3)
    p.add_argument("--lr", type=float, default=4e-3)
    args = p.parse_args()
    torch.manual_seed(33)
    a, f, z = graphs(480)
    av, fv, zv = graphs(120)
    batches = [slice(k, k + 16) for k in range(0, 480, 16)]
    model = GCN()
    opt = torch.optim.AdamW(model.parameters(), lr=args.lr)
    sched = get_schedule(opt, args.warmup, args.epochs)  # cure: sched = get_schedule(opt, args.warmup, args.epochs * len(batches))
    for epoch in range(args.epochs):
        perm, tot = torch.randperm(len(a)), 0.0
        for b in batches:
            i = perm[b]
            loss = nn.functional.cross_entropy(model(a[i], f[i]).flatten(0, 1), z[i].flatten())
            opt.zero_grad()
            loss.backward()
            opt.step()
            sched.step()
            tot += loss.item()
        with torch.no_grad():
            acc = (model(av, fv).argmax(-1) == zv).float().mean().item()
        print(f"epoch {epoch:2d} loss {tot / len(batches):.4f} node accuracy {acc:.4f}")


main()
