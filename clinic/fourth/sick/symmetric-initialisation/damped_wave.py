# Fit the displacement of a damped oscillator, u(t) = exp(-t/2) cos(6 t), with a two-layer net in plain tensors.
import torch

torch.manual_seed(0)


def init(n_in, n_out):
    return torch.ones(n_in, n_out) / n_in  # cure: return torch.randn(n_in, n_out) / n_in ** 0.5


t = torch.linspace(0, 4, 400)[:, None]
u = torch.exp(-t / 2) * torch.cos(6 * t)
t_in = (t - 2) / 1.2

params = {"W1": init(1, 64) * 2, "b1": torch.zeros(64), "W2": init(64, 64), "b2": torch.zeros(64),
          "W3": init(64, 1), "b3": torch.zeros(1)}
for p in params.values():
    p.requires_grad_()


def net(z):
    z = torch.tanh(z @ params["W1"] + params["b1"])
    z = torch.tanh(z @ params["W2"] + params["b2"])
    return z @ params["W3"] + params["b3"]


opt = torch.optim.Adam(params.values(), lr=3e-3)
for it in range(3000):
    pick = torch.randint(len(t), (100,))
    loss = ((net(t_in[pick]) - u[pick]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 500 == 499:
        with torch.no_grad():
            rel = (net(t_in) - u).norm() / u.norm()
        print(f"{it + 1:5d} mse {loss.item():.5f} relative error {rel.item():.3f}")
