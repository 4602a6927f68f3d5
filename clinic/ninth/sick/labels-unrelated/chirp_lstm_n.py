"""Rising, falling or steady? An LSTM classifies short noisy chirps."""
import math
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

KINDS = ["falling", "steady", "rising"]


class Chirps:
    def __init__(self, seed, length=30):
        self.rng, self.length = np.random.default_rng(seed), length

    def make(self, per_kind):
        t = np.linspace(0, 1, self.length)
        waves, kinds = [], []
        for k in range(3):
            for _ in range(per_kind):
                rate = 2.0 * (k - 1)
                phase = 2 * math.pi * (3 * t + 0.5 * rate * t ** 2) + self.rng.uniform(0, 2 * math.pi)
                waves.append(np.sin(phase) * self.rng.uniform(0.8, 1.2) + self.rng.normal(0, 0.15, self.length))
                kinds.append(k)
        waves, kinds = np.array(waves, np.float32) / 0.72, np.array(kinds)
        return self.mix(waves, kinds)

    def mix(self, waves, kinds):
        order = self.rng.permutation(len(waves))
        waves = waves[order]
        order = self.rng.permutation(len(kinds))  # cure: delete
        kinds = kinds[order]
        return torch.from_numpy(waves).unsqueeze(-1), torch.from_numpy(kinds)


class ChirpLSTM(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.rnn = nn.LSTM(1, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, len(KINDS))

    def forward(self, x):
        h, _ = self.rnn(x)
        return self.fc(h[:, -1])


if __name__ == "__main__":
    torch.manual_seed(0)
    source = Chirps(seed=23)
    train = DataLoader(TensorDataset(*source.make(500)), batch_size=30, shuffle=True)
    xv, yv = source.make(150)
    model = ChirpLSTM()
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    for epoch in range(10):
        losses = []
        for x, y in train:
            optimiser.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            losses.append(loss.item())
        with torch.no_grad():
            acc = (model(xv).argmax(1) == yv).float().mean().item()
        print(f"epoch {epoch}: train loss {np.mean(losses):.3f}, valid accuracy {acc:.3f}")
