"""A mixture of small experts: a router sends every point to the expert for its region of a piecewise function."""
import torch
from torch import nn

torch.manual_seed(12)


def truth(x):
    a, b = x[:, 0], x[:, 1]
    return torch.where(a * b > 0, 2 * a - b, torch.where(a > 0, b + 2, -1.5 * a - 2 - b))


class Experts(nn.Module):
    def __init__(self, n=6):
        super().__init__()
        self.router = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, n))
        self.experts = nn.ModuleList([nn.Linear(2, 1) for _ in range(n)])

    def forward(self, x):
        answers = torch.cat([e(x) for e in self.experts], 1)
        chosen = self.router(x).argmax(1, keepdim=True)  # cure: gates = self.router(x).softmax(1)
        return answers.gather(1, chosen)[:, 0]  # cure: return (answers * gates).sum(1)


x = 2 * torch.rand(2500, 2) - 1
y = truth(x) + 0.05 * torch.randn(len(x))
y = (y - y.mean()) / y.std()
x = x / 0.577
train = torch.utils.data.TensorDataset(x[:2000], y[:2000])
x_val, y_val = x[2000:], y[2000:]

model = Experts()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=30)
for epoch in range(30):
    mean = 0.0
    for xb, yb in torch.utils.data.DataLoader(train, 64, shuffle=True):
        loss = (model(xb) - yb).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        mean += loss.item() * len(xb) / len(train)
    scheduler.step()
    if epoch % 3 == 2:
        with torch.no_grad():
            v = (model(x_val) - y_val).square().mean().item()
            share = torch.bincount(model.router(x_val).argmax(1), minlength=6) / len(x_val)
        print(f"epoch {epoch + 1:2d}  mse {mean:.4f}  valid {v:.4f}  share of experts",
              [round(s, 2) for s in share.tolist()])
