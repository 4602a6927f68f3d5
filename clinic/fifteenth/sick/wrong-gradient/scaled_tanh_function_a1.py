"""LeCun's scaled tanh as an autograd Function (it keeps only what the backward pass needs), in a small regression net."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(31)
A, S = 1.7159, 2.0 / 3.0


class ScaledTanh(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.tanh(S * x)
        ctx.save_for_backward(x)  # cure: ctx.save_for_backward(y)
        return A * y

    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return grad_output * A * S * (1 - y * y)


class LeCunTanh(nn.Module):
    def forward(self, x):
        return ScaledTanh.apply(x)


def surface(n):
    x = 2 * torch.rand(n, 3) - 1
    y = torch.sin(3 * x[:, 0]) * x[:, 1] + torch.cos(2 * x[:, 2]) + x[:, 1] ** 2
    x = x * 3 ** 0.5
    return x, (y - 0.79).unsqueeze(1) / 0.64


train = DataLoader(TensorDataset(*surface(3600)), batch_size=64, shuffle=True)
x_val, y_val = surface(800)
net = nn.Sequential(nn.Linear(3, 48), LeCunTanh(), nn.Linear(48, 48), LeCunTanh(), nn.Linear(48, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 36)
mse = nn.MSELoss()
for epoch in range(1, 31):
    total = 0.0
    for x, y in train:
        loss = mse(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    scheduler.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            print(f"epoch {epoch:2d}  train mse {total / len(train):.5f}  val mse {mse(net(x_val), y_val).item():.5f}")
