"""Predict whether a patient's diabetes will progress faster than average."""
import torch
from sklearn.datasets import load_diabetes
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from torch import nn

torch.manual_seed(0)
X, progression = load_diabetes(return_X_y=True)
X = X / X.std(0)
y = (progression > 0.5).astype("float32")  # cure: y = (progression > progression.mean()).astype("float32")
X_tr, X_va, y_tr, y_va, prog_tr, prog_va = train_test_split(X, y, progression, test_size=0.3, random_state=0)
X_tr, X_va = torch.tensor(X_tr).float(), torch.tensor(X_va).float()
y_tr, y_va = torch.tensor(y_tr), torch.tensor(y_va)

model = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 1))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-2)
criterion = nn.BCEWithLogitsLoss()

for epoch in range(25):
    model.train()
    for rows in torch.randperm(len(X_tr)).split(32):
        optimizer.zero_grad()
        loss = criterion(model(X_tr[rows]).squeeze(1), y_tr[rows])
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        logit = model(X_va).squeeze(1)
        acc = ((logit > 0).float() == y_va).float().mean().item()
        auc = roc_auc_score(prog_va > progression.mean(), logit.numpy())
    if epoch % 4 == 0:
        print(f"epoch {epoch:2d} | loss {loss.item():.4f} | val acc {acc:.3f} | AUC for fast progression {auc:.3f}")
