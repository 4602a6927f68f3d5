"""Four in a hundred parts are defective; a weighted sampler shows the network both kinds equally often. Judged by recall of each kind."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler

torch.manual_seed(6)
rng = np.random.default_rng(6)


def parts(n):
    y = (rng.random(n) < 0.04).astype(np.float32)
    x = rng.normal(size=(n, 16)).astype(np.float32)
    x[:, :4] += 1.1 * y[:, None]
    x[:, 4] *= 1 + y
    return torch.from_numpy(x), torch.from_numpy(y)


x, y = parts(6000)
xt, yt = parts(3000)
weights = torch.where(y > 0, (y == 0).sum() / (y > 0).sum(), 1.0)
loader = DataLoader(TensorDataset(x, y), batch_size=64, sampler=WeightedRandomSampler(weights, 6000))
net = nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 1))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.05)
bce = nn.BCEWithLogitsLoss()
for epoch in range(1, 13):
    net.train()
    mean = 0.0
    for xb, yb in loader:
        opt.zero_grad()
        loss = bce(net(xb).squeeze(1), yb)
        loss.backward()
        opt.step()
        mean += loss.item() / len(loader)
    net.eval()
    with torch.no_grad():
        alarm = net(xt).squeeze(1) > 0
    bad, good = yt > 0, yt == 0
    recall, specificity = alarm[bad].float().mean().item(), (~alarm[good]).float().mean().item()
    print(f"epoch {epoch:2d}  loss {mean:.4f}  defects found {recall:.3f}  good parts passed {specificity:.3f}  balanced {(recall + specificity) / 2:.3f}")
