"""Step-based training of a residual MLP on the digits, as in our large-scale runs (no epochs, just steps)."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)


class Res(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm, self.a, self.b = nn.LayerNorm(d), nn.Linear(d, d), nn.Linear(d, d)

    def forward(self, x):
        return x + self.b(torch.relu(self.a(self.norm(x))))


d = load_digits()
perm = torch.randperm(len(d.target), generator=torch.Generator().manual_seed(0))
x = torch.tensor(d.data, dtype=torch.float32)[perm] / 8 - 1
y = torch.tensor(d.target)[perm]
train_loader = DataLoader(TensorDataset(x[:1400], y[:1400]), batch_size=64)
xv, yv = x[1400:], y[1400:]


def forever(loader):
    while True:
        yield from loader


model = nn.Sequential(nn.Linear(64, 48), Res(48), Res(48), nn.Linear(48, 10))
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)
stream = forever(train_loader)
for step in range(1, 201):
    xb, yb = next(iter(train_loader))  # cure: xb, yb = next(stream)
    loss = nn.functional.cross_entropy(model(xb), yb)
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
    if step % 40 == 0:
        model.eval()
        with torch.no_grad():
            out = model(xv)
        model.train()
        print(f"step {step} loss {loss.item():.4f} val loss {nn.functional.cross_entropy(out, yv).item():.4f} "
              f"val acc {(out.argmax(1) == yv).float().mean().item():.3f}")
