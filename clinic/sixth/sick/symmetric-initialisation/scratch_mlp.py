"""Two moons with layers written from scratch: weights kept as plain parameters."""
import torch
from sklearn.datasets import make_moons

torch.manual_seed(14)


class Dense(torch.nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.w = torch.nn.Parameter(torch.ones(n_in, n_out) / n_in)  # cure: self.w = torch.nn.Parameter(torch.randn(n_in, n_out) / n_in ** 0.5)
        self.b = torch.nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        return x @ self.w + self.b


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.l1, self.l2, self.l3 = Dense(2, 24), Dense(24, 24), Dense(24, 1)

    def forward(self, x):
        x = torch.tanh(self.l1(x))
        x = torch.tanh(self.l2(x))
        return self.l3(x).flatten()


X, y = make_moons(1600, noise=0.15, random_state=0)
X = (X - X.mean(0)) / X.std(0)
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
Xt, yt, Xv, yv = X[:1200], y[:1200], X[1200:], y[1200:]

net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)
criterion = torch.nn.BCEWithLogitsLoss()
for epoch in range(30):
    order = torch.randperm(1200)
    for k in range(0, 1200, 60):
        i = order[k:k + 60]
        optimizer.zero_grad()
        criterion(net(Xt[i]), yt[i]).backward()
        optimizer.step()
    if (epoch + 1) % 3 == 0:
        with torch.no_grad():
            print("epoch", epoch + 1,
                  "| train loss", round(criterion(net(Xt), yt).item(), 4),
                  "| val acc", round(((net(Xv) > 0) == yv.bool()).float().mean().item(), 4))
