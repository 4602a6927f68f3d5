"""Graph convolution on a four-community random graph: label nodes from noisy features."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(6)
N = 400
label = torch.randint(0, 4, (N,))
prob = torch.where(label[:, None] == label[None], 0.06, 0.008)
adj = torch.triu((torch.rand(N, N) < prob).float(), 1)
adj = adj + adj.T + torch.eye(N)
deg = adj.sum(1).rsqrt()
A = deg[:, None] * adj * deg[None]
feat = F.one_hot(label, 4).float() @ torch.randn(4, 16) + 2.0 * torch.randn(N, 16)
feat = (feat - feat.mean(0)) / feat.std(0)
train = torch.rand(N) < 0.5


class GCN(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1, self.l2 = nn.Linear(16, 16), nn.Linear(16, 4)

    def forward(self, x):
        return A @ self.l2(F.relu(A @ self.l1(x)))


net = GCN()
base_lr = 0.2
optim = torch.optim.SGD(net.parameters(), lr=base_lr / (N * 10), momentum=0.9)  # cure: optim = torch.optim.SGD(net.parameters(), lr=base_lr, momentum=0.9)
for epoch in range(1, 101):
    out = net(feat)
    loss = F.cross_entropy(out[train], label[train])
    optim.zero_grad()
    loss.backward()
    optim.step()
    if epoch % 10 == 0:
        acc = (out.argmax(1) == label)[~train].float().mean()
        print(f"epoch {epoch} loss {loss.item():.4f} test acc {acc:.3f}")
