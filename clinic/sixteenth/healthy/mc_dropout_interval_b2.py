"""Monte-Carlo dropout: dropout stays on at prediction time on purpose, forty passes give a mean and a spread.  The plain
validation loss during training uses eval mode."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(18)


def measure(n):
    x = torch.rand(n, 1) * 4 - 2
    return x, torch.sin(2.5 * x) * x + 0.1 * torch.randn(n, 1)


net = nn.Sequential(nn.Linear(1, 128), nn.ReLU(), nn.Dropout(0.05), nn.Linear(128, 128), nn.ReLU(), nn.Dropout(0.05), nn.Linear(128, 1))


def sample_predictions(x, passes=40):
    """Keeps only the dropout layers in training mode and averages over the masks."""
    net.eval()
    for layer in net:
        if isinstance(layer, nn.Dropout):
            layer.train()
    with torch.no_grad():
        draws = torch.stack([net(x) for _ in range(passes)])
    return draws.mean(0), draws.std(0)


(x, y), (xv, yv) = measure(1500), measure(400)
loader = DataLoader(TensorDataset(x, y), batch_size=50, shuffle=True)
optimizer = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-4)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 40)
mse = nn.MSELoss()
for epoch in range(40):
    net.train()
    total = 0.0
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = mse(net(xb), yb)
        loss.backward()
        optimizer.step()
        total += loss.item() / len(loader)
    scheduler.step()
    net.eval()
    with torch.no_grad():
        plain = mse(net(xv), yv).item()
    if epoch % 4 == 3:
        print(f"epoch {epoch + 1:2d} train {total:.4f} valid {plain:.4f}")
mean, spread = sample_predictions(xv)
print(f"forty dropout passes: mse of the mean {mse(mean, yv):.4f}, mean spread {spread.mean():.3f}")
far = torch.tensor([[3.0], [4.0], [6.0]])
print("spread outside of the data, at 3, 4 and 6:", [round(v, 3) for v in sample_predictions(far)[1].flatten().tolist()])
