"""Digits from two scanners (the second one pale and inverted): one network reads both."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(17)
digits = load_digits()
images = torch.tensor(digits.images, dtype=torch.float32)[:, None] / 16 - 0.3
labels = torch.tensor(digits.target)
order = torch.randperm(len(images))
images, labels = images[order], labels[order]


def second_scanner(x):
    return 1.5 - 0.4 * x + 0.05 * torch.randn_like(x)


first_x, first_y = images[:700], labels[:700]
second_x, second_y = second_scanner(images[700:1400]), labels[700:1400]
test = {"first": (images[1400:], labels[1400:]), "second": (second_scanner(images[1400:]), labels[1400:])}

net = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(128, 10))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)

for epoch in range(22):
    net.train()
    total = 0.0
    for i, j in zip(torch.randperm(700).split(35), torch.randperm(700).split(35)):
        a, b = first_x[i], second_x[j]
        out_a, out_b = net(a), net(b)  # cure: out_a, out_b = net(torch.cat([a, b])).split(len(a))
        loss = 0.5 * (F.cross_entropy(out_a, first_y[i]) + F.cross_entropy(out_b, second_y[j]))
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 20
    net.eval()
    line = f"epoch {epoch + 1:2d} train loss {total:.3f}"
    with torch.no_grad():
        for name, (x, y) in test.items():
            out = net(x)
            line += f" | {name}: loss {F.cross_entropy(out, y):.3f} acc {(out.argmax(1) == y).float().mean():.3f}"
    print(line)
