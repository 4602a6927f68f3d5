"""Link prediction in a social network of four groups, from node embeddings and a bilinear score."""
import torch
from torch import nn

torch.manual_seed(0)
PEOPLE, GROUPS = 160, 4
group = torch.arange(PEOPLE) % GROUPS
chance = torch.where(group[:, None] == group[None], 0.75, 0.08)
i, j = torch.triu_indices(PEOPLE, PEOPLE, 1)
linked = (torch.rand(len(i)) < chance[i, j]).float()
order = torch.randperm(len(i))
known, hidden = order[:10000], order[10000:]


class Links(nn.Module):
    def __init__(self, dim=5):
        super().__init__()
        self.place = nn.Embedding(PEOPLE, dim)
        nn.init.normal_(self.place.weight, std=0.7)
        self.relation = nn.Parameter(torch.eye(dim))
        self.bias = nn.Parameter(torch.tensor(0.2))

    def forward(self, a, b):
        return torch.einsum("nd,de,ne->n", self.place(a), self.relation, self.place(b)) + self.bias


def log_loss(p, t):
    p = p.clamp(1e-6, 1 - 1e-6)
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()


model = Links()
opt = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=1e-4)
for epoch in range(1, 21):
    total = 0.0
    for rows in known[torch.randperm(len(known))].split(200):
        p = model(i[rows], j[rows])  # cure: p = model(i[rows], j[rows]).sigmoid()
        loss = log_loss(p, linked[rows])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 50
    with torch.no_grad():
        s = model(i[hidden], j[hidden])
        yes, no = s[linked[hidden] == 1], s[linked[hidden] == 0]
        auc = (yes[:, None] > no[None]).float().mean()
    if epoch % 2 == 0:
        print(f"epoch {epoch:2d} loss {total:.4f} AUC of the hidden pairs {auc:.3f}")
