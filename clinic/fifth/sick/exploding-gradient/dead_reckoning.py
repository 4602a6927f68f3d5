"""Dead reckoning: integrate noisy speed readings over 50 steps with a ReLU network started at the identity (IRNN)."""
import torch
from torch import nn

torch.manual_seed(1)
LENGTH, HIDDEN, STEPS, LR = 50, 48, 500, 0.0012


def sample(n):
    speed = torch.randn(n, LENGTH)
    gyro = torch.randn(n, LENGTH).sign()
    readings = torch.stack([speed * gyro + 0.1 * torch.randn(n, LENGTH), gyro], -1)
    return readings, (speed * gyro).sum(1) / LENGTH ** 0.5


class IRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.RNN(2, HIDDEN, nonlinearity="relu", batch_first=True)
        nn.init.eye_(self.cell.weight_hh_l0)
        nn.init.normal_(self.cell.weight_ih_l0, std=0.1)
        nn.init.zeros_(self.cell.bias_hh_l0)
        nn.init.zeros_(self.cell.bias_ih_l0)
        self.read = nn.Linear(HIDDEN, 1)

    def forward(self, x):
        return self.read(self.cell(x)[0][:, -1]).squeeze(-1)


net = IRNN()
opt = torch.optim.SGD(net.parameters(), lr=LR, momentum=0.9)
xv, yv = sample(400)
for it in range(STEPS):
    x, y = sample(50)
    loss = ((net(x) - y) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    # cure: nn.utils.clip_grad_norm_(net.parameters(), 0.5)
    opt.step()
    if it % 50 == 0 or it == STEPS - 1:
        with torch.no_grad():
            print(f"{it:4d} train {loss.item():.4f} valid {((net(xv) - yv) ** 2).mean().item():.4f}")
