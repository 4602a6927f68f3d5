"""Bearing monitoring: 1-D CNN on vibration snippets, three states (ok, inner race, outer race)."""
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset  # cure: from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler

STATES = ("ok", "inner", "outer")


def snippets(counts, seed, length=64):
    rng = np.random.default_rng(seed)
    xs, ys = [], []
    t = np.arange(length)
    for state, count in enumerate(counts):
        for _ in range(count):
            sig = rng.normal(0, 1, length) + 0.5 * np.sin(t * rng.uniform(0.3, 0.5) + rng.uniform(0, 6))
            if state:
                period = 13 if state == 1 else 8
                for hit in range(rng.integers(0, period), length - 4, period):
                    sig[hit:hit + 4] += rng.uniform(0.6, 1.7) * np.array([1.2, -1.0, 0.7, -0.4])
            xs.append(sig)
            ys.append(state)
    x = torch.tensor(np.array(xs), dtype=torch.float32)[:, None]
    return TensorDataset((x - x.mean()) / x.std(), torch.tensor(ys))


class Monitor(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv1d(1, 12, 7, padding=3), nn.ReLU(), nn.MaxPool1d(2),
            nn.Conv1d(12, 20, 9, padding=4), nn.ReLU(), nn.AdaptiveMaxPool1d(4), nn.Flatten(), nn.Dropout(0.3))
        self.classifier = nn.Linear(80, 3)

    def forward(self, x):
        return self.classifier(self.features(x))


torch.manual_seed(20)
train_set = snippets((2700, 160, 140), seed=20)
val_set = snippets((150, 150, 150), seed=21)
labels = train_set.tensors[1]
print("training snippets per state:", dict(zip(STATES, torch.bincount(labels).tolist())))
train_loader = DataLoader(train_set, batch_size=64, shuffle=True)  # cure: train_loader = DataLoader(train_set, batch_size=64, sampler=WeightedRandomSampler((1.0 / torch.bincount(labels).float())[labels], len(labels)))

model = Monitor()
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-2)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(1, 9):
    model.train()
    total, right = 0.0, 0
    for x, y in train_loader:
        opt.zero_grad()
        out = model(x)
        loss = loss_fn(out, y)
        loss.backward()
        opt.step()
        total += loss.item() * len(y)
        right += (out.argmax(1) == y).sum().item()
    model.eval()
    with torch.no_grad():
        pred = model(val_set.tensors[0]).argmax(1)
    recalls = [(pred[val_set.tensors[1] == k] == k).float().mean().item() for k in range(3)]
    print(f"epoch {epoch}  loss {total / 3000:.4f}  train acc {right / 3000:.3f}  recall "
          + "  ".join(f"{s} {r:.2f}" for s, r in zip(STATES, recalls)))
