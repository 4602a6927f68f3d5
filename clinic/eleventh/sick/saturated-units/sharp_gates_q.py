"""Highway network (Srivastava et al.) on three noisy rings; gates start closed so that deep stacks are easy to train."""
import torch
import torch.nn as nn

torch.manual_seed(0)
n = 1500
label = torch.randint(3, (n,))
radius = 0.6 + 0.7 * label + 0.12 * torch.randn(n)
angle = 2 * torch.pi * torch.rand(n)
points = torch.stack([radius * angle.cos(), radius * angle.sin()], 1)
points = (points - points.mean(0)) / points.std(0)


class Highway(nn.Module):
    def __init__(self, dim, gate_bias=-20.0):  # cure: def __init__(self, dim, gate_bias=-2.0):
        super().__init__()
        self.transform = nn.Linear(dim, dim)
        self.gate = nn.Linear(dim, dim)
        nn.init.constant_(self.gate.bias, gate_bias)

    def forward(self, x):
        g = torch.sigmoid(self.gate(x))
        return g * torch.relu(self.transform(x)) + (1 - g) * x


class Classifier(nn.Module):
    def __init__(self, dim=24, depth=6):
        super().__init__()
        self.inp = nn.Linear(2, dim)
        self.stack = nn.Sequential(*[Highway(dim) for _ in range(depth)])
        self.out = nn.Linear(dim, 3)

    def forward(self, x):
        return self.out(self.stack(self.inp(x)))


model = Classifier()
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(1, 26):
    for batch in torch.randperm(1200).split(40):
        opt.zero_grad()
        loss = loss_fn(model(points[batch]), label[batch])
        loss.backward()
        opt.step()
    if epoch % 5 == 0:
        with torch.no_grad():
            tr = loss_fn(model(points[:1200]), label[:1200])
            hit = (model(points[1200:]).argmax(1) == label[1200:]).float().mean()
        print(f"[{epoch:02d}] train {tr:.4f} held-out accuracy {hit:.3f}")
