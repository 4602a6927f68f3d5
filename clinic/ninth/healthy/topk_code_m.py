"""k-winners autoencoder on the digits: only 8 of 96 hidden units speak for each image, a different 8 each time."""
import torch
from sklearn.datasets import load_digits
from torch import nn


class KWinners(nn.Module):
    def __init__(self, n_in=64, n_hid=96, k=8):
        super().__init__()
        self.k = k
        self.dictionary = nn.Parameter(torch.randn(n_hid, n_in) / n_in ** 0.5)
        self.bias = nn.Parameter(torch.zeros(n_hid))
        self.centre = nn.Parameter(torch.zeros(n_in))

    def forward(self, x):
        h = torch.relu((x - self.centre) @ self.dictionary.T + self.bias)
        top = h.topk(self.k, dim=1)
        code = torch.zeros_like(h).scatter(1, top.indices, top.values)
        return code @ self.dictionary + self.centre, code

    @torch.no_grad()
    def renorm(self):
        self.dictionary.div_(self.dictionary.norm(dim=1, keepdim=True))


torch.manual_seed(213)
x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
x = ((x - x.mean()) / x.std())[torch.randperm(len(x))]
train, test = x[:1500], x[1500:]
model = KWinners()
model.renorm()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(1, 41):
    used, total = torch.zeros(96), 0.0
    for i in torch.randperm(1500).split(50):
        rec, code = model(train[i])
        loss = (rec - train[i]).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        model.renorm()
        used += (code > 0).float().sum(0).detach()
        total += loss.item() / 30
    if epoch % 4 == 0:
        with torch.no_grad():
            err = (model(test)[0] - test).pow(2).mean()
        print(f"epoch {epoch} train {total:.4f} test {err:.4f} units in use {(used > 0).sum().item()}/96")
