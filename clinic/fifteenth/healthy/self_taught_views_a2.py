"""Bootstrap representation learning: an online network predicts the output of a slow copy of itself for another noisy view of
the same sample. The loss is a negative cosine; a linear probe tells whether the features are of use."""
import copy

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from torch import nn

torch.manual_seed(11)
digits = load_digits()
x = torch.tensor(digits.data, dtype=torch.float32) / 8 - 1
y = digits.target
order = torch.randperm(len(x))
x, y = x[order], y[order.numpy()]

encoder = nn.Sequential(nn.Linear(64, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 64))
predictor = nn.Sequential(nn.Linear(64, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 64))
slow = copy.deepcopy(encoder).requires_grad_(False)
optimizer = torch.optim.AdamW([*encoder.parameters(), *predictor.parameters()], lr=1e-3, weight_decay=1e-3)


def view(batch):
    mask = (torch.rand_like(batch) > 0.25).float()
    return batch * mask + 0.2 * torch.randn_like(batch)


def probe():
    encoder.eval()
    with torch.no_grad():
        features = encoder(x).numpy()
    encoder.train()
    spread = F.normalize(torch.tensor(features), dim=1).std(0).mean().item()
    model = LogisticRegression(max_iter=300).fit(features[:300], y[:300])
    return model.score(features[1300:], y[1300:]), spread


for epoch in range(1, 41):
    total = 0.0
    for index in torch.randperm(1300).split(100):
        one, two = view(x[index]), view(x[index])
        loss = 0.0
        for a, b in ((one, two), (two, one)):
            with torch.no_grad():
                goal = slow(b)
            loss = loss - F.cosine_similarity(predictor(encoder(a)), goal, dim=1).mean() / 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            for s, p in zip(slow.parameters(), encoder.parameters()):
                s.lerp_(p, 0.02)
        total += loss.item() / 13
    if epoch % 5 == 0:
        score, spread = probe()
        print(f"epoch {epoch:2d}  loss {total:.4f}  spread of features {spread:.3f}  probe accuracy {score:.3f}")
