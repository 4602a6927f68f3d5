"""Self-supervised contrast (NT-Xent) of two noisy views of each digit; judged by a nearest-neighbour classifier."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

torch.manual_seed(7)
d = load_digits()
x = torch.tensor(d.images).float()[:, None] / 8 - 1


def shifted(img):
    canvas = -torch.ones(len(img), 1, 12, 12)
    for k, (dy, dx) in enumerate(torch.randint(0, 5, (len(img), 2)).tolist()):
        canvas[k, :, dy:dy + 8, dx:dx + 8] = img[k]
    return canvas


y = d.target
perm = torch.randperm(len(x))
x, y = x[perm], y[perm.numpy()]
placed = shifted(x)


def view(img):
    img = shifted(img)
    return img + 0.2 * torch.randn_like(img)


encoder = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1),
                        nn.ReLU(), nn.Flatten(), nn.Linear(1152, 32))
projector = nn.Sequential(nn.ReLU(), nn.Linear(32, 32))
params = list(encoder.parameters()) + list(projector.parameters())
opt = torch.optim.Adam(params, lr=2e-3)


def nt_xent(a, b, temperature=0.3):
    z = F.normalize(torch.cat([a, b]), dim=1)
    sim = z @ z.T / temperature
    sim.fill_diagonal_(float("-inf"))
    n = len(a)
    partner = torch.cat([torch.arange(n) + n, torch.arange(n)])
    return F.cross_entropy(sim, partner)


def knn():
    with torch.no_grad():
        e = F.normalize(encoder(placed), dim=1).numpy()
    return KNeighborsClassifier(5).fit(e[:200], y[:200]).score(e[1300:], y[1300:])


print(f"untrained: 5-nn accuracy {knn():.3f}")
for epoch in range(14):
    total = 0.0
    for i in torch.randperm(1300).split(100):
        loss = nt_xent(projector(encoder(view(x[i]))), projector(encoder(view(x[i]))))
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() / 13
    print(f"epoch {epoch + 1}: contrastive loss {total:.3f}, 5-nn accuracy {knn():.3f}")
