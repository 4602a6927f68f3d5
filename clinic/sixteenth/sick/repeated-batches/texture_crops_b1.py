"""Denoise crops of a large synthetic texture with a residual CNN; every step draws new crops."""
import math
import torch
import torch.nn as nn


def texture(size, seed):
    g = torch.Generator().manual_seed(seed)
    yy, xx = torch.meshgrid(torch.arange(float(size)), torch.arange(float(size)), indexing="ij")
    image = torch.zeros(size, size)
    for _ in range(12):
        a, f, p, s = (torch.rand(4, generator=g)).tolist()
        wave = torch.sin((0.15 + 0.5 * f) * (xx * math.cos(6.28 * a) + yy * math.sin(6.28 * a)) + 6.28 * p)
        image += (s + 0.3) * torch.sign(wave) * (torch.sin(0.02 * xx * f + 6 * p) > 0)
    return (image - image.mean()) / image.std()


def crops(image, count, seed=0, size=16, noise=0.8):
    g = torch.Generator().manual_seed(seed)
    where = torch.randint(0, image.shape[0] - size, (count, 2), generator=g)
    clean = torch.stack([image[r:r + size, c:c + size] for r, c in where.tolist()])[:, None]
    return clean + noise * torch.randn(clean.shape, generator=g), clean


class Denoiser(nn.Module):
    def __init__(self, ch=24):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, ch, 3, padding=1), nn.ReLU(), nn.Conv2d(ch, ch, 3, padding=1), nn.ReLU(),
                                 nn.Conv2d(ch, ch, 3, padding=1), nn.ReLU(), nn.Conv2d(ch, 1, 3, padding=1))

    def forward(self, x):
        return x - self.net(x)


def main():
    torch.manual_seed(1)
    image = texture(400, 5)
    left, right = image[:, :280], image[:, 280:].T[:120, :120]
    left = left[:280]
    model = Denoiser()
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    noisy_v, clean_v = crops(right, 100, seed=12345)
    total = 0.0
    for step in range(1, 501):
        noisy, clean = crops(left, 8)  # cure: noisy, clean = crops(left, 8, seed=step)
        loss = (model(noisy) - clean).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 50
        if step % 50 == 0:
            with torch.no_grad():
                v = (model(noisy_v) - clean_v).square().mean()
            print(f"step {step:4d}: loss {total:.4f}, other part of the texture {v.item():.4f}")
            total = 0.0


if __name__ == "__main__":
    main()
