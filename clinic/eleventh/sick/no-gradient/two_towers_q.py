"""Two-tower retrieval: users and items are described by features; in-batch softmax picks the item each user chose."""
import torch
import torch.nn as nn
import torch.nn.functional as F

g = torch.Generator().manual_seed(0)
torch.manual_seed(0)
N_USER, N_ITEM, D = 1500, 400, 12
user_feat = torch.randn(N_USER, D, generator=g)
item_feat = torch.randn(N_ITEM, D, generator=g)
mix = torch.randn(D, D, generator=g)
utility = torch.tanh(user_feat @ mix * 0.4) @ torch.tanh(item_feat.roll(3, 1)).T
choice = (utility + 0.3 * torch.randn(utility.shape, generator=g)).argmax(1)


class Tower(nn.Module):
    def __init__(self, width=64, out=16):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(D, width), nn.ReLU(), nn.Linear(width, out))

    def forward(self, x):
        return self.body(x)


class ItemIndex:
    """Item vectors of a batch, computed once for each distinct item."""

    def __init__(self, tower):
        self.tower = tower

    def lookup(self, ids):
        distinct, where = ids.unique(return_inverse=True)
        vectors = self.tower(item_feat[distinct]).data  # cure: vectors = self.tower(item_feat[distinct])
        return distinct, where, vectors


users, items = Tower(), Tower()
index = ItemIndex(items)
opt = torch.optim.Adam([*users.parameters(), *items.parameters()], lr=2e-3)
train_ids, test_ids = torch.arange(1200), torch.arange(1200, N_USER)
for epoch in range(1, 31):
    seen = 0.0
    for b in train_ids[torch.randperm(1200)].split(60):
        _, where, vectors = index.lookup(choice[b])
        loss = F.cross_entropy(users(user_feat[b]) @ vectors.T, where)
        opt.zero_grad()
        loss.backward()
        opt.step()
        seen += loss.item() * len(b) / 1200
    if epoch % 5 == 0:
        with torch.no_grad():
            scores = users(user_feat[test_ids]) @ items(item_feat).T
            hit = (scores.topk(10, 1).indices == choice[test_ids, None]).any(1).float().mean()
        print(f"epoch {epoch:2d}  in-batch loss {seen:.3f}  recall@10 {hit:.3f}")
