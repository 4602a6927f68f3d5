"""k-sparse autoencoder: of 256 code units only the 12 strongest are kept per digit."""
import torch
from torch import nn
from sklearn.datasets import load_digits


class TopK(nn.Module):
    def __init__(self, k):
        super().__init__()
        self.k = k

    def forward(self, h):
        h = torch.relu(h)
        cut = h.topk(self.k, dim=1).values[:, -1:]
        return torch.where(h >= cut, h, torch.zeros_like(h))


class KSparse(nn.Module):
    def __init__(self, units=256, k=12):
        super().__init__()
        self.enc, self.top, self.dec = nn.Linear(64, units), TopK(k), nn.Linear(units, 64)

    def forward(self, x):
        code = self.top(self.enc(x))
        return self.dec(code), code


torch.manual_seed(18)
x = torch.tensor(load_digits().data).float()
x = (x - x.mean(0)) / x.std()
x = x[torch.randperm(len(x))]
train, test = x[:1500], x[1500:]
ae = KSparse()
opt = torch.optim.Adam(ae.parameters(), lr=1e-3)
for epoch in range(1, 31):
    for b in train[torch.randperm(1500)].split(50):
        out, _ = ae(b)
        loss = nn.functional.mse_loss(out, b)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            out, code = ae(test)
        print(f"epoch {epoch:2d} test mse {nn.functional.mse_loss(out, test):.4f} (variance {test.var():.3f}) "
              f"active per sample {(code > 0).float().sum(1).mean():.1f} units ever used {(code > 0).any(0).sum().item()}")
