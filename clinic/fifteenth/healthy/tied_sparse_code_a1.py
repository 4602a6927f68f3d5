"""Sparse coding of digits: an autoencoder whose decoder is the transposed encoder; most code units are meant to be off."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn


class TiedAutoencoder(nn.Module):
    def __init__(self, n_in=64, n_code=128):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_code, n_in) / n_in ** 0.5)
        self.code_bias = nn.Parameter(torch.zeros(n_code))
        self.out_bias = nn.Parameter(torch.zeros(n_in))

    def forward(self, x):
        code = F.relu(F.linear(x, self.weight, self.code_bias))
        return F.linear(code, self.weight.t(), self.out_bias), code


def main(sparsity=0.2, epochs=40):
    torch.manual_seed(6)
    x = torch.tensor(load_digits().data, dtype=torch.float32)
    x = (x - x.mean(0)) / x.std()
    x = x[torch.randperm(len(x))]
    train, valid = x[:1500], x[1500:]
    net = TiedAutoencoder()
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    for epoch in range(1, epochs + 1):
        error = 0.0
        for idx in torch.randperm(len(train)).split(50):
            out, code = net(train[idx])
            rec = ((out - train[idx]) ** 2).sum(1).mean()
            loss = rec + sparsity * code.sum(1).mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
            error += rec.item() * len(idx)
        if epoch % 4 == 0:
            with torch.no_grad():
                out, code = net(valid)
                unused = (code.amax(0) == 0).sum().item()
            print(f"epoch {epoch:2d}  error {error / len(train):.3f}  valid {((out - valid) ** 2).sum(1).mean():.3f} of "
                  f"{(valid ** 2).sum(1).mean():.1f}  active {(code > 0).float().mean():.3f}  units never used {unused}")


main()
