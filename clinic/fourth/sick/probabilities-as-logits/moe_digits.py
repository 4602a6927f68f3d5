"""Mixture of four small experts on digits; the class scores are blended by a gate. Loss written out by hand."""
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(11)
bunch = load_digits()
X = torch.tensor(bunch.data / 16.0, dtype=torch.float32)
Y = torch.tensor(bunch.target)
shuffle = torch.randperm(len(X))
X, Y = X[shuffle], Y[shuffle]
Xtr, Ytr, Xte, Yte = X[:1400], Y[:1400], X[1400:], Y[1400:]


class Mixture(nn.Module):
    def __init__(self, n_expert=4):
        super().__init__()
        self.experts = nn.ModuleList(
            nn.Sequential(nn.Linear(64, 24), nn.ReLU(), nn.Linear(24, 10)) for _ in range(n_expert))
        self.gate = nn.Linear(64, n_expert)

    def forward(self, x):
        w = self.gate(x).softmax(1)
        scores = torch.stack([e(x) for e in self.experts], 1)
        blend = (w[:, :, None] * scores).sum(1)
        return blend.softmax(1)  # cure: return blend


def cross_entropy(out, target):
    log_z = torch.logsumexp(out, dim=1)
    return (log_z - out[torch.arange(len(target)), target]).mean()


model = Mixture()
opt = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for epoch in range(1, 13):
    running, steps = 0.0, 0
    for idx in torch.randperm(len(Xtr)).split(64):
        loss = cross_entropy(model(Xtr[idx]), Ytr[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        running, steps = running + loss.item(), steps + 1
    if epoch % 2 == 0:
        with torch.no_grad():
            out = model(Xte)
        print(f"epoch {epoch}: train {running / steps:.4f} | test loss {cross_entropy(out, Yte).item():.4f} "
              f"accuracy {(out.argmax(1) == Yte).float().mean().item():.3f}")
