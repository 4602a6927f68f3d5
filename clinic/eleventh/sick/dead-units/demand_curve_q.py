"""Monotone network for a demand forecast: weights are kept of one sign so that output never decreases in any input."""
import torch
import torch.nn as nn

torch.manual_seed(8)
n = 2000
x = torch.rand(n, 3)
y = torch.sqrt(x[:, 0]) + torch.sigmoid(10 * (x[:, 1] - 0.5)) + x[:, 2] ** 2 * x[:, 0]
y = ((y - y.mean()) / y.std()).unsqueeze(1) + 0.05 * torch.randn(n, 1)
x = (x - 0.5) * 3.4
x_tr, y_tr, x_te, y_te = x[:1600], y[:1600], x[1600:], y[1600:]


class MonotoneNet(nn.Module):
    def __init__(self, width=48):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(3, width), nn.Linear(width, width), nn.Linear(width, 1)])
        with torch.no_grad():
            for layer in self.layers:
                layer.weight.abs_()

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)

    @torch.no_grad()
    def project(self):
        for layer in self.layers:
            layer.weight.clamp_(max=0)  # cure: layer.weight.clamp_(min=0)


net = MonotoneNet()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(1, 41):
    total = 0.0
    for i in torch.randperm(len(x_tr)).split(64):
        loss = nn.functional.mse_loss(net(x_tr[i]), y_tr[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        net.project()
        total += loss.item() * len(i) / len(x_tr)
    if epoch % 5 == 0:
        with torch.no_grad():
            test = nn.functional.mse_loss(net(x_te), y_te)
        print(f"epoch {epoch:2d}  train mse {total:.4f}  test mse {test:.4f}")
