"""Three interleaved spiral arms, told apart by an MLP with reproducible starting weights."""
import numpy as np
import torch
import torch.nn as nn

np.random.seed(1)
torch.manual_seed(1)


def spirals(per_arm):
    pts, arm = [], []
    for k in range(3):
        r = np.linspace(0.1, 1, per_arm)
        a = np.linspace(k * 2.1, k * 2.1 + 3.5, per_arm) + 0.12 * np.random.randn(per_arm)
        pts.append(np.stack([r * np.sin(a), r * np.cos(a)], 1))
        arm += [k] * per_arm
    return torch.tensor(np.concatenate(pts) * 2, dtype=torch.float32), torch.tensor(arm)


def reproducible(module):
    if isinstance(module, nn.Linear):
        fan_in = module.weight.shape[1]
        nn.init.constant_(module.weight, 1.0 / fan_in)  # cure: nn.init.normal_(module.weight, std=(2.0 / fan_in) ** 0.5)
        nn.init.zeros_(module.bias)


x, y = spirals(300)
order = torch.randperm(len(x))
train, valid = order[:700], order[700:]
mlp = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 3))
mlp.apply(reproducible)
opt = torch.optim.Adam(mlp.parameters(), lr=5e-3)
for epoch in range(1, 41):
    for i in train[torch.randperm(700)].split(35):
        opt.zero_grad()
        nn.functional.cross_entropy(mlp(x[i]), y[i]).backward()
        opt.step()
    if epoch % 5 == 0:
        with torch.no_grad():
            loss = nn.functional.cross_entropy(mlp(x[train]), y[train])
            acc = (mlp(x[valid]).argmax(1) == y[valid]).float().mean()
        print(f"epoch {epoch} | loss {loss:.4f} | valid acc {acc:.3f}")
