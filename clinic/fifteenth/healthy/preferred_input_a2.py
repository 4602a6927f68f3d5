"""Which input does a trained classifier take for the clearest '3'? The network is fixed; the picture climbs its logit."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(12)
digits = load_digits()
x = torch.tensor(digits.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(digits.target)
order = torch.randperm(len(x))
x, y = x[order], y[order]
net = nn.Sequential(nn.Linear(64, 64), nn.Softplus(), nn.Linear(64, 10))
optimizer = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.1)
for epoch in range(1, 26):
    total = 0.0
    for index in torch.randperm(1400).split(50):
        loss = F.cross_entropy(net(x[index] + 0.2 * torch.randn(len(index), 64)), y[index])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() / 28
    if epoch % 5 == 0:
        with torch.no_grad():
            valid = F.cross_entropy(net(x[1400:]), y[1400:]).item()
            right = (net(x[1400:]).argmax(1) == y[1400:]).float().mean().item()
        print(f"epoch {epoch:2d}  train {total:.4f}  valid {valid:.4f}  accuracy {right:.4f}")

net.eval().requires_grad_(False)
picture = nn.Parameter(0.01 * torch.randn(1, 64))
climb = torch.optim.Adam([picture], lr=0.02)
for step in range(1, 301):
    score = net(picture)[0, 3] - 0.05 * picture.square().sum()
    climb.zero_grad()
    (-score).backward()
    climb.step()
    with torch.no_grad():
        picture.clamp_(-1, 1)
    if step % 50 == 0:
        print(f"step {step:3d}  score {score.item():.4f}  probability of 3: {net(picture).softmax(1)[0, 3].item():.4f}")
for row in picture.detach().view(8, 8):
    print("".join(" .:+#"[int((v.item() + 1) * 2.49)] for v in row))
