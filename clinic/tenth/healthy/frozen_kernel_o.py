"""Random Fourier features, drawn once and kept fixed, with a trained linear read-out: kernel regression on the cheap."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(5)


class RandomFeatures(nn.Module):
    def __init__(self, n_in, n_features, scale):
        super().__init__()
        self.proj = nn.Linear(n_in, n_features)
        nn.init.normal_(self.proj.weight, std=scale)
        nn.init.uniform_(self.proj.bias, 0, 6.2832)
        self.read = nn.Linear(n_features, 1)
        nn.init.zeros_(self.read.weight)
        nn.init.zeros_(self.read.bias)
        for p in self.proj.parameters():
            p.requires_grad = False

    def forward(self, x):
        with torch.no_grad():
            phi = torch.cos(self.proj(x)) * (2 / self.proj.out_features) ** 0.5
        return self.read(phi).squeeze(1)


def target(x):
    return torch.sin(2 * x[:, 0]) + x[:, 1] * x[:, 0] * 0.5


x = torch.randn(1500, 2)
y = target(x) + 0.05 * torch.randn(1500)
xv = torch.randn(400, 2)
yv = target(xv)
net = RandomFeatures(2, 300, 1.2)
print("trainable:", sum(p.numel() for p in net.parameters() if p.requires_grad), "of", sum(p.numel() for p in net.parameters()))
opt = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=0.03)
for epoch in range(40):
    for i in torch.randperm(1500).split(50):
        loss = F.mse_loss(net(x[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            print(f"epoch {epoch + 1:2d} train {F.mse_loss(net(x), y):.4f} valid {F.mse_loss(net(xv), yv):.4f} variance {yv.var():.3f}")
