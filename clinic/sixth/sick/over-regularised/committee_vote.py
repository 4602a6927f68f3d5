"""Vote of a committee member from 16 attitude scores; MLP with dropout, sizes from our TF1 code."""
import torch
from torch import nn

KEEP_PROB = 0.9


def votes(n, g):
    x = torch.randn(n, 16, generator=g)
    logit = 2.0 * x[:, 0] * x[:, 1] + 1.5 * x[:, 2] - x[:, 3].abs() + 0.8
    return x, (logit + 0.3 * torch.randn(n, generator=g) > 0).float()


class Committee(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2, self.fc3 = nn.Linear(16, 128), nn.Linear(128, 128), nn.Linear(128, 1)
        self.drop = nn.Dropout(KEEP_PROB)  # cure: self.drop = nn.Dropout(1 - KEEP_PROB)

    def forward(self, x):
        x = self.drop(torch.relu(self.fc1(x)))
        x = self.drop(torch.relu(self.fc2(x)))
        return self.fc3(x).squeeze(1)


torch.manual_seed(33)
g = torch.Generator().manual_seed(33)
(x, y), (xv, yv) = votes(3000, g), votes(1000, g)
net = Committee()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
bce = nn.BCEWithLogitsLoss()
for epoch in range(1, 21):
    net.train()
    total = 0.0
    for idx in torch.randperm(3000).split(50):
        loss = bce(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 60
    net.eval()
    with torch.no_grad():
        out = net(xv)
    if epoch % 4 == 0:
        print(f"epoch {epoch:2d}: train {total:.4f} valid {bce(out, yv).item():.4f} acc {((out > 0) == (yv > 0)).float().mean().item():.3f}")
