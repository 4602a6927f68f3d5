"""Self-supervised features for the digits: an online network predicts an averaged target network's view
of a shifted, noisy copy. A ridge probe on the features shows the progress."""
import copy
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.linear_model import RidgeClassifier

torch.manual_seed(73)
d = load_digits()
img = torch.tensor(d.images, dtype=torch.float32)[:, None] / 8 - 1
perm = torch.randperm(len(img))
img, lab = img[perm], d.target[perm.numpy()]
n_tr = 1300


def augment(x):
    dy, dx = torch.randint(-1, 2, (2,)).tolist()
    return torch.roll(x, (dy, dx), (2, 3)) + 0.3 * torch.randn_like(x)


def mlp(i, h, o):
    return nn.Sequential(nn.Linear(i, h), nn.BatchNorm1d(h), nn.ReLU(), nn.Linear(h, o))


encoder = nn.Sequential(nn.Flatten(), nn.Linear(64, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 16))
online = nn.Sequential(encoder, mlp(16, 64, 16))
target = copy.deepcopy(online).requires_grad_(False)
predictor = mlp(16, 64, 16)
opt = torch.optim.Adam(list(online.parameters()) + list(predictor.parameters()), lr=2e-3)


def probe():
    encoder.eval()
    with torch.no_grad():
        f = encoder(img).numpy()
    encoder.train()
    f = (f - f[:n_tr].mean(0)) / (f[:n_tr].std(0) + 1e-6)
    return RidgeClassifier().fit(f[:n_tr], lab[:n_tr]).score(f[n_tr:], lab[n_tr:]), f.std()


print("before: probe %.3f" % probe()[0])
for epoch in range(1, 31):
    total = 0.0
    for idx in torch.randperm(n_tr).split(100):
        a, b = augment(img[idx]), augment(img[idx])
        with torch.no_grad():
            ta, tb = target(a), target(b)
        loss = 2 - F.cosine_similarity(predictor(online(a)), tb).mean() - F.cosine_similarity(predictor(online(b)), ta).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        with torch.no_grad():
            for p, q in zip(online.parameters(), target.parameters()):
                q.lerp_(p, 0.05)
        total += loss.item() * len(idx)
    if epoch % 3 == 0:
        print(f"epoch {epoch} loss {total / n_tr:.4f} probe {probe()[0]:.3f}")
