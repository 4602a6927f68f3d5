"""Two-tower retrieval: users and items are embedded by separate networks with an optimizer each, in-batch softmax."""
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(9)
N, D_USER, D_ITEM, TASTE = 4000, 16, 12, 6
to_user, to_item = torch.randn(TASTE, D_USER), torch.randn(TASTE, D_ITEM)
taste = torch.randn(N, TASTE)
users = taste @ to_user / TASTE ** 0.5 + 0.3 * torch.randn(N, D_USER)
items = torch.tanh(taste @ to_item / TASTE ** 0.5) + 0.2 * torch.randn(N, D_ITEM)
items = (items - items.mean(0)) / items.std(0)
n_train = 3200


class Tower(nn.Module):
    def __init__(self, n_in, dim=12):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n_in, 48), nn.ReLU(), nn.Linear(48, dim))

    def forward(self, x):
        return F.normalize(self.net(x), dim=1)


user_tower, item_tower = Tower(D_USER), Tower(D_ITEM)
user_opt = torch.optim.SGD(user_tower.parameters(), lr=0.2, momentum=0.8)
item_opt = torch.optim.SGD(item_tower.parameters(), lr=0.2, momentum=0.8)


def contrast(idx, temperature=0.1):
    scores = user_tower(users[idx]) @ item_tower(items[idx]).T / temperature
    target = torch.arange(len(idx))
    return F.cross_entropy(scores, target), (scores.argmax(1) == target).float().mean()


test_idx = torch.arange(n_train, N)
for epoch in range(1, 13):
    total = 0.0
    batches = torch.randperm(n_train).split(64)
    for idx in batches:
        loss, _ = contrast(idx)
        user_opt.zero_grad()
        # cure: item_opt.zero_grad()
        loss.backward()
        user_opt.step()
        item_opt.step()
        total += loss.item()
    with torch.no_grad():
        results = [contrast(chunk) for chunk in test_idx.split(100)]
        test_loss = sum(r[0] for r in results) / len(results)
        hit = sum(r[1] for r in results) / len(results)
    print(f"epoch {epoch:2d}  train {total / len(batches):.3f}  test {test_loss:.3f}  hit@1 of 100: {hit:.3f}")
