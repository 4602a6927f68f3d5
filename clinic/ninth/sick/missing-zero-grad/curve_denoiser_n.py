"""Denoising autoencoder for smooth curves; encoder and decoder have an optimizer each."""
import torch
import torch.nn as nn


def curves(n, gen, points=32):
    t = torch.linspace(0, 1, points)
    amp = torch.randn(n, 3, 1, generator=gen) * torch.tensor([1.0, 0.7, 0.4]).view(1, 3, 1)
    ph = 6.283 * torch.rand(n, 3, 1, generator=gen)
    freq = torch.tensor([1.0, 2.0, 3.0]).view(1, 3, 1)
    return (amp * torch.sin(6.283 * freq * t + ph)).sum(1)


class Encoder(nn.Sequential):
    def __init__(self, n, code):
        super().__init__(nn.Linear(n, 64), nn.SiLU(), nn.Linear(64, code))


class Decoder(nn.Sequential):
    def __init__(self, n, code):
        super().__init__(nn.Linear(code, 64), nn.SiLU(), nn.Linear(64, n))


class Denoiser:
    def __init__(self, n=32, code=8):
        self.enc, self.dec = Encoder(n, code), Decoder(n, code)
        self.enc_opt = torch.optim.Adam(self.enc.parameters(), lr=3e-3)
        self.dec_opt = torch.optim.Adam(self.dec.parameters(), lr=3e-3)

    def __call__(self, noisy):
        return self.dec(self.enc(noisy))

    def step(self, clean):
        noisy = clean + 0.3 * torch.randn_like(clean)
        loss = nn.functional.mse_loss(self(noisy), clean)
        self.dec_opt.zero_grad()
        self.dec_opt.zero_grad()  # cure: self.enc_opt.zero_grad()
        loss.backward()
        self.enc_opt.step()
        self.dec_opt.step()
        return loss.item()


torch.manual_seed(30)
gen = torch.Generator().manual_seed(30)
data, held = curves(2000, gen), curves(400, gen)
scale = data.std()
data, held = data / scale, held / scale
noisy_held = held + 0.3 * torch.randn(held.shape, generator=gen)
ae = Denoiser()
for epoch in range(1, 21):
    losses = [ae.step(data[idx]) for idx in torch.randperm(len(data)).split(40)]
    with torch.no_grad():
        err = nn.functional.mse_loss(ae(noisy_held), held).item()
    print(f"epoch {epoch}: train mse {sum(losses) / len(losses):.4f} held-out mse {err:.4f}")
