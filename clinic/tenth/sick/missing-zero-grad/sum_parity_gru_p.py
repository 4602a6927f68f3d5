"""GRU that counts pulses: was the number of long pulses in a noisy signal larger than that of short ones?"""
import torch
from torch import nn

torch.manual_seed(44)


def signals(n):
    x = 0.15 * torch.randn(n, 30)
    score = torch.zeros(n)
    for slot in range(6):
        kind = torch.randint(0, 3, (n,))
        x[:, slot * 5] += (kind > 0).float()
        x[:, slot * 5 + 1] += (kind > 0).float()
        x[:, slot * 5 + 2] += (kind == 2).float()
        x[:, slot * 5 + 3] += (kind == 2).float()
        score += (kind == 2).float() - (kind == 1).float()
    keep = score != 0
    return (x[keep, :, None] - 0.35) / 0.45, (score[keep] > 0).float()


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(1, 32, batch_first=True)
        self.fc = nn.Linear(32, 1)

    def forward(self, x):
        return self.fc(self.gru(x)[0].mean(1)).squeeze(1)


(x, y), (xv, yv) = signals(2500), signals(800)
net = Counter()
opt = torch.optim.SGD(net.parameters(), lr=0.3, momentum=0.9)
bce = nn.BCEWithLogitsLoss()
for epoch in range(15):
    total = 0.0
    for b in torch.randperm(len(x)).split(50):
        loss = bce(net(x[b]), y[b])
        # cure: opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        total += loss.item() * len(b)
    with torch.no_grad():
        z = net(xv)
    print(f"epoch {epoch + 1:2d}  train {total / len(x):.4f}  val {bce(z, yv).item():.4f}  acc {((z > 0) == (yv > 0)).float().mean():.3f}")
