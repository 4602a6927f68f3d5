"""Denoising autoencoder on standardised breast-cancer measurements."""
from dataclasses import dataclass
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer


@dataclass
class Cfg:
    latent: int = 8
    hidden: int = 32
    noise: float = 0.2
    lr: float = 3e-3
    epochs: int = 80
    batch: int = 32
    seed: int = 28


class DAE(nn.Module):
    def __init__(self, n, cfg):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(n, cfg.hidden), nn.GELU(), nn.Linear(cfg.hidden, cfg.latent))
        self.decoder = nn.Sequential(
            nn.Linear(cfg.latent, cfg.hidden), nn.GELU(),
            nn.Linear(cfg.hidden, n),
            nn.Sigmoid(),  # cure: delete
        )

    def forward(self, x):
        return self.decoder(self.encoder(x))


def main(cfg=Cfg()):
    torch.manual_seed(cfg.seed)
    x = torch.tensor(load_breast_cancer().data, dtype=torch.float32)
    x = x[torch.randperm(len(x))]
    train, test = x[:420], x[420:]
    mean, std = train.mean(0), train.std(0)
    train, test = (train - mean) / std, (test - mean) / std
    model = DAE(x.shape[1], cfg)
    opt = torch.optim.Adam(model.parameters(), lr=cfg.lr)
    mse = nn.MSELoss()
    for epoch in range(1, cfg.epochs + 1):
        total = 0.0
        for idx in torch.randperm(len(train)).split(cfg.batch):
            clean = train[idx]
            loss = mse(model(clean + cfg.noise * torch.randn_like(clean)), clean)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        if epoch % 8 == 0:
            with torch.no_grad():
                print(f"epoch {epoch:3d} train {total / len(train):.4f} test {mse(model(test), test).item():.4f}")


main()
