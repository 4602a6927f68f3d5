"""Wine cultivars with a small network: high rate first, annealed with a cosine towards zero."""
import torch
from torch import nn
from sklearn.datasets import load_wine
from sklearn.preprocessing import scale
from torch.optim.lr_scheduler import CosineAnnealingLR

torch.manual_seed(5)
raw = load_wine()
X = torch.tensor(scale(raw.data)[:, [0, 1, 4, 8]]).float()
Y = torch.tensor(scale(raw.data)[:, [6]]).float()
perm = torch.randperm(len(X))
X, Y = X[perm], Y[perm]
Xt, Yt, Xv, Yv = X[:140], Y[:140], X[140:], Y[140:]

EPOCHS = 100
net = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.3)
sched = CosineAnnealingLR(opt, T_max=EPOCHS)

for epoch in range(EPOCHS):
    for i in torch.randperm(len(Xt)).split(10):
        loss = (net(Xt[i]) - Yt[i]).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    # cure: sched.step()
    with torch.no_grad():
        tr = (net(Xt) - Yt).pow(2).mean().item()
        va = (net(Xv) - Yv).pow(2).mean().item()
    if epoch % 4 == 3:
        print(f"{epoch + 1:3d} train {tr:.4f} valid {va:.4f}")
