# 1-D convolutional classifier: does a noisy trace contain an oscillating burst, and is it slow or fast?
import math
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import Dataset, DataLoader


class Bursts(Dataset):
    def __init__(self, n, seed, length=64):
        g = torch.Generator().manual_seed(seed)
        self.label = torch.randint(0, 3, (n,), generator=g)
        t = torch.arange(length).float()
        centre = 16 + 32 * torch.rand(n, 1, generator=g)
        phase = 2 * math.pi * torch.rand(n, 1, generator=g)
        period = torch.tensor([8.0, 8.0, 4.0])[self.label][:, None]
        strength = torch.tensor([0.0, 2.0, 2.0])[self.label][:, None]
        burst = strength * torch.exp(-((t - centre) / 7) ** 2) * torch.sin(2 * math.pi * t / period + phase)
        trace = burst + 0.5 * torch.randn(n, length, generator=g)
        self.trace = (trace / trace.std())[:, None]

    def __len__(self):
        return len(self.label)

    def __getitem__(self, i):
        return self.trace[i], self.label[i]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(1, 16, 9, padding=4)
        self.conv2 = nn.Conv1d(16, 32, 9, padding=4, stride=2)
        self.conv3 = nn.Conv1d(32, 32, 5, padding=2, stride=2)
        self.fc = nn.Linear(32, 3)

    def forward(self, x):
        for conv in (self.conv1, self.conv2, self.conv3):
            x = conv(x)
            F.relu(x)  # cure: x = F.relu(x)
        return self.fc(x.mean(-1))


torch.manual_seed(1)
train = DataLoader(Bursts(1500, 0), batch_size=50, shuffle=True)
valid = DataLoader(Bursts(500, 1), batch_size=500)
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(8):
    tot = 0
    for x, y in train:
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        tot += loss.item()
    with torch.no_grad():
        x, y = next(iter(valid))
        out = model(x)
    print(f"epoch {epoch} | train {tot / len(train):.3f} | valid {F.cross_entropy(out, y).item():.3f}"
          f" | acc {(out.argmax(1) == y).float().mean().item():.3f}")
