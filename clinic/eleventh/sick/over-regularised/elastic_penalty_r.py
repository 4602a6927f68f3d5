"""Sparse regression network: 30 candidate factors of which six matter, with an elastic-net penalty on the weights."""
import torch
import torch.nn as nn

torch.manual_seed(29)
N, D = 1600, 30
X = torch.randn(N, D)
Y = (X[:, 0] * 1.2 - X[:, 1] + torch.relu(X[:, 2]) * 1.5 + torch.sin(2 * X[:, 3]) + 0.5 * X[:, 4] * X[:, 5]
     + 0.2 * torch.randn(N))
Y = ((Y - Y.mean()) / Y.std()).unsqueeze(1)
train, valid = slice(0, 1300), slice(1300, None)

model = nn.Sequential(nn.Linear(D, 40), nn.ReLU(), nn.Linear(40, 20), nn.ReLU(), nn.Linear(20, 1))


def elastic(net, l1, l2):
    weights = [m.weight for m in net if isinstance(m, nn.Linear)]
    return sum(l1 * w.abs().sum() + l2 * w.square().sum() for w in weights)


L1, L2 = 3e-2, 1e-2  # cure: L1, L2 = 3e-4, 1e-4
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
mse = nn.MSELoss()
for epoch in range(1, 31):
    fit_sum = pen_sum = 0.0
    for b in torch.randperm(1300).split(50):
        fit = mse(model(X[train][b]), Y[train][b])
        pen = elastic(model, L1, L2)
        opt.zero_grad()
        (fit + pen).backward()
        opt.step()
        fit_sum += fit.item() / 26
        pen_sum += pen.item() / 26
    if epoch % 5 == 0:
        with torch.no_grad():
            val = mse(model(X[valid]), Y[valid]).item()
        print(f"epoch {epoch:2d}: fit {fit_sum:.4f}, penalty {pen_sum:.4f}, validation mse {val:.4f}")
