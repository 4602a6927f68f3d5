"""Physics-informed network for u'' + u = 0, u(0) = 1, u'(0) = 0 on [0, 6], trained by LBFGS on the residual alone."""
import torch

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
net = torch.nn.Sequential(torch.nn.Linear(1, 24), torch.nn.Tanh(), torch.nn.Linear(24, 24), torch.nn.Tanh(),
                          torch.nn.Linear(24, 1))
t = torch.linspace(0, 6, 80)[:, None].requires_grad_()


def u(time):
    return 1 + (time / 3) ** 2 * net(time / 3 - 1)  # satisfies both initial conditions


opt = torch.optim.LBFGS(net.parameters(), max_iter=20, history_size=30, line_search_fn="strong_wolfe")
calls = 0


def closure():
    global calls
    calls += 1
    opt.zero_grad()
    x = u(t)
    d1, = torch.autograd.grad(x.sum(), t, create_graph=True)
    d2, = torch.autograd.grad(d1.sum(), t, create_graph=True)
    residual = ((d2 + x) ** 2).mean()
    residual.backward()
    return residual


for outer in range(1, 13):
    value = opt.step(closure)
    if outer % 2 == 0:
        with torch.no_grad():
            err = (u(t) - torch.cos(t)).abs().max().item()
        print(f"{outer:3d} ({calls} evaluations) residual {value.item():.3e}, largest error {err:.2e}")
