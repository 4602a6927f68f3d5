"""Inverse problem: an encoder and a decoder of a damped-oscillation autoencoder, one optimizer each."""
import math

import torch
import torch.nn as nn


def oscillations(n, gen):
    t = torch.linspace(0, 4, 40)
    freq = 1 + 2 * torch.rand(n, 1, generator=gen)
    damp = 0.2 + 0.6 * torch.rand(n, 1, generator=gen)
    phase = math.pi * torch.rand(n, 1, generator=gen)
    return torch.exp(-damp * t) * torch.cos(freq * t + phase)


class Encoder(nn.Module):
    def __init__(self, latent):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(40, 64), nn.ReLU(), nn.Linear(64, latent))

    def forward(self, x):
        return self.net(x)


class Decoder(nn.Module):
    def __init__(self, latent):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(latent, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 40))

    def forward(self, z):
        return self.net(z)


def main():
    torch.manual_seed(9)
    gen = torch.Generator().manual_seed(9)
    train, test = oscillations(3000, gen), oscillations(500, gen)
    enc, dec = Encoder(6), Decoder(6)
    opt_enc = torch.optim.Adam(enc.parameters(), lr=2e-3)
    opt_dec = torch.optim.Adam(dec.parameters(), lr=2e-3)
    for epoch in range(30):
        total = 0.0
        for idx in torch.randperm(len(train)).split(50):
            x = train[idx]
            loss = ((dec(enc(x)) - x) ** 2).mean() * 4
            opt_enc.zero_grad()
            opt_enc.zero_grad()  # cure: opt_dec.zero_grad()
            loss.backward()
            opt_enc.step()
            opt_dec.step()
            total += loss.item()
        if epoch % 5 == 4:
            with torch.no_grad():
                err = ((dec(enc(test)) - test) ** 2).mean().item()
            print(f"epoch {epoch + 1:2d}: train {total / 60:.5f}  test reconstruction mse {err:.5f}")


main()
