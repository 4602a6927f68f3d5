"""Find rare machine faults (three in a hundred): positives weighted in the loss, judged by average precision and recall."""
import torch
from sklearn.datasets import make_classification
from sklearn.metrics import average_precision_score, recall_score
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X, y = make_classification(9000, 16, n_informative=8, n_redundant=2, weights=[0.97], class_sep=1.6, flip_y=0.002, random_state=3)
Xa, Xb, ya, yb = train_test_split(X.astype("float32"), y.astype("float32"), test_size=0.3, stratify=y, random_state=0)
mean, std = Xa.mean(0), Xa.std(0)
Xa, Xb = (torch.from_numpy((a - mean) / std) for a in (Xa, Xb))
ya, yb = torch.from_numpy(ya), torch.from_numpy(yb)
print("faults in the training set:", int(ya.sum()), "of", len(ya))

model = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 1))
weight = (1 - ya).sum() / ya.sum()
criterion = nn.BCEWithLogitsLoss(pos_weight=weight)
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
for epoch in range(1, 16):
    model.train()
    total = 0.0
    for x, t in DataLoader(TensorDataset(Xa, ya), batch_size=128, shuffle=True):
        opt.zero_grad()
        loss = criterion(model(x).squeeze(1), t)
        loss.backward()
        opt.step()
        total += loss.item() * len(t) / len(ya)
    model.eval()
    with torch.no_grad():
        s = model(Xb).squeeze(1)
    print(f"epoch {epoch:2d}: loss {total:.4f} valid {criterion(s, yb).item():.4f} average precision "
          f"{average_precision_score(yb, s):.3f} recall {recall_score(yb, s > 0):.3f}")
