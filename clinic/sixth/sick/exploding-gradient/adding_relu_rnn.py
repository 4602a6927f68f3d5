"""A ReLU recurrent network learns to add up the marked numbers of a sequence (about one in five is marked)."""
from dataclasses import dataclass
import torch
from torch import nn


@dataclass
class Config:
    seq_len: int = 28
    hidden: int = 64
    batch: int = 64
    iters: int = 600
    lr: float = 0.003
    seed: int = 11


cfg = Config()
torch.manual_seed(cfg.seed)


def batch(n):
    vals = torch.rand(n, cfg.seq_len)
    mark = (torch.rand(n, cfg.seq_len) < 0.2).float()
    target = (vals * mark).sum(1) / 2
    return torch.stack([vals, mark], -1), target


class AddNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(2, cfg.hidden, nonlinearity="relu", batch_first=True)
        nn.init.normal_(self.rnn.weight_ih_l0, std=0.05)
        nn.init.normal_(self.rnn.weight_hh_l0, std=0.35)  # cure: nn.init.eye_(self.rnn.weight_hh_l0)
        nn.init.zeros_(self.rnn.bias_ih_l0)
        nn.init.zeros_(self.rnn.bias_hh_l0)
        self.head = nn.Linear(cfg.hidden, 1)

    def forward(self, x):
        _, h = self.rnn(x)
        return self.head(h[0]).squeeze(1)


net = AddNet()
optim = torch.optim.Adam(net.parameters(), lr=cfg.lr)
lossfn = nn.MSELoss()
xv, yv = batch(1000)
print(f"predicting the mean would score {yv.var().item():.3f}")
for it in range(cfg.iters):
    x, y = batch(cfg.batch)
    loss = lossfn(net(x), y)
    optim.zero_grad()
    loss.backward()
    optim.step()
    if (it + 1) % 60 == 0:
        with torch.no_grad():
            val = lossfn(net(xv), yv).item()
        print(f"iter {it + 1} batch mse {loss.item():.4f} held-out mse {val:.4f}")
