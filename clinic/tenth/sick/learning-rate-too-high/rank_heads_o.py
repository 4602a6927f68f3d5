"""Small transformer that finds the largest number in a list and says at which place it stands."""
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(12)
N, D = 8, 32
config = {
    "lr": 0.1,  # cure: "lr": 0.002,
    "batch": 64,
    "steps": 350,
}


class Finder(nn.Module):
    def __init__(self):
        super().__init__()
        self.inp = nn.Linear(1, D)
        self.pos = nn.Parameter(0.1 * torch.randn(N, D))
        layer = nn.TransformerEncoderLayer(D, nhead=4, dim_feedforward=64, dropout=0.0, batch_first=True)
        self.enc = nn.TransformerEncoder(layer, num_layers=1)
        self.out = nn.Linear(D, 1)

    def forward(self, v):
        h = self.enc(self.inp(v.unsqueeze(-1)) + self.pos)
        return self.out(h).squeeze(-1)


def sample(n):
    v = torch.randn(n, N)
    return v, v.argmax(1)


net = Finder()
opt = torch.optim.Adam(net.parameters(), lr=config["lr"])
vx, vy = sample(1000)
avg = None
for step in range(1, config["steps"] + 1):
    x, y = sample(config["batch"])
    loss = F.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    avg = loss.item() if avg is None else 0.95 * avg + 0.05 * loss.item()
    if step % 50 == 0:
        with torch.no_grad():
            acc = (net(vx).argmax(1) == vy).float().mean().item()
        print(f"{step:4d} smoothed loss {avg:.4f} accuracy {acc:.3f}")
