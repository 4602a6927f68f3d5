"""The adding problem: a ReLU RNN adds the two marked numbers of a sequence."""
import argparse

import torch
import torch.nn as nn

parser = argparse.ArgumentParser()
parser.add_argument("--length", type=int, default=40)
parser.add_argument("--hidden", type=int, default=64)
parser.add_argument("--gain", type=float, default=1.3)  # cure: parser.add_argument("--gain", type=float, default=1.0)
parser.add_argument("--lr", type=float, default=1e-3)
parser.add_argument("--steps", type=int, default=500)
args = parser.parse_args()


def sample(n, length):
    values = torch.rand(n, length)
    marks = torch.zeros(n, length)
    half = length // 2
    rows = torch.arange(n)
    a = torch.randint(0, half, (n,))
    b = torch.randint(half, length, (n,))
    marks[rows, a] = 1.0
    marks[rows, b] = 1.0
    return torch.stack([values, marks], -1), values[rows, a] + values[rows, b]


class Adder(nn.Module):
    def __init__(self, hidden, gain):
        super().__init__()
        self.rnn = nn.RNN(2, hidden, nonlinearity="relu", batch_first=True)
        self.head = nn.Linear(hidden, 1)
        nn.init.normal_(self.rnn.weight_ih_l0, std=0.05)
        self.rnn.weight_hh_l0.data.copy_(torch.eye(hidden) * gain)
        nn.init.zeros_(self.rnn.bias_ih_l0)
        nn.init.zeros_(self.rnn.bias_hh_l0)

    def forward(self, x):
        h, _ = self.rnn(x)
        return self.head(h[:, -1]).squeeze(-1)


torch.manual_seed(1)
net = Adder(args.hidden, args.gain)
opt = torch.optim.Adam(net.parameters(), lr=args.lr)
xt, yt = sample(500, args.length)
print("variance of the target", yt.var().item())
for step in range(args.steps + 1):
    x, y = sample(64, args.length)
    loss = nn.functional.mse_loss(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        with torch.no_grad():
            test = nn.functional.mse_loss(net(xt), yt).item()
        print(f"{step:5d}  train mse {loss.item():.4g}   test mse {test:.4g}")
