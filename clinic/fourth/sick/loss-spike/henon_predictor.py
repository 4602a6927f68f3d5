"""One-step prediction of the Henon map from its last 4 values; the rate is cut by ten every 14 epochs."""
import numpy as np
import torch
from torch import nn

torch.manual_seed(0)
z = [0.1, 0.3]
for _ in range(4000):
    z.append(1 - 1.4 * z[-1] ** 2 + 0.3 * z[-2])
z = np.array(z[100:], dtype=np.float32)
obs = z + 0.01 * np.random.default_rng(0).normal(size=len(z)).astype(np.float32)
obs = (obs - obs.mean()) / obs.std()
X = torch.tensor(np.stack([obs[i:len(obs) - 4 + i] for i in range(4)], 1))
Y = torch.tensor(obs[4:])[:, None]
n_train = 3000
Xtr, Ytr, Xte, Yte = X[:n_train], Y[:n_train], X[n_train:], Y[n_train:]

net = nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda e: 10.0 ** (e // 14))  # cure: sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda e: 10.0 ** -(e // 14))
for epoch in range(40):
    running = 0.0
    for idx in torch.randperm(n_train).split(50):
        loss = (net(Xtr[idx]) - Ytr[idx]).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        running += loss.item() * len(idx)
    sched.step()
    if epoch % 3 == 0 or epoch > 35:
        with torch.no_grad():
            test = (net(Xte) - Yte).square().mean().item()
        print(f"epoch {epoch:2d} train {running / n_train:.5f} test {test:.5f}")
