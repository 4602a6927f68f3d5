"""Surrogate for the potential of three charges in the plane. Plain tensors, two optimizer groups, mini-batches."""
import torch

torch.manual_seed(0)
charges = torch.tensor([[-0.6, -0.4, 1.0], [0.5, 0.5, -1.0], [0.4, -0.6, 0.7]])


def potential(xy):
    r2 = ((xy[:, None] - charges[None, :, :2]) ** 2).sum(-1) + 0.05
    return (charges[:, 2] / r2.sqrt()).sum(1, keepdim=True)


xy = torch.rand(4000, 2) * 2 - 1
v = potential(xy)
mu, sd = v.mean(), v.std()
v = (v - mu) / sd
grid = torch.cartesian_prod(torch.linspace(-1, 1, 30), torch.linspace(-1, 1, 30))
v_grid = (potential(grid) - mu) / sd


def layer(n_in, n_out):
    bound = 1 / n_in ** 0.5
    w = torch.nn.Parameter(torch.empty(n_in, n_out).uniform_(-bound, bound))
    return w, torch.nn.Parameter(torch.empty(n_out).uniform_(-bound, bound))


(W1, b1), (W2, b2), (W3, b3) = layer(2, 64), layer(64, 64), layer(64, 1)


def surrogate(p):
    h = p / 0.58
    h = h @ W1 + b1  # cure: h = torch.tanh(h @ W1 + b1)
    h = h @ W2 + b2  # cure: h = torch.tanh(h @ W2 + b2)
    return h @ W3 + b3


opt = torch.optim.Adam([{"params": [W1, W2, W3], "lr": 3e-3}, {"params": [b1, b2, b3], "lr": 3e-3}])
for epoch in range(1, 41):
    for idx in torch.randperm(len(xy)).split(100):
        loss = ((surrogate(xy[idx]) - v[idx]) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 0:
        with torch.no_grad():
            r2 = 1 - ((surrogate(grid) - v_grid) ** 2).mean() / v_grid.var()
        print(f"epoch {epoch} mse {loss.item():.4f} R2 on the grid {r2.item():.4f}")
