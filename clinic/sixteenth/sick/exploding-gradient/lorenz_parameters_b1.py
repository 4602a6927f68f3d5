"""Recover the three coefficients of a Lorenz system from an observed trajectory, by differentiating a simulation."""
import torch


def lorenz(state, coef):
    x, y, z = state.unbind(-1)
    sigma, rho, beta = coef
    return torch.stack([sigma * (y - x), x * (rho - z) - y, x * y - beta * z], -1)


def rk4(state, coef, dt=0.04):
    k1 = lorenz(state, coef)
    k2 = lorenz(state + dt / 2 * k1, coef)
    k3 = lorenz(state + dt / 2 * k2, coef)
    k4 = lorenz(state + dt * k3, coef)
    return state + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def rollout(state, coef, steps):
    states = []
    for _ in range(steps):
        state = rk4(state, coef)
        states.append(state)
    return torch.stack(states)


torch.manual_seed(0)
true = torch.tensor([10.0, 28.0, 8.0 / 3.0])
observed = rollout(torch.tensor([1.0, 1.0, 20.0]), true, 2000)
observed = observed + 0.05 * torch.randn_like(observed)
scale = observed.std(0)
horizon = 250  # cure: horizon = 8
log_coef = torch.nn.Parameter(torch.log(torch.tensor([8.0, 24.0, 2.0])))
optimizer = torch.optim.Adam([log_coef], lr=0.01)
updates = 80 if horizon > 100 else 400
for update in range(updates):
    start = torch.randint(0, len(observed) - horizon - 1, (16,))
    target = torch.stack([observed[s + 1:s + 1 + horizon] for s in start], 1)
    predicted = rollout(observed[start], log_coef.exp(), horizon)
    loss = (((predicted - target) / scale) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if update % max(1, updates // 10) == 0 or update == updates - 1:
        print(f"update {update:4d}  loss {loss.item():.5g}  |grad| {log_coef.grad.norm().item():.4g}  "
              f"coefficients {[round(v, 3) for v in log_coef.exp().tolist()]}")
print("true", [round(v, 3) for v in true.tolist()])
