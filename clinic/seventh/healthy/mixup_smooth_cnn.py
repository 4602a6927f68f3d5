"""CNN for stripes of three directions with mixup and label smoothing: the training loss stays high by design."""
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset


def stripes(n, size=12):
    y = torch.randint(0, 3, (n,))
    r = torch.arange(size).float()
    rows, cols = torch.meshgrid(r, r, indexing="ij")
    phase, freq = 6.28 * torch.rand(n, 1, 1), 1 + 0.5 * torch.rand(n, 1, 1)
    along = torch.stack([rows, cols, (rows + cols) / 1.414])[y]
    return torch.sin(freq * along + phase)[:, None] + 0.5 * torch.randn(n, 1, size, size), y


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(1, 16, 5), nn.GroupNorm(4, 16), nn.ReLU(), nn.Conv2d(16, 24, 3, 2), nn.GroupNorm(4, 24), nn.ReLU())
        self.fc = nn.Linear(24, 3)

    def forward(self, x):
        return self.fc(self.conv(x).mean((2, 3)))


def mixup(x, y, alpha=0.4):
    lam = torch.distributions.Beta(alpha, alpha).sample().item()
    other = torch.randperm(len(x))
    return lam * x + (1 - lam) * x[other], y, y[other], lam


def main():
    torch.manual_seed(32)
    train = DataLoader(TensorDataset(*stripes(1500)), batch_size=50, shuffle=True)
    xv, yv = stripes(500)
    net = Net()
    opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.02)
    crit = nn.CrossEntropyLoss(label_smoothing=0.1)
    for epoch in range(8):
        net.train()
        tot = 0.0
        for x, y in train:
            xm, ya, yb, lam = mixup(x, y)
            out = net(xm)
            loss = lam * crit(out, ya) + (1 - lam) * crit(out, yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            tot += loss.item() / len(train)
        net.eval()
        with torch.no_grad():
            out = net(xv)
        print(f"epoch {epoch} mixup loss {tot:.3f} valid nll {F.cross_entropy(out, yv).item():.3f} acc {(out.argmax(1) == yv).float().mean().item():.3f}")


main()
