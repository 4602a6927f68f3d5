"""Learn the motion of a damped vehicle suspension from measured trajectories with a neural differential equation."""
import torch
from torch import nn

SAMPLES = 60          # measurements per trajectory
PERIOD = 0.05         # seconds between two measurements
RATE = 2.0            # scale of the derivatives


def measured(n, seed):
    """Position and velocity after a bump, integrated finely with a progressive spring."""
    g = torch.Generator().manual_seed(seed)
    state = torch.randn(n, 2, generator=g)
    fine, out = 10, [state]
    for _ in range(SAMPLES):
        for _ in range(fine):
            pos, vel = state[:, 0], state[:, 1]
            acc = -4.0 * pos - 0.5 * pos ** 3 - 0.6 * vel
            state = state + PERIOD / fine * torch.stack([vel, acc], dim=1)
        out.append(state)
    path = torch.stack(out, dim=1)
    return path + 0.01 * torch.randn(path.shape, generator=g)


class NeuralODE(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.rate = nn.Sequential(nn.Linear(2, hidden), nn.SiLU(), nn.Linear(hidden, hidden), nn.SiLU(),
                                  nn.Linear(hidden, 2))

    def forward(self, start, steps, dt=1.0):  # cure: def forward(self, start, steps, dt=PERIOD):
        state, out = start, [start]
        for _ in range(steps):
            state = state + dt * RATE * self.rate(state)
            out.append(state)
        return torch.stack(out, dim=1)


def fit(model, train, valid, epochs=25, batch=32):
    optimiser = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(epochs):
        losses = []
        for idx in torch.randperm(len(train)).split(batch):
            path = train[idx]
            loss = nn.functional.mse_loss(model(path[:, 0], SAMPLES), path)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        if epoch % 3 == 0:
            with torch.no_grad():
                err = nn.functional.mse_loss(model(valid[:, 0], SAMPLES), valid).item()
            print(f"epoch {epoch:2d}: train {sum(losses) / len(losses):.4g}  valid {err:.4g}")


if __name__ == "__main__":
    torch.manual_seed(6)
    fit(NeuralODE(), measured(256, 1), measured(64, 2))
