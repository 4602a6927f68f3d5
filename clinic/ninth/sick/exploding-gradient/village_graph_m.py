"""Who belongs to which village? Node labels from noisy features, by ten rounds of message passing on a social graph."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def social_graph(n=240, k=4, seed=0):
    g = torch.Generator().manual_seed(seed)
    label = torch.arange(n) % k
    same = label[:, None] == label[None, :]
    link = torch.rand(n, n, generator=g) < torch.where(same, 0.12, 0.01)
    link = link.triu(1)
    adj = (link | link.T).float() + torch.eye(n)
    feats = torch.randn(n, 8, generator=g)
    feats[torch.arange(n), label] += 1.0
    return adj, feats, label


class Propagate(nn.Module):
    def __init__(self, d, rounds, k):
        super().__init__()
        self.inp = nn.Linear(8, d)
        self.message = nn.Linear(d, d)
        self.rounds = rounds
        self.out = nn.Linear(d, k)
        nn.init.orthogonal_(self.message.weight)
        nn.init.zeros_(self.message.bias)

    def forward(self, adj, x):
        h = h0 = F.elu(self.inp(x))
        for _ in range(self.rounds):
            gathered = adj @ h  # cure: gathered = adj @ h / adj.sum(1, keepdim=True)
            h = F.elu(self.message(gathered)) + 0.5 * h0
        return self.out(h)


torch.manual_seed(5)
adj, feats, label = social_graph()
perm = torch.randperm(len(label))
known, hidden = perm[:120], perm[120:]
model = Propagate(24, 10, 4)
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(1, 151):
    model.train()
    loss = F.cross_entropy(model(adj, feats)[known], label[known])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 15 == 0:
        model.eval()
        with torch.no_grad():
            out = model(adj, feats)[hidden]
        acc = (out.argmax(1) == label[hidden]).float().mean()
        print(f"epoch {epoch}  loss {loss.item():.5g}  hidden loss {F.cross_entropy(out, label[hidden]).item():.5g}  acc {acc:.3f}")
