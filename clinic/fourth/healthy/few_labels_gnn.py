"""Message passing by hand with attention weights: 5 labelled nodes per class on a graph of 400, whole graph per step."""
import torch

torch.manual_seed(0)
n, k, d = 400, 4, 12
group = torch.arange(n) % k
edges = []
for a in range(n):
    for _ in range(5):
        same = torch.rand(()) < 0.8
        b = torch.randint(n // k, ()).item() * k + int(group[a]) if same else torch.randint(n, ()).item()
        edges += [(a, b), (b, a)]
    edges.append((a, a))
src, dst = torch.tensor(edges).T
x = torch.randn(k, d)[group] * 0.6 + torch.randn(n, d)
labelled = torch.cat([torch.nonzero(group == c).squeeze(1)[:5] for c in range(k)])
rest = torch.ones(n, dtype=torch.bool)
rest[labelled] = False


class Attend(torch.nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.value = torch.nn.Linear(i, o)
        self.score = torch.nn.Parameter(torch.randn(2, o) * 0.1)

    def forward(self, h):
        v = self.value(h)
        e = torch.nn.functional.leaky_relu((v[src] * self.score[0]).sum(1) + (v[dst] * self.score[1]).sum(1), 0.2)
        w = (e - e.max()).exp()
        norm = torch.zeros(n).index_add(0, dst, w)
        return torch.zeros_like(v).index_add(0, dst, v[src] * (w / norm[dst])[:, None])


a, b = Attend(d, 24), Attend(24, k)
opt = torch.optim.Adam([*a.parameters(), *b.parameters()], lr=0.01, weight_decay=5e-3)
for epoch in range(1, 101):
    drop = (torch.rand(n, d) > 0.3) / 0.7
    out = b(torch.nn.functional.elu(a(x * drop)))
    loss = torch.nn.functional.cross_entropy(out[labelled], group[labelled])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 10 == 0:
        with torch.no_grad():
            out = b(torch.nn.functional.elu(a(x)))
        test_loss = torch.nn.functional.cross_entropy(out[rest], group[rest]).item()
        print(f"epoch {epoch}: loss {loss.item():.4f}, unlabelled: loss {test_loss:.4f} accuracy {(out[rest].argmax(1) == group[rest]).float().mean().item():.3f}")
