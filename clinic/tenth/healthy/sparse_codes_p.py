"""k-sparse autoencoder on digits: of 48 code units only the 12 strongest stay on for a sample."""
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(110)


class KSparse(nn.Module):
    def __init__(self, d=64, m=48, k=12):
        super().__init__()
        self.k = k
        self.enc, self.dec = nn.Linear(d, m), nn.Linear(m, d)

    def code(self, x):
        h = self.enc(x)
        ix = h.abs().topk(self.k, dim=1).indices
        return h * torch.zeros_like(h).scatter(1, ix, 1.0)

    def forward(self, x):
        return self.dec(self.code(x))


x = torch.tensor(load_digits().data).float() / 16
x = (x - x.mean()) / x.std()
x = x[torch.randperm(len(x))]
x, xv = x[:1400], x[1400:]
net = KSparse()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(34):
    tot = 0.0
    for b in torch.randperm(len(x)).split(50):
        loss = nn.functional.mse_loss(net(x[b]), x[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b)
    if epoch % 6 == 3:
        with torch.no_grad():
            used = (net.code(x) != 0).any(0).sum().item()
            print(f"epoch {epoch}: train {tot / len(x):.4f} held-out {nn.functional.mse_loss(net(xv), xv):.4f} (variance 1), units in use {used}/48")
