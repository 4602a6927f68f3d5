"""Which of five lunches does a guest take? Maximum likelihood of a categorical choice, given mood and weather."""

import numpy as np
import torch
from torch import nn
from torch.distributions import Categorical

np.random.seed(0)
torch.manual_seed(0)


def guests(n):
    x = np.random.randn(n, 6)
    utility = np.stack(
        [x[:, 0] + x[:, 1], np.sin(2 * x[:, 2]), x[:, 3] * x[:, 4], -x[:, 0] + 0.5 * x[:, 5], 0.5 - x[:, 1] ** 2], 1
    )
    choice = (3 * utility + np.random.gumbel(size=utility.shape)).argmax(1)
    return torch.tensor(x, dtype=torch.float32), torch.tensor(choice)


class Choice(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(6, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 5))

    def forward(self, x):
        return Categorical(logits=self.net(x))


def main():
    x, choice = guests(5000)
    x_new, choice_new = guests(1000)
    model = Choice()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(12):
        score = 0.0
        for rows in torch.randperm(5000).split(100):
            objective = (
                model(x[rows]).log_prob(choice[rows]).mean()
            )  # cure: objective = -model(x[rows]).log_prob(choice[rows]).mean()
            optimizer.zero_grad()
            objective.backward()
            optimizer.step()
            score += objective.item() / 50
        with torch.no_grad():
            dist = model(x_new)
            right = (dist.probs.argmax(1) == choice_new).float().mean()
            fresh = dist.log_prob(choice_new).mean()
        print(f"epoch {epoch + 1:2d}  objective {score:+.3f}  new guests {fresh:+.3f}, choices right {right:.3f}")


if __name__ == "__main__":
    main()
