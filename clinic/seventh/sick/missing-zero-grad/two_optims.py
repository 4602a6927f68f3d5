"""Digits: convolutional encoder and linear head with an optimizer each (the encoder's rate is lower)."""
import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(44)
bunch = load_digits()
x = torch.from_numpy((bunch.images / 8 - 0.6).astype(np.float32)).unsqueeze(1)
y = torch.from_numpy(bunch.target)
perm = torch.from_numpy(np.random.RandomState(44).permutation(len(x)))
x, y = x[perm], y[perm]
x_tr, y_tr, x_te, y_te = x[:1350], y[:1350], x[1350:], y[1350:]

encoder = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.LeakyReLU(0.1), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.LeakyReLU(0.1), nn.MaxPool2d(2), nn.Flatten())
head = nn.Linear(128, 10)

opt_enc = torch.optim.SGD(encoder.parameters(), lr=0.02, momentum=0.9)
opt_head = torch.optim.SGD(head.parameters(), lr=0.02, momentum=0.9)

for epoch in range(8):
    seen, total = 0, 0.0
    for idx in torch.randperm(len(x_tr)).split(45):
        logits = head(encoder(x_tr[idx]))
        loss = F.cross_entropy(logits, y_tr[idx])
        opt_head.zero_grad()
        # cure: opt_enc.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(encoder.parameters(), 2.0)
        opt_enc.step()
        opt_head.step()
        total += loss.item() * len(idx)
        seen += len(idx)
    with torch.no_grad():
        acc = (head(encoder(x_te)).argmax(1) == y_te).double().mean()
    print("epoch", epoch, "train loss", round(total / seen, 4), "test acc", round(acc.item(), 4))
