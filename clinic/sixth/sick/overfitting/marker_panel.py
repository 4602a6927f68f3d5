"""Tumour marker panel: classify 80 patients by 40 markers with an MLP."""
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(15)


def patients(n):
    x = torch.randn(n, 40)
    risk = 1.2 * x[:, 0] - x[:, 1] + 0.8 * x[:, 2] + 0.6 * x[:, 3]
    return x, (risk + 0.8 * torch.randn(n) > 0).long()


x_train, y_train = patients(80)
x_val, y_val = patients(600)
model = nn.Sequential(nn.Linear(40, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 2))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
EPOCHS = 150  # cure: EPOCHS = 6

for epoch in range(EPOCHS):
    running = 0.0
    for idx in torch.randperm(80).split(16):
        loss = F.cross_entropy(model(x_train[idx]), y_train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        running += loss.item() / 5
    if epoch % 15 == 14 or epoch == EPOCHS - 1:
        with torch.no_grad():
            out = model(x_val)
        print(f"epoch {epoch + 1:3d}: train {running:.4f}  val {F.cross_entropy(out, y_val).item():.4f}  "
              f"val acc {(out.argmax(1) == y_val).float().mean().item():.3f}")
