"""Lossy codec: digits are squeezed into 10 integers and unpacked again."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader


class Codec(nn.Module):
    def __init__(self, code=10, levels=3.0):
        super().__init__()
        self.levels = levels
        self.pack = nn.Sequential(nn.Linear(64, 80), nn.GELU(), nn.Linear(80, code))
        self.unpack = nn.Sequential(nn.Linear(code, 80), nn.GELU(), nn.Linear(80, 64))

    def quantise(self, z):
        z = self.levels * torch.tanh(z)
        return z.round()  # cure: return z + (z.round() - z).detach()

    def forward(self, x):
        code = self.quantise(self.pack(x))
        return self.unpack(code / self.levels), code


class Trainer:
    def __init__(self, codec, lr):
        self.codec, self.opt = codec, torch.optim.AdamW(codec.parameters(), lr=lr)

    def epoch(self, loader):
        self.codec.train()
        seen = err = 0
        for x in loader:
            rec, _ = self.codec(x)
            loss = (rec - x).pow(2).mean()
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            seen, err = seen + len(x), err + loss.item() * len(x)
        return err / seen

    @torch.no_grad()
    def evaluate(self, x):
        self.codec.eval()
        rec, code = self.codec(x)
        return (rec - x).pow(2).mean().item(), len(code.unique())


if __name__ == "__main__":
    torch.manual_seed(6)
    X = torch.tensor(load_digits().data, dtype=torch.float32) / 16
    X = (X - X.mean()) / X.std()
    X = X[torch.randperm(len(X))]
    loader = DataLoader(X[:1500], batch_size=50, shuffle=True)
    trainer = Trainer(Codec(), lr=2e-3)
    for ep in range(30):
        tr = trainer.epoch(loader)
        if ep % 3 == 2:
            va, used = trainer.evaluate(X[1500:])
            print(f"epoch {ep + 1}: train {tr:.4f} valid {va:.4f} distinct codes {used}")
