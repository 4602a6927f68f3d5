"""Binary-code autoencoder with a straight-through sign: the backward pass deliberately is that of a clipped identity."""
import torch
from sklearn.datasets import load_digits
from torch import nn


def binarise(h):
    """Sign in the forward pass, hard tanh for the gradient."""
    soft = h.clamp(-1, 1)
    return soft + (torch.sign(h) - soft).detach()


class BinaryAE(nn.Module):
    def __init__(self, bits=40):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(64, 96), nn.ReLU(), nn.Linear(96, bits))
        self.dec = nn.Sequential(nn.Linear(bits, 96), nn.ReLU(), nn.Linear(96, 64))

    def forward(self, x):
        return self.dec(binarise(self.enc(x)))


def main():
    torch.manual_seed(8)
    x = torch.tensor(load_digits().data / 16, dtype=torch.float32)
    x = x[torch.randperm(len(x))]
    train, test = x[:1500], x[1500:]
    net = BinaryAE()
    opt = torch.optim.Adam(net.parameters(), lr=2e-3)
    variance = test.var(0, unbiased=False).mean().item()
    for epoch in range(1, 25):
        tot = 0.0
        for idx in torch.randperm(1500).split(50):
            loss = nn.functional.mse_loss(net(train[idx]), train[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            tot += loss.item() / 30
        with torch.no_grad():
            err = nn.functional.mse_loss(net(test), test).item()
        if epoch % 3 == 0:
            print(f"epoch {epoch:2d} train {tot:.4f} test {err:.4f} explained {1 - err / variance:.3f}")


main()
