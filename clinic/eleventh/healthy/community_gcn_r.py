"""Semi-supervised node classification on a graph of communities: full graph at every step, few labelled nodes."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(13)
N, K = 400, 4
label = torch.randint(K, (N,))
prob = torch.where(label.unsqueeze(0) == label.unsqueeze(1), 0.06, 0.006)
upper = torch.triu(torch.rand(N, N) < prob, 1).float()
adj = upper + upper.T + torch.eye(N)
deg = adj.sum(1).rsqrt()
a_hat = deg.unsqueeze(1) * adj * deg.unsqueeze(0)
feats = 0.5 * F.one_hot(label, K).float() @ torch.randn(K, 16) + torch.randn(N, 16)

order = torch.randperm(N)
train_mask, val_mask, test_mask = order[:60], order[60:160], order[160:]


class GCN(nn.Module):
    def __init__(self, d, h, k):
        super().__init__()
        self.w1, self.w2 = nn.Linear(d, h), nn.Linear(h, k)

    def forward(self, x):
        x = F.dropout(x, 0.3, self.training)
        h = F.relu(a_hat @ self.w1(x))
        return a_hat @ self.w2(F.dropout(h, 0.5, self.training))


model = GCN(16, 24, K)
opt = torch.optim.Adam(model.parameters(), lr=1e-2, weight_decay=5e-4)
best, best_state = 9.0, None
for epoch in range(1, 151):
    model.train()
    loss = F.cross_entropy(model(feats)[train_mask], label[train_mask])
    opt.zero_grad()
    loss.backward()
    opt.step()
    model.eval()
    with torch.no_grad():
        out = model(feats)
        val = F.cross_entropy(out[val_mask], label[val_mask]).item()
        acc = (out[val_mask].argmax(1) == label[val_mask]).float().mean().item()
    if val < best:
        best, best_state = val, {k: v.clone() for k, v in model.state_dict().items()}
    if epoch % 15 == 0:
        print(f"epoch {epoch:3d} train {loss.item():.4f} val {val:.4f} val acc {acc:.3f}")
model.load_state_dict(best_state)
with torch.no_grad():
    print(f"test acc {(model(feats)[test_mask].argmax(1) == label[test_mask]).float().mean().item():.3f}")
