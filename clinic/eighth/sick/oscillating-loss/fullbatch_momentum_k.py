"""Full-batch training of a small net on the Friedman benchmark with heavy-ball momentum."""
import torch
from sklearn.datasets import make_friedman1

torch.manual_seed(0)
X, y = make_friedman1(1500, n_features=6, noise=0.5, random_state=0)
X, y = (X - 0.5) / 0.289, (y - y.mean()) / y.std()
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)[:, None]
Xt, yt, Xv, yv = X[:1100], y[:1100], X[1100:], y[1100:]
net = torch.nn.Sequential(torch.nn.Linear(6, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.2, momentum=0.998)  # cure: opt = torch.optim.SGD(net.parameters(), lr=0.2, momentum=0.8)
mse = torch.nn.MSELoss()
for it in range(400):
    loss = mse(net(Xt), yt)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 10 == 9:
        with torch.no_grad():
            print(f"iter {it + 1} train {loss.item():.4f} valid {mse(net(Xv), yv).item():.4f}")
