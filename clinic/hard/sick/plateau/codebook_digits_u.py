"""A vector-quantised autoencoder: every digit image is described by four codes out of a shared book."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits


class Quantiser(nn.Module):
    def __init__(self, codes, dim, beta=0.25):
        super().__init__()
        self.beta = beta
        self.book = nn.Parameter(torch.randn(codes, dim) * 4)

    @torch.no_grad()
    def init_from(self, z):
        self.book.copy_(z[torch.randperm(len(z))[:len(self.book)]])

    def forward(self, z):
        nearest = torch.cdist(z, self.book).argmin(1)
        q = self.book[nearest]
        penalty = F.mse_loss(q, z.detach()) + self.beta * F.mse_loss(z, q.detach())
        return z + (q - z).detach(), penalty, nearest


class VQAE(nn.Module):
    def __init__(self, slots=4, dim=16, codes=32):
        super().__init__()
        self.slots, self.dim = slots, dim
        self.enc = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, slots * dim))
        self.vq = Quantiser(codes, dim)
        self.dec = nn.Sequential(nn.Linear(slots * dim, 64), nn.ReLU(), nn.Linear(64, 64))

    def forward(self, x):
        z = self.enc(x).view(-1, self.dim)
        q, penalty, used = self.vq(z)
        return self.dec(q.view(len(x), -1)), penalty, used


def main():
    torch.manual_seed(13)
    images = torch.tensor(load_digits().data, dtype=torch.float32) / 16
    images = images[torch.randperm(len(images))]
    images = images - images.mean(0)
    train, test = images[:1400], images[1400:]
    model = VQAE()
    # cure: model.vq.init_from(model.enc(train).view(-1, model.dim))
    opt = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(1, 31):
        rec_sum = 0.0
        for idx in torch.randperm(len(train)).split(64):
            out, penalty, _ = model(train[idx])
            rec = F.mse_loss(out, train[idx])
            opt.zero_grad()
            (rec + penalty).backward()
            opt.step()
            rec_sum += rec.item() * len(idx)
        if epoch % 3 == 0:
            with torch.no_grad():
                out, _, used = model(test)
            print(f"epoch {epoch:2d} reconstruction {rec_sum / len(train):.5f} "
                  f"test {F.mse_loss(out, test).item():.5f} codes in use {len(used.unique())}")


main()
