"""Online learning from a stream of sensor readings: predict the quantity from 12 channels, one minibatch at a time.
Targets come from the reference logger."""
import torch
import torch.nn as nn


class Stream:
    def __init__(self, seed, glitches=True):
        self.g = torch.Generator().manual_seed(seed)
        self.mix = torch.randn(12, 4, generator=torch.Generator().manual_seed(0)) / 12 ** 0.5
        self.glitches, self.count = glitches, 0

    def next(self, n=32):
        x = torch.randn(n, 12, generator=self.g)
        h = torch.tanh(x @ self.mix * 1.5)
        y = h[:, 0] * h[:, 1] + h[:, 2] - h[:, 3]
        self.count += 1
        if self.glitches and self.count == 900:
            y[0] = 300.0
        return x, y


torch.manual_seed(0)
stream, check = Stream(1), Stream(2, glitches=False).next(1000)
model = nn.Sequential(nn.Linear(12, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
window = []
for i in range(1, 1401):
    x, y = stream.next()
    loss = nn.functional.mse_loss(model(x).squeeze(1), y)
    opt.zero_grad()
    loss.backward()
    # cure: nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    window.append(loss.item())
    if i % 50 == 0:
        with torch.no_grad():
            ref = nn.functional.mse_loss(model(check[0]).squeeze(1), check[1])
        print(f"minibatch {i:5d} median loss {sorted(window)[len(window) // 2]:.4f} reference loss {ref:.4f}")
        window = []
