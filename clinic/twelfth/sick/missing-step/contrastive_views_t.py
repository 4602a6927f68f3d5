"""Contrastive embedding (InfoNCE) of two views of the same object; judged by nearest-neighbour retrieval."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(44)
LATENT, DIM_A, DIM_B = 6, 30, 20
mix_a = torch.randn(LATENT, DIM_A)
mix_b = torch.randn(LATENT, DIM_B)


def views(n):
    z = torch.randn(n, LATENT)
    a = torch.tanh(z @ mix_a * 0.6) + 0.15 * torch.randn(n, DIM_A)
    b = torch.sin(z @ mix_b * 0.5) + 0.15 * torch.randn(n, DIM_B)
    return a / 0.8, b / 0.7


class Encoder(nn.Module):
    def __init__(self, n_in, n_out=16):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n_in, 64), nn.ReLU(), nn.Linear(64, n_out))

    def forward(self, x):
        return F.normalize(self.net(x), dim=1)


def info_nce(za, zb, temperature=0.1):
    sim = za @ zb.T / temperature
    target = torch.arange(len(za))
    return (F.cross_entropy(sim, target) + F.cross_entropy(sim.T, target)) / 2


enc_a, enc_b = Encoder(DIM_A), Encoder(DIM_B)
params = list(enc_a.parameters()) + list(enc_b.parameters())
optimizer = torch.optim.Adam(params, lr=2e-3)
EPOCHS, BATCH = 12, 64
a, b = views(3200)
ta, tb = views(200)
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, total_steps=EPOCHS * (3200 // BATCH))

for epoch in range(EPOCHS):
    losses = []
    for idx in torch.randperm(3200).split(BATCH):
        loss = info_nce(enc_a(a[idx]), enc_b(b[idx]))
        optimizer.zero_grad()
        loss.backward()
        # cure: optimizer.step()
        scheduler.step()
        losses.append(loss.item())
    with torch.no_grad():
        top1 = ((enc_a(ta) @ enc_b(tb).T).argmax(1) == torch.arange(200)).float().mean().item()
    print(f"epoch {epoch + 1:2d}  lr {scheduler.get_last_lr()[0]:.5f}  info-nce {sum(losses) / len(losses):.4f}  top-1 retrieval {top1:.3f}")
