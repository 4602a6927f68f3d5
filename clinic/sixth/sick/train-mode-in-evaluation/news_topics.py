"""20-newsgroup-like topic classification on synthetic word counts, MLP with dropout."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


def topics(n, words=200, k=8):
    g = torch.Generator().manual_seed(30)
    profile = torch.softmax(torch.randn(k, words, generator=g) * 0.55, 1)
    label = torch.randint(k, (n,))
    ids = torch.multinomial(profile[label], 60, replacement=True)
    counts = torch.zeros(n, words).scatter_add_(1, ids, torch.ones(n, 60))
    return TensorDataset((counts - 0.3) / 0.6, label)


def run_epoch(model, loader, optimizer=None):
    model.train()  # cure: model.train(optimizer is not None)
    total = correct = n = 0
    for x, y in loader:
        with torch.set_grad_enabled(optimizer is not None):
            out = model(x)
            loss = F.cross_entropy(out, y)
        if optimizer is not None:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        total += loss.item() * len(y)
        correct += (out.argmax(1) == y).sum().item()
        n += len(y)
    return total / n, correct / n


torch.manual_seed(30)
train = DataLoader(topics(2500), batch_size=50, shuffle=True)
valid = DataLoader(topics(600), batch_size=200)
model = nn.Sequential(nn.Linear(200, 64), nn.ReLU(), nn.Dropout(0.6), nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.6),
                      nn.Linear(64, 8))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(10):
    tr_loss, tr_acc = run_epoch(model, train, optimizer)
    va_loss, va_acc = run_epoch(model, valid)
    print(f"{epoch:02d} train {tr_loss:.3f}/{tr_acc:.3f} valid {va_loss:.3f}/{va_acc:.3f}")
