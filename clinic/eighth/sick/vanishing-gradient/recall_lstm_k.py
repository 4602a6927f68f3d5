"""Sequence recall: an LSTM reads a stream of noise and must say at the end which
of four symbols was shown to it in the first step."""
import torch
import torch.nn as nn

torch.manual_seed(3)
T, H, K = 30, 48, 4


def make_batch(n):
    y = torch.randint(0, K, (n,))
    x = 0.3 * torch.randn(n, T, K + 1)
    x[:, 0, :K] += nn.functional.one_hot(y, K).float() * 2
    x[:, 0, K] += 1.0
    return x, y


class Recall(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(K + 1, H, batch_first=True)
        self.out = nn.Linear(H, K)
        with torch.no_grad():
            self.rnn.bias_hh_l0[:H].zero_()
            self.rnn.bias_hh_l0[H:2 * H].fill_(-3.0)  # cure: self.rnn.bias_hh_l0[H:2 * H].fill_(3.0)

    def forward(self, x):
        h, _ = self.rnn(x)
        return self.out(h[:, -1])


net = Recall()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
xv, yv = make_batch(1000)
for step in range(1, 301):
    x, y = make_batch(64)
    loss = nn.functional.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if step % 50 == 0:
        with torch.no_grad():
            acc = (net(xv).argmax(1) == yv).float().mean()
        print(f"step {step:4d}  loss {loss.item():.4f}  recall {acc:.3f}")
