"""Which of the 8 notes sound in a short chord? Spectrum in, one score per note out (several notes sound at once)."""
import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(1)
torch.manual_seed(1)
RATE, N = 2000, 256
NOTES = 220 * 2 ** (np.arange(8) * 2 / 12)


def chords(count):
    on = (rng.random((count, 8)) < 0.35).astype(np.float32)
    t = np.arange(N) / RATE
    waves = np.sin(2 * np.pi * NOTES[None, :, None] * t + rng.uniform(0, 6.28, (count, 8, 1)))
    loud = rng.uniform(0.5, 1.2, (count, 8, 1))
    signal = (on[:, :, None] * loud * waves).sum(1) + 0.4 * rng.normal(size=(count, N))
    spec = np.log1p(np.abs(np.fft.rfft(signal * np.hanning(N), axis=1)))[:, 10:100]
    return torch.tensor(spec, dtype=torch.float32), torch.tensor(on)


x, y = chords(3000)
xt, yt = chords(1000)
m, s = x.mean(0), x.std(0)
x, xt = (x - m) / s, (xt - m) / s

net = nn.Sequential(nn.Linear(90, 64), nn.ReLU(), nn.Linear(64, 8))
loss_fn = nn.CrossEntropyLoss()  # cure: loss_fn = nn.BCEWithLogitsLoss()
opt = torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=1e-4)
for epoch in range(1, 11):
    net.train()
    for idx in torch.randperm(len(x)).split(50):
        opt.zero_grad()
        loss = loss_fn(net(x[idx]), y[idx])
        loss.backward()
        opt.step()
    if epoch % 2 == 0:
        net.eval()
        with torch.no_grad():
            heard = net(xt).softmax(1) > 0.25  # cure: heard = net(xt).sigmoid() > 0.5
        truth = yt > 0.5
        tp = (heard & truth).sum().item()
        f1 = 2 * tp / (heard.sum().item() + truth.sum().item())
        print(f"epoch {epoch}: loss {loss.item():.4f}, note F1 {f1:.3f}, whole chord right {(heard == truth).all(1).float().mean():.3f}")
