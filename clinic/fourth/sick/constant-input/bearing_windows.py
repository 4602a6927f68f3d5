"""Machine state (idle, cutting, chatter) from windows cut out of one long vibration recording; 1-D CNN."""
import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(3)
torch.manual_seed(3)
WIN = 128
pieces, states = [], []
for _ in range(300):
    state, length = rng.integers(3), rng.integers(300, 500)
    t = np.arange(length)
    tone = [0.0, 1.0, 1.0][state] * np.sin(0.25 * t + rng.uniform(0, 6))
    chatter = 0.9 * np.sin(0.9 * t + rng.uniform(0, 6)) if state == 2 else 0
    pieces.append(tone + chatter + 0.8 * rng.normal(size=length))
    states.append(np.full(length, state))
recording, state_at = np.concatenate(pieces), np.concatenate(states)
recording = (recording - recording.mean()) / recording.std()


def cut_windows(signal, starts, size=WIN):
    out = np.empty((len(starts), 1, size), dtype=np.float32)
    for row, start in enumerate(starts):
        segment = signal[start:]
        out[row, 0] = signal[:size]  # cure: out[row, 0] = segment[:size]
    return torch.from_numpy(out)


starts = np.arange(0, len(recording) - WIN, WIN // 2)
pure = state_at[starts] == state_at[starts + WIN - 1]
starts = starts[pure]
border = int(0.75 * len(starts))
train_starts, test_starts = starts[:border], starts[border + 2:]
x, y = cut_windows(recording, train_starts), torch.from_numpy(state_at[train_starts]).long()
xt, yt = cut_windows(recording, test_starts), torch.from_numpy(state_at[test_starts]).long()
print(len(x), "training windows,", len(xt), "test windows, classes", y.bincount().tolist())

net = nn.Sequential(nn.Conv1d(1, 16, 9, stride=2), nn.ReLU(), nn.Conv1d(16, 16, 9, stride=2), nn.ReLU(),
                    nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(15):
    for idx in torch.randperm(len(x)).split(32):
        loss = loss_fn(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        out = net(xt)
    print(f"epoch {epoch:2d} test loss {loss_fn(out, yt).item():.4f} accuracy {(out.argmax(1) == yt).float().mean().item():.3f}")
