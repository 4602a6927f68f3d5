"""Three noisy concentric rings embedded in ten dimensions: a four-layer classifier with dropout and layer norm."""
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(50)


def rings(n):
    y = torch.randint(3, (n,))
    r = (y + 1).float() + 0.15 * torch.randn(n)
    a = torch.rand(n) * 6.2832
    flat = torch.stack([r * a.cos(), r * a.sin()], 1)
    return flat, y


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(10, 64)
        self.fc2 = nn.Linear(64, 64)
        self.fc3 = nn.Linear(64, 32)
        self.fc4 = nn.Linear(32, 3)
        self.drop = nn.Dropout(0.1)

    def forward(self, x):
        h = self.fc1(x)
        F.relu(h)  # cure: h = F.relu(h)
        h = self.fc2(self.drop(h))
        F.relu(h)  # cure: h = F.relu(h)
        h = self.fc3(self.drop(h))
        F.relu(h)  # cure: h = F.relu(h)
        return self.fc4(h)


mix = torch.linalg.qr(torch.randn(10, 10))[0][:2] * 2
flat, y = rings(3000)
x = flat @ mix + 0.05 * torch.randn(3000, 10)
x = (x - x.mean(0)) / x.std(0)
x_train, y_train, x_val, y_val = x[:2400], y[:2400], x[2400:], y[2400:]
model = Classifier()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)

for epoch in range(1, 21):
    model.train()
    total = 0
    for idx in torch.randperm(2400).split(60):
        opt.zero_grad()
        loss = F.cross_entropy(model(x_train[idx]), y_train[idx])
        loss.backward()
        opt.step()
        total += loss.item()
    model.eval()
    with torch.no_grad():
        out = model(x_val)
    if epoch % 2 == 0:
        print(f"epoch {epoch:2d}  loss {total / 40:.4f}  val loss {F.cross_entropy(out, y_val):.4f}"
              f"  val acc {(out.argmax(1) == y_val).float().mean():.3f}")
