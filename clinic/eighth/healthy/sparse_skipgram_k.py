"""Skip-gram with negative sampling; SparseAdam for the tables, plain SGD for one temperature."""
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(0)
GROUPS, PER = 12, 10
V = GROUPS * PER


def pairs(n):
    centre = torch.randint(0, V, (n,))
    same = centre // PER * PER + torch.randint(0, PER, (n,))
    rand = torch.randint(0, V, (n,))
    return centre, torch.where(torch.rand(n) < 0.9, same, rand)


inp, out = nn.Embedding(V, 16, sparse=True), nn.Embedding(V, 16, sparse=True)
nn.init.normal_(inp.weight, std=0.3)
nn.init.zeros_(out.weight)
temp = nn.Parameter(torch.tensor(1.0))
tables = torch.optim.SparseAdam(list(inp.parameters()) + list(out.parameters()), lr=0.02)
scalar = torch.optim.SGD([temp], lr=0.01)
for step in range(1, 601):
    c, o = pairs(256)
    neg = torch.randint(0, V, (256, 5))
    e = inp(c)
    pos_score = temp * (e * out(o)).sum(1)
    neg_score = temp * (e[:, None] * out(neg)).sum(2)
    loss = -(F.logsigmoid(pos_score) + F.logsigmoid(-neg_score).sum(1)).mean()
    tables.zero_grad()
    scalar.zero_grad()
    loss.backward()
    tables.step()
    scalar.step()
    if step % 60 == 0:
        with torch.no_grad():
            z = F.normalize(inp.weight, dim=1)
            near = (z @ z.T - 2 * torch.eye(V)).argmax(1)
            hit = (near // PER == torch.arange(V) // PER).float().mean()
        print(f"step {step} loss {loss.item():.4f} temperature {temp.item():.3f} neighbour in group {hit:.3f}")
