"""Step-based training (not epoch-based) of a regression network on a generated, non-linear problem."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import make_friedman1
from sklearn.model_selection import train_test_split

torch.manual_seed(0)
X, y = make_friedman1(n_samples=2500, n_features=10, noise=0.5, random_state=0)
X, Xv, y, yv = train_test_split(X, y, test_size=0.2, random_state=0)
tensor = lambda a: torch.tensor(a, dtype=torch.float32)
mx, sx, my, sy = X.mean(0), X.std(0), y.mean(), y.std()
train = TensorDataset(tensor((X - mx) / sx), tensor((y - my) / sy)[:, None])
Xv, yv = tensor((Xv - mx) / sx), tensor((yv - my) / sy)[:, None]

loader = DataLoader(train, batch_size=64)  # cure: loader = DataLoader(train, batch_size=64, shuffle=True)
net = nn.Sequential(nn.Linear(10, 32), nn.SiLU(), nn.Linear(32, 32), nn.SiLU(), nn.Linear(32, 1))
optimizer = torch.optim.AdamW(net.parameters(), lr=5e-3, weight_decay=0.05)
criterion = nn.MSELoss()

running = None
for step in range(1, 601):
    x, t = next(iter(loader))
    loss = criterion(net(x), t)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    running = loss.item() if running is None else 0.95 * running + 0.05 * loss.item()
    if step % 60 == 0:
        net.eval()
        with torch.no_grad():
            valid = criterion(net(Xv), yv).item()
        net.train()
        print(f"step {step:4d}  running loss {running:.4f}  validation {valid:.4f}")
