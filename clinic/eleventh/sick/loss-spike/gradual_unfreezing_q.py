"""Transfer: a body trained on even/odd is reused for the ten digits; the head first, the body joins after some epochs."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(13)
d = load_digits()
x = torch.tensor(d.data, dtype=torch.float32)
x = (x - x.mean()) / x.std()
y = torch.tensor(d.target)
perm = torch.randperm(len(x))
pre, fine, test = perm[:700], perm[700:1400], perm[1400:]

body = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU())
parity = nn.Linear(64, 2)
opt = torch.optim.Adam([*body.parameters(), *parity.parameters()], lr=1e-3)
for _ in range(10):
    for idx in pre[torch.randperm(len(pre))].split(35):
        loss = F.cross_entropy(parity(body(x[idx])), y[idx] % 2)
        opt.zero_grad()
        loss.backward()
        opt.step()
print(f"pretraining done, last loss {loss.item():.3f}")

UNFREEZE_AT = 15
head = nn.Linear(64, 10)
for p in body.parameters():
    p.requires_grad_(False)
opt = torch.optim.Adam(head.parameters(), lr=5e-3)
for epoch in range(1, 31):
    if epoch == UNFREEZE_AT:
        for p in body.parameters():
            p.requires_grad_(True)
        opt.add_param_group({"params": list(body.parameters()), "lr": 0.5})  # cure: opt.add_param_group({"params": list(body.parameters()), "lr": 0.0005})
    total = 0.0
    for idx in fine[torch.randperm(len(fine))].split(35):
        loss = F.cross_entropy(head(body(x[idx])), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx) / len(fine)
    if epoch % 3 == 0 or epoch in (UNFREEZE_AT - 1, UNFREEZE_AT):
        with torch.no_grad():
            acc = (head(body(x[test])).argmax(1) == y[test]).float().mean()
        print(f"epoch {epoch:2d} loss {total:.4f} test accuracy {acc:.3f}")
