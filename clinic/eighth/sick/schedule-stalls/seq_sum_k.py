"""LSTM that adds two marked numbers in a sequence; exponential learning-rate decay."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def adding(n, length=15):
    val = torch.rand(n, length) * 2 - 1
    mark = torch.zeros(n, length)
    mark.scatter_(1, torch.rand(n, length).argsort(1)[:, :2], 1.0)
    return torch.stack([val, mark], 2), (val * mark).sum(1)


class Adder(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 48, batch_first=True)
        self.fc = nn.Linear(48, 1)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1]).squeeze(1)


torch.manual_seed(0)
loader = DataLoader(TensorDataset(*adding(4000)), batch_size=50, shuffle=True)
xv, yv = adding(800)
model = Adder()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=0.93)
for epoch in range(12):
    total = 0.0
    for x, y in loader:
        loss = nn.functional.mse_loss(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()  # cure: delete
        total += loss.item() / len(loader)
    # cure: sched.step()
    with torch.no_grad():
        mae = (model(xv) - yv).abs().mean()
    print(f"epoch {epoch + 1:2d} mse {total:.4f} valid mae {mae:.4f}")
