"""Self-supervised siamese learning (stop-gradient, no negatives): the loss is a negative cosine; probe by neighbours."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(13)
d = load_digits()
mix = torch.randperm(len(d.target))
x = ((torch.tensor(d.data, dtype=torch.float32) - 4.88) / 6.02)[mix]
y = torch.tensor(d.target)[mix]
train, valid = x[:1400], x[1400:]


def view(a):
    """Hide a third of the pixels, change the contrast, add noise."""
    contrast = 0.7 + 0.6 * torch.rand(len(a), 1)
    return contrast * a * (torch.rand_like(a) > 0.33) + 0.3 * torch.randn_like(a)


encoder = nn.Sequential(nn.Linear(64, 128, bias=False), nn.BatchNorm1d(128), nn.ReLU(),
                        nn.Linear(128, 64, bias=False), nn.BatchNorm1d(64))
predictor = nn.Sequential(nn.Linear(64, 32, bias=False), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 64))
opt = torch.optim.SGD([*encoder.parameters(), *predictor.parameters()], lr=0.05, momentum=0.9, weight_decay=1e-4)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 30)


def probe():
    encoder.eval()
    with torch.no_grad():
        a, b = F.normalize(encoder(train), dim=1), F.normalize(encoder(valid), dim=1)
    encoder.train()
    acc = (y[:1400][(b @ a.T).argmax(1)] == y[1400:]).float().mean().item()
    return acc, a.std(0).mean().item() * 8


for epoch in range(30):
    for i in torch.randperm(1400).split(100):
        z1, z2 = encoder(view(train[i])), encoder(view(train[i]))
        p1, p2 = predictor(z1), predictor(z2)
        loss = -(F.cosine_similarity(p1, z2.detach()).mean() + F.cosine_similarity(p2, z1.detach()).mean()) / 2
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
    if epoch % 3 == 2:
        acc, spread = probe()
        print(f"epoch {epoch + 1}: loss {loss.item():.4f} neighbour accuracy {acc:.3f} spread {spread:.2f} (1 = none collapsed)")
