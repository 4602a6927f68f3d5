"""A physics-informed network for u'' + 4 u = 0 on [0, 3] with u(0) = 1, u'(0) = 0 (the solution is cos 2t)."""
import torch


class Solver:
    def __init__(self, width=32, seed=0):
        torch.manual_seed(seed)
        self.u = torch.nn.Sequential(
            torch.nn.Linear(1, width), torch.nn.Tanh(),
            torch.nn.Linear(width, width), torch.nn.Tanh(),
            torch.nn.Linear(width, 1))
        self.optimizer = torch.optim.Adam(self.u.parameters(), lr=3e-3)

    def derivatives(self, t):
        u = self.u(t - 1.5)
        du = torch.autograd.grad(u.sum(), t, create_graph=True)[0]
        ddu = torch.autograd.grad(du.sum(), t, create_graph=True)[0]
        return u, du, ddu

    def loss(self):
        t = (3 * torch.rand(64, 1)).requires_grad_()
        u, _, ddu = self.derivatives(t)
        t0 = torch.zeros(1, 1, requires_grad=True)
        u0, du0, _ = self.derivatives(t0)
        return (ddu + 4 * u).square().mean() + 10 * ((u0 - 1).square() + du0.square()).squeeze()

    def update(self):
        loss = self.loss()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step  # cure: self.optimizer.step()
        return loss.item()

    def error(self):
        t = torch.linspace(0, 3, 200)[:, None]
        with torch.no_grad():
            return (self.u(t - 1.5) - torch.cos(2 * t)).abs().max().item()


solver = Solver()
for it in range(2500):
    value = solver.update()
    if it % 10 == 9 and it > 500:
        for group in solver.optimizer.param_groups:
            group["lr"] = max(3e-4, group["lr"] * 0.985)
    if (it + 1) % 250 == 0:
        print(f"iteration {it + 1}: loss {value:.5f}, largest error {solver.error():.4f}")
