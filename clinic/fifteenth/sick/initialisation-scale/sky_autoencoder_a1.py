"""Deep autoencoder that squeezes 32 correlated sensor channels to four numbers."""
import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader


def sensors(n, seed):
    g = torch.Generator().manual_seed(seed)
    hidden = torch.randn(n, 4, generator=g)
    mix = torch.randn(4, 32, generator=torch.Generator().manual_seed(99))
    x = torch.sin(hidden @ mix * 0.6) + 0.05 * torch.randn(n, 32, generator=g)
    return x / 0.65


class Autoencoder(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        dims = [32, width, width, width, 4, width, width, width, 32]
        layers = []
        for i, (a, b) in enumerate(zip(dims, dims[1:])):
            layers.append(nn.Linear(a, b))
            if i not in (3, len(dims) - 2):
                layers.append(nn.ReLU())
        self.net = nn.Sequential(*layers)
        self.apply(self.init)

    @staticmethod
    def init(m):
        if isinstance(m, nn.Linear):
            nn.init.trunc_normal_(m.weight, std=0.01)  # cure: nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
            nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.net(x)


def main(args):
    torch.manual_seed(args.seed)
    train, valid = sensors(3000, 1), sensors(800, 2)
    loader = DataLoader(train, batch_size=100, shuffle=True)
    ae = Autoencoder()
    opt = torch.optim.SGD(ae.parameters(), lr=0.05, momentum=0.9)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, args.epochs)
    for epoch in range(args.epochs):
        losses = []
        for x in loader:
            loss = nn.functional.mse_loss(ae(x), x)
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        sched.step()
        with torch.no_grad():
            v = nn.functional.mse_loss(ae(valid), valid).item()
        if epoch % 3 == 2:
            print(f"epoch {epoch + 1}: reconstruction {sum(losses) / len(losses):.4f}  valid {v:.4f}")


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--epochs", type=int, default=30)
    p.add_argument("--seed", type=int, default=0)
    main(p.parse_args())
