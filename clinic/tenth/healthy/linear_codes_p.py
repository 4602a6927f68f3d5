"""Principal subspace by gradient descent: a linear autoencoder (encoder and decoder), compared with the SVD optimum."""
import torch
from torch import nn

torch.manual_seed(111)
N, D, K = 3000, 40, 5
basis = torch.linalg.qr(torch.randn(D, D))[0]
scale = torch.tensor([3.0, 2.5, 2.2, 2.0, 1.8] + [0.4] * (D - K))
x = torch.randn(N, D) * scale @ basis.T
x, xv = x[:2400] - x[:2400].mean(0), x[2400:] - x[:2400].mean(0)
best = torch.linalg.svdvals(x)[K:].square().sum() / x.numel()

net = nn.Sequential(nn.Linear(D, K, bias=False), nn.Linear(K, D, bias=False))
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for epoch in range(1, 31):
    tot = 0.0
    for b in torch.randperm(len(x)).split(60):
        loss = nn.functional.mse_loss(net(x[b]), x[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b)
    if epoch % 5 == 0:
        with torch.no_grad():
            print(f"epoch {epoch}: {tot / len(x):.5f} held-out {nn.functional.mse_loss(net(xv), xv):.5f}; optimum on the training set {best:.5f}")
