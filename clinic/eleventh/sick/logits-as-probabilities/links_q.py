"""Link prediction: node vectors are learned so that friends in a community graph score high, strangers low."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(35)
NODES, GROUPS = 120, 4
group = torch.arange(NODES) % GROUPS
prob = torch.where(group[:, None] == group[None, :], 0.5, 0.03)
adj = torch.triu((torch.rand(NODES, NODES) < prob).float(), 1)
pos = adj.nonzero()
pos = pos[torch.randperm(len(pos))]
held_pos, pos = pos[:200], pos[200:]
non = torch.triu(1 - adj, 1).nonzero()
non = non[torch.randperm(len(non))]
held_neg, non = non[:200], non[200:]


class LinkModel(nn.Module):
    def __init__(self, dim=8):
        super().__init__()
        self.vec = nn.Embedding(NODES, dim)
        self.bias = nn.Parameter(torch.zeros(()))
        nn.init.normal_(self.vec.weight, std=0.3)

    def forward(self, pairs):
        return (self.vec(pairs[:, 0]) * self.vec(pairs[:, 1])).sum(1) + self.bias


def auc(model):
    with torch.no_grad():
        p, n = model(held_pos), model(held_neg)
    return (p[:, None] > n[None, :]).float().mean().item()


def link_loss(score, y):
    p = score.clamp(1e-6, 1 - 1e-6)  # cure: p = torch.sigmoid(score).clamp(1e-6, 1 - 1e-6)
    return F.binary_cross_entropy(p, y)


model = LinkModel()
opt = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-4)
for epoch in range(1, 41):
    total, count = 0.0, 0
    for batch in pos[torch.randperm(len(pos))].split(100):
        neg = non[torch.randint(len(non), (len(batch),))]
        score = model(torch.cat([batch, neg]))
        y = torch.cat([torch.ones(len(batch)), torch.zeros(len(neg))])
        loss = link_loss(score, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total, count = total + loss.item(), count + 1
    if epoch % 5 == 0:
        print(f"epoch {epoch:2d}  loss {total / count:.4f}  held-out AUC {auc(model):.3f}")
