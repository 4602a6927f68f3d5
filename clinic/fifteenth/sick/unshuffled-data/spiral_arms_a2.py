"""Tells the five arms of a noisy spiral apart with a small MLP; points come from a generator that draws arm after arm."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Spiral(Dataset):
    def __init__(self, per_arm, arms=5, seed=0):
        rng = np.random.default_rng(seed)
        xs, ys = [], []
        for arm in range(arms):
            r = np.sqrt(rng.uniform(0.02, 1, per_arm))
            phi = 3.5 * r + 2 * np.pi * arm / arms + rng.normal(0, 0.12, per_arm)
            xs.append(np.stack([r * np.cos(phi), r * np.sin(phi)], axis=1) / 0.5)
            ys.append(np.full(per_arm, arm))
        self.x = torch.tensor(np.concatenate(xs), dtype=torch.float32)
        self.y = torch.tensor(np.concatenate(ys))

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def main():
    torch.manual_seed(0)
    train_set, test_set = Spiral(400, seed=1), Spiral(100, seed=2)
    train_loader = DataLoader(train_set, batch_size=40)  # cure: train_loader = DataLoader(train_set, batch_size=40, shuffle=True)
    model = nn.Sequential(nn.Linear(2, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 5))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(30):
        running = 0.0
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            running += loss.item() / len(train_loader)
        if epoch % 3 == 2:
            with torch.no_grad():
                logits = model(test_set.x)
                accuracy = (logits.argmax(1) == test_set.y).float().mean().item()
                test = criterion(logits, test_set.y).item()
            print(f"epoch {epoch + 1:2d}  train {running:.4f}  test {test:.4f}  test accuracy {accuracy:.3f}")


if __name__ == "__main__":
    main()
