"""LoRA: a frozen base network, pretrained on one sensor, is adapted to another with low-rank updates (B starts at zero)."""
import torch
from torch import nn


def sensor(n, g, drift):
    x = torch.randn(n, 6, generator=g)
    y = torch.sin(x[:, 0] + drift) + x[:, 1] * x[:, 2] * (1 - drift) + 0.5 * x[:, 3].abs() - drift * x[:, 4]
    return x, y[:, None]


class LoRA(nn.Module):
    def __init__(self, base, rank):
        super().__init__()
        self.base = base
        for p in base.parameters():
            p.requires_grad_(False)
        self.A = nn.Parameter(torch.randn(rank, base.in_features) / base.in_features ** 0.5)
        self.B = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x):
        return self.base(x) + x @ self.A.T @ self.B.T


def fit(net, params, data, test, epochs, lr, tag):
    opt = torch.optim.Adam(params, lr=lr)
    x, y = data
    for e in range(1, epochs + 1):
        for i in torch.randperm(len(x)).split(64):
            loss = nn.functional.mse_loss(net(x[i]), y[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
        if e % 4 == 0:
            with torch.no_grad():
                print(tag, "epoch", e, "loss %.4f test %.4f" % (loss.item(), nn.functional.mse_loss(net(test[0]), test[1])))


torch.manual_seed(201)
g = torch.Generator().manual_seed(202)
net = nn.Sequential(nn.Linear(6, 48), nn.GELU(), nn.Linear(48, 48), nn.GELU(), nn.Linear(48, 1))
fit(net, net.parameters(), sensor(3000, g, 0.0), sensor(500, g, 0.0), 16, 3e-3, "base")
for k in (0, 2, 4):
    net[k] = LoRA(net[k], rank=4)
trainable = [p for p in net.parameters() if p.requires_grad]
print("trainable", sum(p.numel() for p in trainable), "of", sum(p.numel() for p in net.parameters()))
fit(net, trainable, sensor(2000, g, 0.6), sensor(500, g, 0.6), 20, 4e-3, "lora")
