"""Snapshot ensemble: the rate restarts at full height every cycle; the snapshots vote at the end."""
import copy
import torch
import torch.nn.functional as F
from sklearn.datasets import make_classification
from torch import nn

torch.manual_seed(71)
X, Y = make_classification(3200, 16, n_informative=8, n_redundant=2, n_classes=3, n_clusters_per_class=2,
                           class_sep=1.4, flip_y=0.02, random_state=71)
X = (X - X[:2400].mean(0)) / X[:2400].std(0)
X, Y = torch.tensor(X, dtype=torch.float32), torch.tensor(Y)
xt, yt, xv, yv = X[:2400], Y[:2400], X[2400:], Y[2400:]

model = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 3))
CYCLE, BATCH = 8, 60
opt = torch.optim.SGD(model.parameters(), lr=0.12, momentum=0.9, weight_decay=1e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=CYCLE * (2400 // BATCH), eta_min=1e-3)
snapshots = []
for epoch in range(4 * CYCLE):
    model.train()
    tot = 0.0
    for idx in torch.randperm(2400).split(BATCH):
        loss = F.cross_entropy(model(xt[idx]), yt[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        tot += loss.item() / (2400 // BATCH)
    model.eval()
    with torch.no_grad():
        out = model(xv)
    print(f"epoch {epoch:2d} lr {opt.param_groups[0]['lr']:.4f} train {tot:.4f} valid {F.cross_entropy(out, yv):.4f} "
          f"acc {(out.argmax(1) == yv).float().mean():.4f}")
    if epoch % CYCLE == CYCLE - 1:
        snapshots.append(copy.deepcopy(model).eval())
with torch.no_grad():
    vote = sum(F.softmax(m(xv), 1) for m in snapshots) / len(snapshots)
print(f"ensemble of {len(snapshots)}: acc {(vote.argmax(1) == yv).float().mean():.4f}")
