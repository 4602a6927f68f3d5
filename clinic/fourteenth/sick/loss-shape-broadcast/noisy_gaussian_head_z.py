"""Regression with an input-dependent noise level: the network gives the mean and the log-variance of the target."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(13)
x = torch.rand(3000, 2) * 4 - 2
noise = 0.05 + 0.3 * torch.sigmoid(2 * x[:, 1])
y = torch.sin(2 * x[:, 0]) + 0.5 * x[:, 1] + noise * torch.randn(3000)
train_set, valid_set = random_split(TensorDataset(x, y), [2400, 600])
train_loader = DataLoader(train_set, batch_size=60, shuffle=True)
valid_loader = DataLoader(valid_set, batch_size=600)


class MeanAndNoise(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(2, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh())
        self.mean = nn.Linear(64, 1)
        self.log_var = nn.Linear(64, 1)

    def forward(self, inputs):
        h = self.trunk(inputs)
        return self.mean(h), self.log_var(h)  # cure: return self.mean(h).squeeze(1), self.log_var(h).squeeze(1)


def nll(mean, log_var, target):
    return 0.5 * (log_var + (target - mean) ** 2 / log_var.exp()).mean()


model = MeanAndNoise()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(1, 31):
    model.train()
    total = 0.0
    for inputs, target in train_loader:
        optimizer.zero_grad()
        loss = nll(*model(inputs), target)
        loss.backward()
        optimizer.step()
        total += loss.item()
    if epoch % 3 == 0:
        model.eval()
        with torch.no_grad():
            for inputs, target in valid_loader:
                mean, log_var = model(inputs)
                rmse = (mean.flatten() - target).square().mean().sqrt()
                value = nll(mean, log_var, target)
        print(f"epoch {epoch:2d}  train nll {total / len(train_loader):+.3f}  valid nll {value:+.3f}  valid rmse {rmse:.3f}")
