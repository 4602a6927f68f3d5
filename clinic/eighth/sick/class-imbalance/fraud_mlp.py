"""Flag fraudulent transactions; we report precision, recall and balanced accuracy."""
import numpy as np
import torch
from sklearn.metrics import balanced_accuracy_score, precision_score, recall_score
from torch import nn

torch.manual_seed(31)
rng = np.random.default_rng(31)


def transactions(n):
    fraud = (rng.random(n) < 0.025).astype(np.float32)
    x = rng.normal(size=(n, 12)).astype(np.float32)
    x[:, :4] += 0.75 * fraud[:, None]
    x[:, 4] += 0.5 * fraud * rng.choice([-1, 1], n)
    return torch.tensor(x), torch.tensor(fraud)


x_tr, y_tr = transactions(6000)
x_va, y_va = transactions(3000)
net = nn.Sequential(nn.Linear(12, 16), nn.ReLU(), nn.Linear(16, 1))
loss_fn = nn.BCEWithLogitsLoss()  # cure: loss_fn = nn.BCEWithLogitsLoss(pos_weight=(y_tr == 0).sum() / y_tr.sum())
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.05)

for epoch in range(10):
    net.train()
    for idx in torch.randperm(len(x_tr)).split(64):
        loss = loss_fn(net(x_tr[idx]).squeeze(1), y_tr[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        logits = net(x_va).squeeze(1)
    flag = (logits > 0).int().numpy()
    print(f"epoch {epoch}: val loss {loss_fn(logits, y_va):.4f} balanced acc {balanced_accuracy_score(y_va.numpy(), flag):.3f} "
          f"recall {recall_score(y_va.numpy(), flag):.3f} precision {precision_score(y_va.numpy(), flag, zero_division=0):.3f}")
