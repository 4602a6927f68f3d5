"""Pre-train an autoencoder on all digits, freeze its encoder, then train a linear read-out on a few labels."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(0)
d = load_digits()
perm = torch.randperm(len(d.target))
x = torch.tensor(d.data, dtype=torch.float32)[perm] / 16
y = torch.tensor(d.target)[perm]
labelled, test = slice(0, 500), slice(1300, None)

encoder = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 20), nn.Tanh())
decoder = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 64))
opt = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=2e-3)
for epoch in range(15):
    total = 0.0
    for idx in torch.randperm(1300).split(50):
        loss = (decoder(encoder(x[idx])) - x[idx]).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx) / 1300
    if epoch % 3 == 2:
        print(f"[autoencoder] {epoch + 1:2d} mse {total:.4f}")

for p in encoder.parameters():
    p.requires_grad_(False)
encoder.eval()
head = nn.Linear(20, 10)
opt = torch.optim.Adam(head.parameters(), lr=2e-2, weight_decay=1e-4)
for epoch in range(25):
    total = 0.0
    for idx in torch.randperm(500).split(25):
        with torch.no_grad():
            code = encoder(x[labelled][idx])
        loss = nn.functional.cross_entropy(head(code), y[labelled][idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx) / 500
    if epoch % 5 == 4:
        with torch.no_grad():
            acc = (head(encoder(x[test])).argmax(1) == y[test]).float().mean()
        print(f"[read-out] {epoch + 1:2d} loss {total:.4f} test acc {acc:.3f}")
