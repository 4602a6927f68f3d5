"""Will a customer leave? Binary prediction on a generated customer table, with precision and recall."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.metrics import precision_score, recall_score, roc_auc_score
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(24)
torch.manual_seed(24)


def customers(n):
    months = rng.exponential(20, n)
    calls = rng.poisson(2, n)
    bill = rng.normal(50, 15, n)
    plan = rng.integers(0, 3, n)
    risk = 1.2 * (calls - 2) - 0.08 * (months - 15) + 0.06 * (bill - 50) * (plan == 2)
    leaves = (rng.random(n) < 1 / (1 + np.exp(-risk))).astype(np.float32)
    numeric = np.stack([np.log1p(months), calls, bill], 1)
    numeric = (numeric - numeric.mean(0)) / numeric.std(0)
    return np.concatenate([numeric, np.eye(3)[plan]], 1).astype(np.float32), leaves


class ChurnModel(nn.Module):
    def __init__(self, n_in):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(n_in, 24), nn.ReLU(),
            nn.Linear(24, 12), nn.ReLU(),
            nn.Linear(12, 1),
            nn.Softmax(dim=1),  # cure: nn.Sigmoid(),
        )

    def forward(self, x):
        return self.layers(x).squeeze(1)


X, y = customers(2600)
train = TensorDataset(torch.from_numpy(X[:2000]), torch.from_numpy(y[:2000]))
xt, yt = torch.from_numpy(X[2000:]), y[2000:]
model, loss_fn = ChurnModel(X.shape[1]), nn.BCELoss()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(1, 11):
    losses = []
    for xb, yb in DataLoader(train, batch_size=40, shuffle=True):
        loss = loss_fn(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    with torch.no_grad():
        p = model(xt).numpy()
    hard = p > 0.5
    print(f"epoch {epoch:2d} loss {np.mean(losses):.4f} auc {roc_auc_score(yt, p):.3f} "
          f"precision {precision_score(yt, hard, zero_division=0):.3f} recall {recall_score(yt, hard):.3f} "
          f"accuracy {np.mean(hard == yt):.3f}")
