"""Physics-informed network for u'' = -9 sin(3x), u(0) = 0, u(pi) = 0 (solution sin 3x), trained with L-BFGS."""
import math
import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
net = torch.nn.Sequential(torch.nn.Linear(1, 24), torch.nn.Tanh(), torch.nn.Linear(24, 24), torch.nn.Tanh(),
                          torch.nn.Linear(24, 1))
inner = torch.linspace(0, math.pi, 80)[1:-1, None].requires_grad_(True)
ends = torch.tensor([[0.0], [math.pi]])
grid = torch.linspace(0, math.pi, 201)[:, None]
opt = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=20, history_size=30, line_search_fn="strong_wolfe")


def scaled(x):
    return net(2 * x / math.pi - 1)


def residual():
    u = scaled(inner)
    du, = torch.autograd.grad(u.sum(), inner, create_graph=True)
    d2u, = torch.autograd.grad(du.sum(), inner, create_graph=True)
    return d2u + 9 * torch.sin(3 * inner)


def closure():
    opt.zero_grad()
    loss = (residual() ** 2).mean() + 20 * (scaled(ends) ** 2).mean()
    loss.backward()
    return loss


for outer in range(1, 26):
    loss = opt.step(closure)
    if outer % 2 == 1:
        with torch.no_grad():
            err = (scaled(grid) - torch.sin(3 * grid)).abs().max().item()
        print(f"outer step {outer:2d}: loss {loss.item():.3e}, largest error {err:.2e}")
