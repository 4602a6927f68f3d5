"""A ReLU recurrent network adds up the marked numbers of a sequence (an easier cousin of the adding problem)."""
import math

import torch
import torch.nn as nn

torch.manual_seed(11)
LENGTH, UNITS = 30, 40


def adding_problem(n, length=LENGTH):
    values = torch.rand(n, length)
    marks = (torch.rand(n, length) < 0.3).float()
    total = (values * marks).sum(1)
    return torch.stack([values - 0.5, marks], 2), (total - 4.5) / 1.5


class IRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(2, UNITS, nonlinearity="relu", batch_first=True)
        self.fc = nn.Linear(UNITS, 1)
        nn.init.eye_(self.rnn.weight_hh_l0)
        nn.init.normal_(self.rnn.weight_ih_l0, std=0.1)
        nn.init.zeros_(self.rnn.bias_ih_l0)
        nn.init.zeros_(self.rnn.bias_hh_l0)

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.fc(out[:, -1])[:, 0]


def main():
    net = IRNN()
    opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    decay = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.05, total_iters=800)
    xv, yv = adding_problem(500)
    for it in range(1, 801):
        x, y = adding_problem(32)
        loss = ((net(x) - y) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        # cure: nn.utils.clip_grad_norm_(net.parameters(), 0.3)
        opt.step()
        decay.step()
        if it % 80 == 0:
            with torch.no_grad():
                rmse = math.sqrt(((net(xv) - yv) ** 2).mean().item())
            print(f"{it:5d}  batch loss {loss.item():.4g}   held-out rmse {rmse:.4g}")


main()
