"""Hourly load forecast with a stateful LSTM: sixteen stations run side by side, the record is read in its order (the state
is carried on, detached, from chunk to chunk), so the chunks must not be shuffled."""
import torch
from torch import nn

torch.manual_seed(52)
STATIONS, HOURS, CHUNK = 16, 24 * 70, 48
t = torch.arange(HOURS + 1.0)
phase, weekly = torch.rand(STATIONS, 1) * 0.8, 0.3 + 0.4 * torch.rand(STATIONS, 1)
load = torch.sin(2 * torch.pi * (t / 24 + phase)) + weekly * torch.sin(2 * torch.pi * t / 168) + 0.4 * torch.sin(4 * torch.pi * t / 24)
noise = torch.randn(STATIONS, HOURS + 1)
for k in range(1, HOURS + 1):
    noise[:, k] = 0.6 * noise[:, k - 1] + 0.12 * noise[:, k]
load = load + noise
split = 24 * 56
load = (load - load[:, :split].mean(1, keepdim=True)) / load[:, :split].std(1, keepdim=True)


class Net(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x, state=None):
        h, state = self.lstm(x.unsqueeze(2), state)
        return x + self.out(h).squeeze(2), state


def chunks(first, last):
    for k in range(first, last, CHUNK):
        yield load[:, k:k + CHUNK], load[:, k + 1:k + CHUNK + 1]


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.StepLR(opt, step_size=10, gamma=0.5)
for epoch in range(30):
    state, train, n = None, 0.0, 0
    for x, y in chunks(0, split):
        out, state = net(x, state)
        loss = (out - y).square().mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        state = tuple(s.detach() for s in state)
        train, n = train + loss.item(), n + 1
    sched.step()
    with torch.no_grad():
        errors = []
        for x, y in chunks(split, HOURS):
            out, state = net(x, state)
            errors.append((out - y).square().mean())
    if epoch % 3 == 2:
        print(f"epoch {epoch + 1:2d} train {train / n:.4f} next two weeks {torch.stack(errors).mean():.4f}")
