"""Detect fraudulent card payments in a simulated stream of transactions."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(30)


def payments(n):
    y = (torch.rand(n) < 0.02).float()
    x = torch.randn(n, 6)
    x[:, 0] += 1.3 * y
    x[:, 1] -= 1.1 * y
    x[:, 2] = x[:, 2] * (1 + 0.7 * y)
    x[:, 3] += 0.8 * y * torch.sign(x[:, 4])
    return x, y


(x_train, y_train), (x_valid, y_valid) = payments(9000), payments(6000)
loader = DataLoader(TensorDataset(x_train, y_train), batch_size=128, shuffle=True)
model = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 12), nn.ReLU(), nn.Linear(12, 1))
criterion = nn.BCEWithLogitsLoss()  # cure: criterion = nn.BCEWithLogitsLoss(pos_weight=(1 - y_train).sum() / y_train.sum())
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-3)

for epoch in range(10):
    model.train()
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x).squeeze(1), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    model.eval()
    with torch.no_grad():
        z = model(x_valid).squeeze(1)
        vloss = criterion(z, y_valid).item()
        alarm = z > 0
    tpr = alarm[y_valid == 1].float().mean().item()
    tnr = (~alarm[y_valid == 0]).float().mean().item()
    print(f"epoch {epoch + 1}: loss {total / len(loader):.4f} valid {vloss:.4f} "
          f"accuracy {((alarm == (y_valid == 1)).float().mean().item()):.3f} recall {tpr:.3f} "
          f"balanced accuracy {(tpr + tnr) / 2:.3f}")
