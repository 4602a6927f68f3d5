"""Autoencoder with thresholded hidden units on signals built from a hidden dictionary of 24 atoms."""
import torch
from torch import nn


class SparseAE(nn.Module):
    def __init__(self, n_in, n_hidden, threshold):
        super().__init__()
        self.encoder = nn.Linear(n_in, n_hidden)
        self.decoder = nn.Linear(n_hidden, n_in)
        self.threshold = threshold

    def forward(self, x):
        code = torch.relu(self.encoder(x) - self.threshold)
        return self.decoder(code), code


def make_data(n, atoms, rng):
    mask = torch.rand(n, len(atoms), generator=rng) < 0.1
    amount = torch.rand(n, len(atoms), generator=rng) + 0.5
    x = (mask * amount) @ atoms
    return x + 0.02 * torch.randn(x.shape, generator=rng)


def run(threshold=2.5, l1=0.02, epochs=28):  # cure: def run(threshold=0.1, l1=0.02, epochs=28):
    torch.manual_seed(30)
    rng = torch.Generator().manual_seed(31)
    atoms = torch.randn(24, 32, generator=rng)
    atoms = atoms / atoms.norm(dim=1, keepdim=True)
    data = make_data(3400, atoms, rng)
    data = (data - data[:3000].mean(0)) / data[:3000].std()
    train, valid = data[:3000], data[3000:]
    net = SparseAE(32, 64, threshold)
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    for epoch in range(epochs):
        for batch in train[torch.randperm(len(train))].split(100):
            rec, code = net(batch)
            loss = (rec - batch).pow(2).mean() + l1 * code.abs().mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
        if epoch % 4 == 3:
            with torch.no_grad():
                rec, code = net(valid)
                mse = (rec - valid).pow(2).mean()
            print(f"epoch {epoch + 1}: loss {loss.item():.4f} valid mse {mse.item():.4f} active {(code > 0).float().mean().item():.3f}")


if __name__ == "__main__":
    run()
