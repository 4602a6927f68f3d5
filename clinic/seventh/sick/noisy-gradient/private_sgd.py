"""Differentially private training (DP-SGD): per-sample gradients, clipping to norm C, Gaussian noise of sigma * C."""
import torch
from torch import nn
from torch.func import functional_call, grad, vmap
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

SIGMA, CLIP, BATCH, LR, EPOCHS = 0.8, 1.0, 100, 0.3, 40
torch.manual_seed(9)
X, y = load_breast_cancer(return_X_y=True)
a, b, ya, yb = train_test_split(X, y, test_size=0.3, random_state=9, stratify=y)
scaler = StandardScaler().fit(a)
a, b = (torch.tensor(scaler.transform(v), dtype=torch.float32) for v in (a, b))
ya, yb = torch.tensor(ya, dtype=torch.float32), torch.tensor(yb, dtype=torch.float32)

model = nn.Sequential(nn.Linear(30, 12), nn.Tanh(), nn.Linear(12, 1))
criterion = nn.functional.binary_cross_entropy_with_logits


def sample_loss(params, x, t):
    z = functional_call(model, params, (x.unsqueeze(0),))
    return criterion(z.view(()), t)


per_sample = vmap(grad(sample_loss), in_dims=(None, 0, 0))


def private_gradients(x, t):
    params = {k: v.detach() for k, v in model.named_parameters()}
    g = per_sample(params, x, t)
    norms = torch.sqrt(sum(v.flatten(1).pow(2).sum(1) for v in g.values()))
    scale = (CLIP / (norms + 1e-6)).clamp(max=1.0)
    for name, p in model.named_parameters():
        clipped = (g[name] * scale.view(-1, *[1] * p.dim())).sum(0)
        noise = SIGMA * CLIP * torch.randn_like(p)
        p.grad = clipped / len(x) + noise  # cure: p.grad = (clipped + noise) / len(x)


optimizer = torch.optim.SGD(model.parameters(), lr=LR)
for epoch in range(1, EPOCHS + 1):
    for idx in torch.randperm(len(a)).split(BATCH)[:3]:
        optimizer.zero_grad()
        private_gradients(a[idx], ya[idx])
        optimizer.step()
    if epoch % 4 == 0:
        with torch.no_grad():
            za, zb = model(a).squeeze(1), model(b).squeeze(1)
            acc = ((zb > 0) == (yb > 0.5)).float().mean().item()
        print(f"epoch {epoch:2d} train loss {criterion(za, ya).item():.4f} test loss {criterion(zb, yb).item():.4f} test acc {acc:.3f}")
