"""Adding problem with a ReLU RNN initialised to the identity (Le et al. 2015), T = 24."""
import torch
import torch.nn as nn

SEED, T, H, BATCH, STEPS = 5, 24, 50, 64, 1000


class IRNN(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.rnn = nn.RNN(2, hidden, nonlinearity="relu", batch_first=True)
        self.readout = nn.Linear(hidden, 1)
        with torch.no_grad():
            self.rnn.weight_hh_l0.copy_(torch.eye(hidden))
            self.rnn.weight_ih_l0.normal_(0, 0.1)
            self.rnn.bias_hh_l0.zero_()
            self.rnn.bias_ih_l0.zero_()

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.readout(out[:, -1]).squeeze(1)


def sample(n):
    values = torch.rand(n, T)
    marks = torch.zeros(n, T)
    first = torch.randint(0, T // 2, (n, 1))
    second = torch.randint(T // 2, T, (n, 1))
    marks.scatter_(1, first, 1.0)
    marks.scatter_(1, second, 1.0)
    return torch.stack([values, marks], 2), (values * marks).sum(1)


def main():
    torch.manual_seed(SEED)
    net = IRNN(H)
    opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
    window = []
    for it in range(1, STEPS + 1):
        x, y = sample(BATCH)
        loss = nn.functional.mse_loss(net(x), y)
        opt.zero_grad()
        loss.backward()
        # cure: nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        window.append(loss.item())
        if it % 50 == 0:
            print(f"iter {it} mse {sum(window) / len(window):.4f}")
            window = []
    with torch.no_grad():
        x, y = sample(1000)
        print(f"test mse {nn.functional.mse_loss(net(x), y).item():.4f} (predicting the mean: {y.var().item():.4f})")


main()
