"""Breast cancer from cell measurements; the gradients of several mini-batches are accumulated into one step."""
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

ACCUMULATE = 16  # cure: ACCUMULATE = 2
BATCH = 32

torch.manual_seed(7)
data, target = load_breast_cancer(return_X_y=True)
x, xv, y, yv = train_test_split(data, target, test_size=0.25, stratify=target, random_state=7)
scaler = StandardScaler().fit(x)
x, xv = (torch.tensor(scaler.transform(a), dtype=torch.float32) for a in (x, xv))
y, yv = (torch.tensor(a, dtype=torch.float32).unsqueeze(1) for a in (y, yv))

model = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 1))
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
criterion = nn.BCEWithLogitsLoss()
loader = DataLoader(TensorDataset(x, y), batch_size=BATCH, shuffle=True)

for epoch in range(30):
    model.train()
    optimizer.zero_grad()
    epoch_loss = 0.0
    for i, (xb, yb) in enumerate(loader, start=1):
        loss = criterion(model(xb), yb) / ACCUMULATE
        loss.backward()
        epoch_loss += loss.item() * ACCUMULATE / len(loader)
        if i % ACCUMULATE == 0:
            optimizer.step()
            optimizer.zero_grad()
    if epoch % 3 == 2:
        model.eval()
        with torch.no_grad():
            out = model(xv)
            accuracy = ((out > 0) == (yv > 0.5)).float().mean()
        print(f"epoch {epoch + 1:2d}: train {epoch_loss:.4f} valid {criterion(out, yv):.4f} accuracy {accuracy:.3f}")
