"""Tell four kinds of bearing by the spectrum of their vibration; a 1-d convolutional network on simulated records."""
import numpy as np
import torch
from torch import nn, optim

rng = np.random.default_rng(8)
LENGTH, KINDS = 128, 4


def load_records(count):
    buffer = np.zeros(LENGTH)
    spectra, kinds = [], []
    for _ in range(count):
        kind = rng.integers(KINDS)
        t = np.arange(LENGTH) / LENGTH
        buffer[:] = rng.normal(scale=1.5, size=LENGTH)
        for harmonic in (1, 2):
            freq = (6 + 3 * kind) * harmonic + rng.normal(scale=0.3)
            buffer += np.sin(2 * np.pi * (freq * t + rng.random())) / harmonic
        buffer *= np.hanning(LENGTH)
        spectra.append(buffer)  # cure: spectra.append(buffer.copy())
        kinds.append(kind)
    power = np.log1p(np.abs(np.fft.rfft(np.array(spectra), axis=1)))[:, :64]
    return torch.tensor(power, dtype=torch.float32).unsqueeze(1), torch.tensor(np.array(kinds))


torch.manual_seed(8)
x_train, k_train = load_records(4000)
x_valid, k_valid = load_records(400)
centre, spread = x_train.mean(), x_train.std()
x_train, x_valid = (x_train - centre) / spread, (x_valid - centre) / spread

net = nn.Sequential(
    nn.Conv1d(1, 12, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2),
    nn.Conv1d(12, 16, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2),
    nn.Flatten(), nn.Linear(16 * 16, KINDS))
opt = optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
criterion = nn.CrossEntropyLoss()
for epoch in range(8):
    order = torch.randperm(len(x_train))
    seen = 0.0
    for start in range(0, len(order), 50):
        pick = order[start:start + 50]
        opt.zero_grad()
        loss = criterion(net(x_train[pick]), k_train[pick])
        loss.backward()
        opt.step()
        seen += loss.item() * len(pick)
    with torch.no_grad():
        out = net(x_valid)
    print("epoch", epoch, "train %.4f" % (seen / len(order)), "valid %.4f" % criterion(out, k_valid).item(),
          "accuracy %.3f" % (out.argmax(1) == k_valid).float().mean().item())
