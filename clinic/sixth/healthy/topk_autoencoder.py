"""k-sparse autoencoder: of 64 hidden units only the six strongest speak for each digit
(k comes down to six in the first ten epochs)."""
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(7)


class KSparse(nn.Module):
    def __init__(self, n=64, hidden=64, k=6):
        super().__init__()
        self.enc = nn.Linear(n, hidden)
        self.dec = nn.Linear(hidden, n)
        self.k = k

    def forward(self, x):
        a = torch.relu(self.enc(x))
        top = a.topk(self.k, dim=1)
        code = torch.zeros_like(a).scatter(1, top.indices, top.values)
        return self.dec(code), code


x = torch.tensor(load_digits().data, dtype=torch.float32)
x = x[torch.randperm(len(x))]
x = (x - x.mean()) / x.std()
train, val = x[:1400], x[1400:]
net = KSparse()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(1, 29):
    net.k = max(6, 36 - 3 * epoch)
    used = torch.zeros(64, dtype=torch.bool)
    for xb in train[torch.randperm(len(train))].split(50):
        out, code = net(xb)
        loss = (out - xb).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        used |= (code > 0).any(0)
    if epoch % 4 == 0:
        with torch.no_grad():
            v = (net(val)[0] - val).square().mean()
        print(f"epoch {epoch} batch mse {loss.item():.4f} val mse {v:.4f} units used this epoch {int(used.sum())}/64")
