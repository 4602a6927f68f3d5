"""Disease progression (diabetes data) by full-batch training of a linear model with momentum."""
import torch
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler
from torch import nn

torch.manual_seed(0)
data = load_diabetes()
x = torch.tensor(StandardScaler().fit_transform(data.data), dtype=torch.float32)
y = torch.tensor(data.target, dtype=torch.float32)
y = ((y - y.mean()) / y.std()).unsqueeze(1)
perm = torch.randperm(len(x))
tr, va = perm[:340], perm[340:]

net = nn.Linear(10, 1)
momentum = 0.999  # cure: momentum = 0.9
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=momentum, weight_decay=1e-2)
history = []
for step in range(1, 801):
    loss = nn.functional.mse_loss(net(x[tr]), y[tr])
    opt.zero_grad()
    loss.backward()
    opt.step()
    history.append(loss.item())
    if step % 20 == 0:
        with torch.no_grad():
            val = nn.functional.mse_loss(net(x[va]), y[va]).item()
        print(f"step {step:4d}  train {loss.item():.4f}  valid {val:.4f}")
print(f"last 200 steps: lowest {min(history[-200:]):.4f}, highest {max(history[-200:]):.4f}")
