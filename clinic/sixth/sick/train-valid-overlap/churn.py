"""Customer churn with embeddings for plan and region; churners are oversampled to even the classes out."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.model_selection import train_test_split


def customers(n=900, seed=0):
    rng = np.random.default_rng(seed)
    cats = np.column_stack([rng.integers(0, 6, n), rng.integers(0, 12, n)])
    nums = rng.normal(size=(n, 4))
    score = 1.1 * nums[:, 0] - 0.8 * nums[:, 1] + 0.5 * (cats[:, 0] == 2) + rng.normal(0, 1.3, n)
    return cats, nums, (score > 1.8).astype(np.int64)


def oversample(cats, nums, y):
    pos, neg = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    idx = np.concatenate([neg, np.resize(pos, len(neg))])
    return cats[idx], nums[idx], y[idx]


class Churn(nn.Module):
    def __init__(self):
        super().__init__()
        self.plan, self.region = nn.Embedding(6, 4), nn.Embedding(12, 4)
        self.mlp = nn.Sequential(nn.Linear(12, 48), nn.ReLU(), nn.Linear(48, 2))

    def forward(self, c, v):
        return self.mlp(torch.cat([self.plan(c[:, 0]), self.region(c[:, 1]), v], 1))


def to_t(c, v, y):
    return torch.tensor(c), torch.tensor(v, dtype=torch.float32), torch.tensor(y)


torch.manual_seed(0)
data = customers()
data = oversample(*data)  # cure: delete
c_tr, c_va, v_tr, v_va, y_tr, y_va = train_test_split(*data, test_size=0.3, random_state=0, stratify=data[2])
# cure: c_tr, v_tr, y_tr = oversample(c_tr, v_tr, y_tr)
c_tr, v_tr, y_tr = to_t(c_tr, v_tr, y_tr)
c_va, v_va, y_va = to_t(c_va, v_va, y_va)
model = Churn()
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
for epoch in range(24):
    for idx in torch.randperm(len(y_tr)).split(32):
        loss = nn.functional.cross_entropy(model(c_tr[idx], v_tr[idx]), y_tr[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            pred = model(c_va, v_va).argmax(1)
        rec = (pred[y_va == 1] == 1).float().mean().item()
        print(f"epoch {epoch + 1} loss {loss.item():.3f} valid acc {(pred == y_va).float().mean():.3f} churn recall {rec:.3f}")
