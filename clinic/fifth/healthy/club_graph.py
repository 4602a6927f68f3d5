"""Graph convolution on a stochastic block model: 4 communities, 5 labelled nodes each, the rest is to be guessed."""
import torch
from torch import nn


def block_model(k=4, per=60, p_in=0.15, p_out=0.015):
    label = torch.arange(k).repeat_interleave(per)[torch.randperm(k * per)]
    prob = torch.where(label[:, None] == label, p_in, p_out)
    upper = torch.triu(torch.rand(len(label), len(label)) < prob, 1).float()
    return upper + upper.T, label


def normalise(adj):
    adj = adj + torch.eye(len(adj))
    d = adj.sum(1).rsqrt()
    return d[:, None] * adj * d


class GCN(nn.Module):
    def __init__(self, n, classes, hidden=16):
        super().__init__()
        self.feat = nn.Embedding(n, hidden)
        self.lin1 = nn.Linear(hidden, hidden)
        self.lin2 = nn.Linear(hidden, classes)

    def forward(self, a):
        h = torch.relu(a @ self.lin1(a @ self.feat.weight))
        return a @ self.lin2(nn.functional.dropout(h, 0.3, self.training))


torch.manual_seed(25)
adj, label = block_model()
a_hat = normalise(adj)
known = torch.cat([(label == c).nonzero().flatten()[:5] for c in range(4)])
hidden = torch.ones(len(label), dtype=torch.bool)
hidden[known] = False
net = GCN(len(label), 4)
opt = torch.optim.Adam(net.parameters(), lr=0.02, weight_decay=5e-4)
for epoch in range(1, 101):
    net.train()
    loss = nn.functional.cross_entropy(net(a_hat)[known], label[known])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 10 == 0:
        net.eval()
        with torch.no_grad():
            out = net(a_hat)[hidden]
        print(f"epoch {epoch}: loss on the 20 known {loss.item():.4f}, others: loss "
              f"{nn.functional.cross_entropy(out, label[hidden]).item():.3f} accuracy {(out.argmax(1) == label[hidden]).float().mean():.3f}")
