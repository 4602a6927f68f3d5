"""The adding problem: sum the two marked numbers of a sequence of 30, with a plain recurrent network (IRNN)."""
import torch
from torch import nn

torch.manual_seed(2)
T, B, STEPS = 30, 64, 900


def sample(n):
    values = torch.rand(n, T) - 0.5
    marks = torch.zeros(n, T)
    first = torch.randint(0, T // 2, (n,))
    second = torch.randint(T // 2, T, (n,))
    rows = torch.arange(n)
    marks[rows, first] = 1
    marks[rows, second] = 1
    target = values[rows, first] + values[rows, second]
    return torch.stack([values, marks], 2), target / 0.41


class IRNN(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.rnn = nn.RNN(2, width, nonlinearity="relu", batch_first=True)
        with torch.no_grad():
            self.rnn.weight_hh_l0.copy_(torch.eye(width))
            self.rnn.weight_ih_l0.normal_(0, 0.1)
            self.rnn.bias_hh_l0.zero_()
            self.rnn.bias_ih_l0.zero_()
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        _, h = self.rnn(x)
        return self.out(h[0]).squeeze(1)


net = IRNN()
optimizer = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
x_val, y_val = sample(1000)
for step in range(1, STEPS + 1):
    x, y = sample(B)
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    norm = torch.sqrt(sum((p.grad ** 2).sum() for p in net.parameters()))
    # cure: nn.utils.clip_grad_norm_(net.parameters(), 0.5)
    optimizer.step()
    scheduler.step()
    if step % 60 == 0 or step <= 3:
        with torch.no_grad():
            val = nn.functional.mse_loss(net(x_val), y_val)
        print(f"step {step:4d}  loss {loss.item():.4g}  grad norm {norm.item():.4g}  valid {val.item():.4g}")
