"""Disease progression from ten measurements: a two-layer network, validated every epoch."""
import copy

import torch
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
from torch import nn

torch.manual_seed(2)
x, y = load_diabetes(return_X_y=True)
x_tr, x_va, y_tr, y_va = train_test_split(x, y, test_size=0.3, random_state=2)
to = lambda a: torch.tensor(a, dtype=torch.float32)
x_tr, x_va, y_tr, y_va = map(to, (x_tr, x_va, y_tr, y_va))
mx, sx, my, sy = x_tr.mean(0), x_tr.std(0), y_tr.mean(), y_tr.std()
x_tr, x_va, y_tr, y_va = (x_tr - mx) / sx, (x_va - mx) / sx, (y_tr - my) / sy, (y_va - my) / sy

model = nn.Sequential(nn.Linear(10, 100), nn.ReLU(), nn.Linear(100, 100), nn.ReLU(), nn.Linear(100, 1))
opt = torch.optim.Adam(model.parameters(), lr=5e-4)
mse = nn.MSELoss()
best, best_epoch, best_state = float("inf"), 0, None

for epoch in range(1, 151):
    model.train()
    total = 0.0
    for idx in torch.randperm(len(x_tr)).split(16):
        opt.zero_grad()
        loss = mse(model(x_tr[idx]).squeeze(1), y_tr[idx])
        loss.backward()
        opt.step()
        total += loss.item() * len(idx) / len(x_tr)
    model.eval()
    with torch.no_grad():
        valid = mse(model(x_va).squeeze(1), y_va).item()
    if valid < best:
        best, best_epoch, best_state = valid, epoch, copy.deepcopy(model.state_dict())
    if epoch % 10 == 0 or epoch < 10:
        print(f"epoch {epoch:3d}: train mse {total:.3f}  valid mse {valid:.3f}")
    # cure: if epoch - best_epoch >= 4:
    # cure:     model.load_state_dict(best_state)
    # cure:     break

model.eval()
with torch.no_grad():
    error = (model(x_va).squeeze(1) - y_va).abs().mean().item() * sy.item()
print(f"mean absolute error of the final model on the validation set: {error:.1f}")
