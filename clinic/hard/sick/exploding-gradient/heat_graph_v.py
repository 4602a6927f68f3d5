"""Message passing over a street grid: each junction predicts how close the hydrants around it are.
The same propagation block is applied HOPS times so that far hydrants can be felt."""
import torch
from torch import nn

torch.manual_seed(4)
SIDE, HOPS, WIDTH = 9, 20, 32
N = SIDE * SIDE


def grid_adjacency():
    adj = torch.zeros(N, N)
    for r in range(SIDE):
        for c in range(SIDE):
            i = r * SIDE + c
            adj[i, i] = 1.0
            if r + 1 < SIDE:
                adj[i, i + SIDE] = adj[i + SIDE, i] = 1.0
            if c + 1 < SIDE:
                adj[i, i + 1] = adj[i + 1, i] = 1.0
    return adj


A = grid_adjacency()
D = A.sum(1, keepdim=True)
POS = torch.stack([torch.arange(N) // SIDE, torch.arange(N) % SIDE], 1).float()


def make_graphs(n):
    """Hydrant flags as node input; target: exp(-distance / 3) to the nearest one."""
    flags = (torch.rand(n, N) < 0.04).float()
    flags[torch.arange(n), torch.randint(N, (n,))] = 1.0
    dist = torch.cdist(POS, POS, p=1)
    near = torch.where(flags[:, None, :] > 0, dist[None], torch.tensor(1e3)).min(-1).values
    return flags.unsqueeze(-1), torch.exp(-near / 3)


class Propagate(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Linear(1, WIDTH)
        self.msg = nn.Linear(WIDTH, WIDTH)
        self.inp = nn.Linear(1, WIDTH)
        self.dec = nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 1))

    def forward(self, flags):
        h = torch.relu(self.enc(flags))
        for _ in range(HOPS):
            m = A @ h  # cure: m = (A @ h) / D
            h = 0.5 * h + 0.5 * torch.relu(self.msg(m) + self.inp(flags))
        return self.dec(h).squeeze(-1)


train_f, train_t = make_graphs(480)
val_f, val_t = make_graphs(120)
net = Propagate()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
print("variance of the target:", round(val_t.var().item(), 4))
for epoch in range(12):
    tot = 0.0
    for idx in torch.randperm(len(train_f)).split(24):
        loss = nn.functional.mse_loss(net(train_f[idx]), train_t[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(idx)
    with torch.no_grad():
        v = nn.functional.mse_loss(net(val_f), val_t)
    print(f"epoch {epoch:2d}: train {tot / len(train_f):.5g}, validation {v.item():.5g}")
