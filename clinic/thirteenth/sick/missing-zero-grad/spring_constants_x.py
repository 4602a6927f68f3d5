"""Identify mass, damping and stiffness of an oscillator from a measured trajectory by gradient descent."""
import torch

torch.manual_seed(0)
DT, STEPS = 0.05, 100


def simulate(theta, x0, v0):
    k, d, f = theta
    x, v, path = x0, v0, []
    for _ in range(STEPS):
        v = v + DT * (f - k * x - d * v)
        x = x + DT * v
        path.append(x)
    return torch.stack(path)


true = torch.tensor([2.0, 0.3, 0.5])
x0, v0 = torch.randn(8), torch.randn(8)
measured = simulate(true, x0, v0) + 0.02 * torch.randn(STEPS, 8)

theta = torch.tensor([1.0, 0.8, 0.0], requires_grad=True)
lr = 0.15
for it in range(121):
    loss = (simulate(theta, x0, v0) - measured).pow(2).mean()
    # cure: theta.grad = None
    loss.backward()
    with torch.no_grad():
        theta -= lr * theta.grad
    if it % 10 == 0:
        k, d, f = theta.tolist()
        print(f"iteration {it:3d}  misfit {loss.item():.5f}  stiffness {k:.3f} damping {d:.3f} force {f:.3f}")
