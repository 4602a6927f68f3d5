"""Solve u' = -2 u + sin t, u(0) = 1 with a network and L-BFGS on forty fixed points (no data, no batches)."""
import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
t = torch.linspace(0, 3, 40)[:, None].requires_grad_()
net = torch.nn.Sequential(torch.nn.Linear(1, 20), torch.nn.Tanh(), torch.nn.Linear(20, 20), torch.nn.Tanh(), torch.nn.Linear(20, 1))
opt = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=20, line_search_fn="strong_wolfe")
between = torch.linspace(0, 3, 333)[:, None]
exact = 1.2 * torch.exp(-2 * between) + (2 * torch.sin(between) - torch.cos(between)) / 5


def closure():
    opt.zero_grad()
    u = 1 + t * net(t - 1.5)  # u(0) = 1 is built in
    du = torch.autograd.grad(u.sum(), t, create_graph=True)[0]
    loss = (du + 2 * u - torch.sin(t)).square().mean()
    loss.backward()
    return loss


for round_ in range(25):
    loss = opt.step(closure)
    with torch.no_grad():
        err = (1 + between * net(between - 1.5) - exact).abs().max()
    print(f"round {round_ + 1}: residual {loss.item():.2e} largest error {err.item():.2e}")
