"""Forecast the next value of a noisy two-tone signal with a small convolutional net, cosine schedule."""
import torch
import torch.nn as nn
from torch.optim.lr_scheduler import CosineAnnealingLR

torch.manual_seed(9)
t = torch.arange(6000.0)
series = torch.sin(0.21 * t) + 0.6 * torch.sin(0.083 * t + 1)
series = series / series.std()
win = (series + 0.02 * torch.randn(6000)).unfold(0, 33, 1)
X, Y = win[:, :32].unsqueeze(1), win[:, 32:]
perm = torch.randperm(4500)
Xt, Yt, Xv, Yv = X[:4500][perm], Y[:4500][perm], X[4600:], Y[4600:]
net = nn.Sequential(nn.Conv1d(1, 16, 5), nn.SiLU(), nn.Conv1d(16, 16, 5, stride=2), nn.SiLU(), nn.Flatten(),
                    nn.Linear(192, 32), nn.SiLU(), nn.Linear(32, 1))
EPOCHS = 24
opt = torch.optim.RMSprop(net.parameters(), lr=0.01)
sched = CosineAnnealingLR(opt, T_max=EPOCHS)
for epoch in range(EPOCHS):
    total = 0.0
    for idx in torch.randperm(4500).split(150):
        loss = nn.functional.mse_loss(net(Xt[idx]), Yt[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 30
    # cure: sched.step()
    with torch.no_grad():
        val = nn.functional.mse_loss(net(Xv), Yv).item()
    print(f"epoch {epoch + 1:2d} train {total:.5f} valid {val:.5f}")
