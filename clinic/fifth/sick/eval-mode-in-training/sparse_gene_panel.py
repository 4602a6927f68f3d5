"""Few patients, many genes: a wide network held in check by dropout."""
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(33)
GENES, N_TRAIN, N_VALID = 60, 240, 600


def patients(n):
    x = torch.randn(n, GENES)
    z = 1.1 * x[:, 0] - 0.9 * x[:, 1] + 0.8 * x[:, 2] + 0.7 * x[:, 3] * (x[:, 4] > 0) + 0.6 * x[:, 5]
    return x, (torch.rand(n) < torch.sigmoid(1.5 * z)).float()


class Panel(nn.Module):
    def __init__(self, width=128, p=0.7):
        super().__init__()
        self.inp = nn.Dropout(0.3)
        self.l1, self.l2, self.l3 = nn.Linear(GENES, width), nn.Linear(width, width), nn.Linear(width, 1)
        self.drop = nn.Dropout(p)

    def forward(self, x):
        h = self.drop(F.relu(self.l1(self.inp(x))))
        h = self.drop(F.relu(self.l2(h)))
        return self.l3(h).squeeze(1)


def score(net, x, y):
    net.eval()
    with torch.no_grad():
        out = net(x)
    return F.binary_cross_entropy_with_logits(out, y).item(), ((out > 0).float() == y).float().mean().item()


xt, yt = patients(N_TRAIN)
xv, yv = patients(N_VALID)
net = Panel()
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.05)
net.train()
for epoch in range(1, 41):
    # cure: net.train()
    loss_sum = 0.0
    for b in torch.randperm(N_TRAIN).split(24):
        loss = F.binary_cross_entropy_with_logits(net(xt[b]), yt[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        loss_sum += loss.item() * len(b)
    vl, va = score(net, xv, yv)
    if epoch % 4 == 0:
        print(f"epoch {epoch:3d} | training {loss_sum / N_TRAIN:.4f} | validation {vl:.4f} acc {va:.3f}")
