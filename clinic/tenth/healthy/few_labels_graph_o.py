"""Graph convolution on a synthetic club: 150 members in three circles, only five members of each circle are labelled."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(26)
N, K = 150, 3
circle = torch.arange(N) % K
same = circle[:, None] == circle[None]
prob = torch.where(same, 0.16, 0.015)
upper = torch.triu(torch.rand(N, N) < prob, diagonal=1).float()
A = upper + upper.T + torch.eye(N)
d = A.sum(1).rsqrt()
A = d[:, None] * A * d[None]
X = torch.eye(N)[:, torch.randperm(N)]  # nothing is known of a member but who he is
labelled = torch.cat([(circle == k).nonzero().flatten()[:5] for k in range(K)])
rest = torch.ones(N, dtype=torch.bool)
rest[labelled] = False


class GCN(nn.Module):
    def __init__(self, hidden=16):
        super().__init__()
        self.w1 = nn.Parameter(nn.init.xavier_uniform_(torch.empty(N, hidden)))
        self.w2 = nn.Parameter(nn.init.xavier_uniform_(torch.empty(hidden, K)))

    def forward(self):
        h = F.relu(A @ (X @ self.w1))
        h = F.dropout(h, 0.3, self.training)
        return A @ (h @ self.w2)


net = GCN()
opt = torch.optim.Adam(net.parameters(), lr=0.01, weight_decay=1e-3)
for epoch in range(1, 81):
    net.train()
    opt.zero_grad()
    loss = F.cross_entropy(net()[labelled], circle[labelled])
    loss.backward()
    opt.step()
    if epoch % 10 == 0:
        net.eval()
        with torch.no_grad():
            out = net()
        acc = (out.argmax(1)[rest] == circle[rest]).float().mean().item()
        print(f"epoch {epoch}: loss {loss.item():.4f}, loss of the others {F.cross_entropy(out[rest], circle[rest]).item():.4f}, accuracy of the others {acc:.3f}")
