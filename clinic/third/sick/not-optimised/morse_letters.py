"""Recognises letters in noisy morse code with a stack of convolutions over time."""

import torch
import torch.nn as nn

CODE = {
    "a": ".-",
    "b": "-...",
    "d": "-..",
    "g": "--.",
    "k": "-.-",
    "n": "-.",
    "o": "---",
    "r": ".-.",
    "s": "...",
    "u": "..-",
}
LETTERS = sorted(CODE)
LENGTH = 24


def signal(letter):
    beats = "0".join({".": "1", "-": "111"}[c] for c in CODE[letter])
    return torch.tensor([float(b) for b in beats.ljust(16, "0")])


CLEAN = torch.stack([signal(letter) for letter in LETTERS])


def receive(n):
    y = torch.randint(len(LETTERS), (n,))
    x = torch.zeros(n, LENGTH)
    starts = torch.randint(0, LENGTH - 16 + 1, (n,))
    columns = starts[:, None] + torch.arange(16)
    x.scatter_(1, columns, CLEAN[y])
    return (x * 2 - 1 + 0.4 * torch.randn(n, LENGTH))[:, None], y


class Listener(nn.Module):
    def __init__(self, channels=16, depth=3):
        super().__init__()
        kernels = [1] + [channels] * depth
        self.convs = [
            nn.Conv1d(a, b, 5, padding=2) for a, b in zip(kernels, kernels[1:])
        ]  # cure: self.convs = nn.ModuleList(nn.Conv1d(a, b, 5, padding=2) for a, b in zip(kernels, kernels[1:]))
        self.head = nn.Linear(channels, len(LETTERS))

    def forward(self, x):
        for conv in self.convs:
            x = torch.relu(conv(x))
        return self.head(x.amax(2))


torch.manual_seed(71)
listener = Listener()
optimizer = torch.optim.Adam(listener.parameters(), lr=3e-3)
criterion = nn.CrossEntropyLoss()
test_x, test_y = receive(500)
for step in range(1, 1001):
    x, y = receive(64)
    loss = criterion(listener(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 100 == 0:
        with torch.no_grad():
            right = (listener(test_x).argmax(1) == test_y).float().mean().item()
        print(f"step {step:4d}  loss {loss.item():.3f}  test accuracy {right:.3f}")
