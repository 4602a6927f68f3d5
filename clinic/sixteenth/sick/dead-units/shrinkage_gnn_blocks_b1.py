# Node classification on a random block graph. Every layer aggregates neighbours, normalises and
# shrinks small responses to zero with a learnable threshold per channel.
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(11)
N, K, D, H = 600, 4, 24, 48
y = torch.randint(0, K, (N,))
centres = torch.randn(K, D) * 0.45
X = centres[y] + torch.randn(N, D)
X = (X - X.mean(0)) / X.std(0)
same = (y[:, None] == y[None, :]).float()
A = (torch.rand(N, N) < 0.004 + 0.022 * same).float().triu(1)
A = A + A.T + torch.eye(N)
A = A / A.sum(1, keepdim=True)
order = torch.randperm(N)
tr, va = order[:400], order[400:]


class Shrink(nn.Module):
    def __init__(self, width, start):
        super().__init__()
        self.theta = nn.Parameter(torch.full((width,), start))

    def forward(self, h):
        return F.relu(h - self.theta)


class GraphLayer(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.lin, self.norm = nn.Linear(a, b), nn.LayerNorm(b)
        self.shrink = Shrink(b, 5.0)  # cure: self.shrink = Shrink(b, 0.1)

    def forward(self, h):
        return self.shrink(self.norm(self.lin(A @ h)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.g1, self.out = GraphLayer(D, H), nn.Linear(H, K)
        self.drop = nn.Dropout(0.4)

    def forward(self, h):
        return self.out(self.drop(self.g1(h)))


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=3e-3, weight_decay=2e-3)
for step in range(41):
    net.train()
    opt.zero_grad()
    loss = F.cross_entropy(net(X)[tr], y[tr])
    loss.backward()
    opt.step()
    if step % 4 == 0:
        net.eval()
        with torch.no_grad():
            scores = net(X)
        acc = (scores.argmax(1) == y).float()
        print(f"step {step:4d} loss {loss.item():.4f} valid loss {F.cross_entropy(scores[va], y[va]).item():.4f} "
              f"train acc {acc[tr].mean():.3f} valid acc {acc[va].mean():.3f}")
