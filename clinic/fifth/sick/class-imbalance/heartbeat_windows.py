"""Find the rare abnormal beats in windows of a heart signal (1-D convolution, macro F1)."""
import numpy as np
import torch
from sklearn.metrics import f1_score, recall_score
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler

rng = np.random.default_rng(31)
torch.manual_seed(31)


def beats(n, rare=0.04):
    t = np.linspace(-1, 1, 48)
    y = (rng.random(n) < rare).astype(int)
    shift = rng.normal(0, 0.06, (n, 1))
    width = np.where(y, 0.13, 0.10)[:, None] * rng.uniform(0.8, 1.2, (n, 1))
    amp = rng.uniform(0.8, 1.2, (n, 1))
    wave = amp * np.exp(-((t - shift) / width) ** 2) - 0.25 * np.where(y, 1.5, 1.0)[:, None] * np.exp(-((t - shift - 0.35) / 0.15) ** 2)
    wave += 0.2 * rng.normal(size=wave.shape)
    return torch.tensor(wave[:, None] / 0.4, dtype=torch.float32), torch.tensor(y)


class BeatNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv1d(1, 12, 7, stride=2, padding=3), nn.ReLU(),
                                  nn.Conv1d(12, 16, 5, stride=2, padding=2), nn.ReLU())
        self.head = nn.Sequential(nn.Flatten(), nn.Dropout(0.3), nn.Linear(16 * 12, 2))

    def forward(self, x):
        return self.head(self.conv(x))


xt, yt = beats(4000)
xv, yv = beats(2500)
weights = 1.0 / torch.bincount(yt)[yt].double()
sampler = WeightedRandomSampler(weights, len(yt))
loader = DataLoader(TensorDataset(xt, yt), 64, shuffle=True)  # cure: loader = DataLoader(TensorDataset(xt, yt), 64, sampler=sampler)
model = BeatNet()
opt = torch.optim.Adam(model.parameters(), lr=7e-4, weight_decay=1e-3)
ce = nn.CrossEntropyLoss()
for epoch in range(8):
    model.train()
    tl = 0.0
    for x, y in loader:
        opt.zero_grad()
        loss = ce(model(x), y)
        loss.backward()
        opt.step()
        tl += loss.item() / len(loader)
    model.eval()
    with torch.no_grad():
        pred = model(xv).argmax(1)
    print(f"epoch {epoch}  loss {tl:.4f}  macro F1 {f1_score(yv, pred, average='macro', zero_division=0):.3f}  "
          f"balanced recall {recall_score(yv, pred, average='macro'):.3f}")
