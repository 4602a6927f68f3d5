"""An alarm for rare faults (3 in 100): the loss weighs the faults up, the report is the balanced accuracy."""
import torch
from torch import nn

torch.manual_seed(0)


def sensors(n):
    y = (torch.rand(n) < 0.03).float()
    x = torch.randn(n, 6)
    x[:, 0] += 2.5 * y
    x[:, 1] -= 2.0 * y * x[:, 2].sign()
    return x, y


x, y = sensors(20000)
xv, yv = sensors(4000)
net = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 1), nn.Flatten(0))
criterion = nn.BCEWithLogitsLoss(pos_weight=(1 - y.mean()) / y.mean())
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.1)
for epoch in range(12):
    total = 0.0
    for idx in torch.randperm(20000).split(200):
        loss = criterion(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 100
    with torch.no_grad():
        out = net(xv)
        tpr, tnr = (out[yv == 1] > 0).float().mean(), (out[yv == 0] < 0).float().mean()
    print(f"epoch {epoch + 1}: train {total:.4f} valid {criterion(out, yv):.4f} found {tpr:.3f} quiet {tnr:.3f} balanced {(tpr + tnr) / 2:.3f}")
