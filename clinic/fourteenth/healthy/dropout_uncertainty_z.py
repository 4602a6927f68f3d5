"""Monte-Carlo dropout: the dropout stays on when predicting, on purpose; 30 draws give a mean and a spread."""
import torch
from torch import nn

torch.manual_seed(0)
x = 4 * torch.rand(1200, 1) - 2
y = torch.sin(2 * x) + 0.1 * torch.randn(1200, 1)
xv, yv = x[1000:], y[1000:]
net = nn.Sequential(nn.Linear(1, 128), nn.ReLU(), nn.Dropout(0.05), nn.Linear(128, 128), nn.ReLU(), nn.Dropout(0.05), nn.Linear(128, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)


@torch.no_grad()
def predict(v, draws=30):
    net.train()  # the draws need the dropout
    out = torch.stack([net(v) for _ in range(draws)])
    return out.mean(0), out.std(0)


for epoch in range(1, 61):
    net.train()
    total = 0.0
    for idx in torch.randperm(1000).split(50):
        loss = nn.functional.mse_loss(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 20
    if epoch % 6 == 0:
        mean, spread = predict(xv)
        far = predict(torch.tensor([[6.0]]))[1]
        print(f"epoch {epoch}: train {total:.4f} valid {(mean - yv).square().mean():.4f} spread inside {spread.mean():.3f} far away {far.item():.3f}")
