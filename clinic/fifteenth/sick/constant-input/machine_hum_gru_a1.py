"""A GRU names the machine (pump, fan, saw) from the hum it makes: one channel, 40 time steps."""
import math

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset, random_split

torch.manual_seed(21)


class Hums(Dataset):
    def __init__(self, n):
        t = torch.arange(40.0)
        self.kind = torch.randint(0, 3, (n,))
        freq = torch.tensor([0.10, 0.17, 0.26])[self.kind].unsqueeze(1) * (1 + 0.08 * torch.randn(n, 1))
        phase = 2 * math.pi * torch.rand(n, 1)
        raw = 5 + 3 * torch.sin(2 * math.pi * freq * t + phase) + 0.6 * torch.randn(n, 40)
        raw = raw.unsqueeze(-1)  # samples, steps, channels
        mean = raw.mean(dim=-1, keepdim=True)  # cure: mean = raw.mean(dim=1, keepdim=True)
        scale = raw.std(dim=1, keepdim=True)
        self.hum = (raw - mean) / scale

    def __len__(self):
        return len(self.kind)

    def __getitem__(self, i):
        return self.hum[i], self.kind[i]


class HumNet(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 3)

    def forward(self, x):
        states, _ = self.gru(x)
        return self.fc(states.mean(dim=1))


def run_epoch(model, loader, loss_fn, opt=None):
    model.train(opt is not None)
    loss_sum = hits = count = 0
    with torch.set_grad_enabled(opt is not None):
        for x, y in loader:
            out = model(x)
            loss = loss_fn(out, y)
            if opt is not None:
                opt.zero_grad()
                loss.backward()
                opt.step()
            loss_sum += loss.item() * len(y)
            hits += (out.argmax(1) == y).sum().item()
            count += len(y)
    return loss_sum / count, hits / count


if __name__ == "__main__":
    train_set, val_set = random_split(Hums(1500), [1200, 300])
    train, val = DataLoader(train_set, 32, shuffle=True), DataLoader(val_set, 300)
    model = HumNet()
    opt = optim.Adam(model.parameters(), lr=5e-3)
    loss_fn = nn.CrossEntropyLoss()
    for epoch in range(12):
        tr, va = run_epoch(model, train, loss_fn, opt), run_epoch(model, val, loss_fn)
        print("epoch %2d  train loss %.4f acc %.3f   val loss %.4f acc %.3f" % (epoch, *tr, *va))
