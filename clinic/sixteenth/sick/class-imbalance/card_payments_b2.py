"""Flag stolen cards among simulated payments with a small MLP; what counts is how many of them are found."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import make_classification
from sklearn.metrics import balanced_accuracy_score, recall_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, TensorDataset

SEED = 11
torch.manual_seed(SEED)
X, y = make_classification(n_samples=12000, n_features=14, n_informative=6, n_redundant=2, n_clusters_per_class=2,
                           weights=[0.975], class_sep=0.75, flip_y=0.005, random_state=SEED)
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.3, stratify=y, random_state=SEED)
scaler = StandardScaler().fit(Xtr)
Xtr, Xte = (torch.tensor(scaler.transform(a), dtype=torch.float32) for a in (Xtr, Xte))
ytr_t = torch.tensor(ytr, dtype=torch.float32)
print("payments", len(ytr), "stolen", int(ytr.sum()))

net = nn.Sequential(nn.Linear(14, 16), nn.ReLU(), nn.Linear(16, 1))
criterion = nn.BCEWithLogitsLoss()  # cure: criterion = nn.BCEWithLogitsLoss(pos_weight=(ytr_t == 0).sum() / ytr_t.sum())
optimizer = torch.optim.Adam(net.parameters(), lr=5e-3, weight_decay=1e-4)
loader = DataLoader(TensorDataset(Xtr, ytr_t), batch_size=256, shuffle=True)

for epoch in range(20):
    net.train()
    running = 0.0
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(net(xb).squeeze(1), yb)
        loss.backward()
        optimizer.step()
        running += loss.item() * len(yb)
    net.eval()
    with torch.no_grad():
        flagged = (net(Xte).squeeze(1) > 0).numpy().astype(int)
    print(f"epoch {epoch + 1:2d} loss {running / len(ytr):.4f} accuracy {np.mean(flagged == yte):.3f} "
          f"found {recall_score(yte, flagged):.3f} balanced {balanced_accuracy_score(yte, flagged):.3f}")
