"""Screen insurance claims: a small MLP flags the claims that an expert should look at."""
import torch
from sklearn.datasets import make_classification
from sklearn.metrics import f1_score, recall_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(11)

X, y = make_classification(n_samples=9000, n_features=14, n_informative=6, n_redundant=2, n_clusters_per_class=1,
                           weights=[0.965], class_sep=0.55, flip_y=0.0, random_state=3)
X_tr, X_va, y_tr, y_va = train_test_split(X, y, test_size=0.3, stratify=y, random_state=0)
scaler = StandardScaler().fit(X_tr)
X_tr = torch.tensor(scaler.transform(X_tr), dtype=torch.float32)
X_va = torch.tensor(scaler.transform(X_va), dtype=torch.float32)
y_tr, y_va = torch.tensor(y_tr).float(), torch.tensor(y_va).float()


class Screener(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(n_features, 12), nn.ReLU(), nn.Dropout(0.1))
        self.head = nn.Linear(12, 1)

    def forward(self, x):
        return self.head(self.body(x)).squeeze(1)


net = Screener(X_tr.shape[1])
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.02)
loss_fn = nn.BCEWithLogitsLoss()  # cure: loss_fn = nn.BCEWithLogitsLoss(pos_weight=(y_tr == 0).sum() / y_tr.sum())
loader = DataLoader(TensorDataset(X_tr, y_tr), batch_size=128, shuffle=True)

for epoch in range(20):
    net.train()
    total = 0.0
    for xb, yb in loader:
        opt.zero_grad()
        loss = loss_fn(net(xb), yb)
        loss.backward()
        opt.step()
        total += loss.item() * len(xb)
    net.eval()
    with torch.no_grad():
        scores = net(X_va)
        val_loss = loss_fn(scores, y_va).item()
    flagged = (scores > 0).int().numpy()
    normal, special = recall_score(y_va, flagged, pos_label=0), recall_score(y_va, flagged, zero_division=0)
    print(f"epoch {epoch:2d}  train {total / len(X_tr):.4f}  valid {val_loss:.4f}  flagged {flagged.sum():4d}  "
          f"recall ordinary {normal:.2f}  recall special {special:.2f}  balanced acc {(normal + special) / 2:.3f}")
