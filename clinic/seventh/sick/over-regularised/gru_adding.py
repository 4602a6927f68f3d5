"""Sum of the two marked numbers in a sequence, GRU with an L2 penalty on its weights."""
import torch
from torch import nn

PENALTY = 4e-2  # cure: PENALTY = 1e-6


class Adder(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.gru = nn.GRU(2, hidden, batch_first=True)
        self.lin = nn.Linear(hidden, 1)

    def forward(self, x):
        return self.lin(self.gru(x)[0][:, -1])[:, 0]

    def penalty(self):
        return sum(p.pow(2).sum() for p in self.parameters())


def problems(n, length=10):
    value = torch.randn(n, length)
    mark = torch.zeros(n, length)
    first = torch.randint(0, length // 2, (n, 1))
    second = torch.randint(length // 2, length, (n, 1))
    mark.scatter_(1, first, 1.0)
    mark.scatter_(1, second, 1.0)
    return torch.stack([value, mark], 2), (value * mark).sum(1) / 1.414


def main():
    torch.manual_seed(55)
    x, y = problems(3000)
    xv, yv = problems(500)
    net = Adder()
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    for epoch in range(11):
        fit = 0.0
        for i in torch.randperm(len(x)).split(50):
            mse = nn.functional.mse_loss(net(x[i]), y[i])
            loss = mse + PENALTY * net.penalty()
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            opt.step()
            fit += mse.item() * len(i) / len(x)
        with torch.no_grad():
            v = nn.functional.mse_loss(net(xv), yv).item()
        print(f"epoch {epoch:2d}  mse {fit:.4f}  valid mse {v:.4f}  weights {net.penalty().item():.1f}")


if __name__ == "__main__":
    main()
