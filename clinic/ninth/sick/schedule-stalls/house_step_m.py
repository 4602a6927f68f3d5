"""House prices (synthetic survey): MLP with AdamW and a step schedule."""
import torch
from torch import nn
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(120)


def survey(n):
    f = torch.randn(n, 8)
    price = 0.8 * f[:, 0] + 0.5 * f[:, 1] * f[:, 2] - torch.relu(f[:, 3]) + 0.6 * torch.sin(2 * f[:, 4]) + 0.3 * f[:, 5] ** 2
    return f, (price - price.mean()).unsqueeze(1) + 0.05 * torch.randn(n, 1)


train_set, valid = TensorDataset(*survey(5000)), survey(1000)
loader = DataLoader(train_set, batch_size=100, shuffle=True)
model = nn.Sequential(nn.Linear(8, 64), nn.GELU(), nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 1))
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
scheduler = StepLR(optimizer, step_size=8, gamma=0.5)
criterion = nn.MSELoss()

for epoch in range(24):
    model.train()
    for f, price in loader:
        optimizer.zero_grad()
        loss = criterion(model(f), price)
        loss.backward()
        optimizer.step()
        scheduler.step()  # cure: delete
    # cure: scheduler.step()
    model.eval()
    with torch.no_grad():
        v = criterion(model(valid[0]), valid[1]).item()
    if epoch % 3 == 2:
        print(f"epoch {epoch + 1:2d} loss {loss.item():.4f} valid {v:.4f}")
