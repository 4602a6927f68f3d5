"""Graph convolution by hand: find the 4 communities of a stochastic block model from noisy node features."""
import numpy as np
import torch
import torch.nn as nn

np.random.seed(4)
torch.manual_seed(4)
n, k, d = 600, 4, 16
group = np.random.randint(k, size=n)
centres = np.random.randn(k, d)
feat = 0.8 * centres[group] + 1.2 * np.random.randn(n, d)
prob = np.where(group[:, None] == group[None], 0.03, 0.006)
upper = np.triu(np.random.rand(n, n) < prob, 1)
adj = upper + upper.T + np.eye(n)
deg = adj.sum(1)
A = torch.tensor(adj / np.sqrt(deg[:, None] * deg[None]), dtype=torch.float32)
X = torch.tensor((feat - feat.mean(0)) / feat.std(0), dtype=torch.float32)
y = torch.tensor(group)
order = torch.randperm(n)
train, test = order[:300], order[300:]


class GCN(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.lin1 = nn.Linear(d, hidden)
        self.lin2 = nn.Linear(hidden, hidden)
        self.out = nn.Linear(hidden, k)

    def forward(self, x):
        x = torch.relu(A @ self.lin1(x))
        x = torch.relu(A @ self.lin2(x))
        return self.out(x)


model = GCN()
learning_rate = 4.0  # cure: learning_rate = 0.1
optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=0.9, weight_decay=1e-3)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(1, 201):
    scores = model(X)
    loss = loss_fn(scores[train], y[train])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if epoch % 20 == 0:
        acc = (scores[test].argmax(1) == y[test]).float().mean().item()
        print(f"epoch {epoch}: loss {loss.item():.4f}, accuracy on unlabelled nodes {acc:.3f}")
