"""Matrix factorisation of a synthetic ratings table (rank 6) with user and item biases."""
import torch
import torch.nn as nn

USERS, ITEMS, RANK = 150, 120, 6


def ratings(seed):
    g = torch.Generator().manual_seed(seed)
    u = torch.randn(USERS, RANK, generator=g)
    v = torch.randn(ITEMS, RANK, generator=g)
    full = u @ v.t() / RANK ** 0.5 + 0.3 * torch.randn(USERS, 1, generator=g)
    seen = torch.rand(USERS, ITEMS, generator=g) < 0.5
    ui = seen.nonzero()
    r = full[seen] + 0.1 * torch.randn(len(ui), generator=g)
    perm = torch.randperm(len(ui), generator=g)
    cut = int(0.9 * len(ui))
    return (ui[perm[:cut]], r[perm[:cut]]), (ui[perm[cut:]], r[perm[cut:]])


class Factors(nn.Module):
    def __init__(self, k=10, start=0.1):
        super().__init__()
        self.user, self.item = nn.Embedding(USERS, k), nn.Embedding(ITEMS, k)
        self.user_bias, self.item_bias = nn.Embedding(USERS, 1), nn.Embedding(ITEMS, 1)
        nn.init.constant_(self.user.weight, start)  # cure: nn.init.normal_(self.user.weight, std=start)
        nn.init.constant_(self.item.weight, start)  # cure: nn.init.normal_(self.item.weight, std=start)
        nn.init.zeros_(self.user_bias.weight)
        nn.init.zeros_(self.item_bias.weight)

    def forward(self, ui):
        u, i = ui[:, 0], ui[:, 1]
        dot = (self.user(u) * self.item(i)).sum(1)
        return dot + self.user_bias(u).squeeze(1) + self.item_bias(i).squeeze(1)


torch.manual_seed(40)
(train_ui, train_r), (test_ui, test_r) = ratings(41)
model = Factors()
opt = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(1, 19):
    se = 0.0
    for idx in torch.randperm(len(train_r)).split(256):
        err = model(train_ui[idx]) - train_r[idx]
        reg = 1e-3 * (model.user(train_ui[idx, 0]).pow(2).sum(1) + model.item(train_ui[idx, 1]).pow(2).sum(1)).mean()
        opt.zero_grad()
        (err.pow(2).mean() + reg).backward()
        opt.step()
        se += err.detach().pow(2).sum().item()
    if epoch % 2 == 0:
        with torch.no_grad():
            rmse = (model(test_ui) - test_r).pow(2).mean().sqrt()
        print(f"epoch {epoch} train rmse {(se / len(train_r)) ** 0.5:.3f} test rmse {rmse:.3f}")
