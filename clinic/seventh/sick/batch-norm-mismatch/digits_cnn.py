"""A small CNN for sklearn's digits, ported from our old Keras code."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(0)
BN = dict(momentum=0.001, eps=1e-3)  # cure: BN = dict(momentum=0.1, eps=1e-3)

digits = load_digits()
images = (digits.images / 16.0 - 0.3) / 0.37
Xtr, Xte, ytr, yte = train_test_split(images, digits.target, test_size=0.25, stratify=digits.target, random_state=0)
Xtr, Xte = (torch.tensor(a, dtype=torch.float32).unsqueeze(1) for a in (Xtr, Xte))
ytr, yte = torch.tensor(ytr), torch.tensor(yte)

model = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16, **BN), nn.ReLU(),
    nn.Conv2d(16, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32, **BN), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(32, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32, **BN), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(32 * 4, 10),
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)

for epoch in range(8):
    model.train()
    running, correct = 0.0, 0
    for batch in torch.randperm(len(Xtr)).split(64):
        logits = model(Xtr[batch])
        loss = F.cross_entropy(logits, ytr[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item() * len(batch)
        correct += (logits.argmax(1) == ytr[batch]).sum().item()
    model.eval()
    with torch.no_grad():
        out = model(Xte)
        test_loss, test_acc = F.cross_entropy(out, yte).item(), (out.argmax(1) == yte).float().mean().item()
    print(f"Epoch {epoch + 1}/8 - loss: {running / len(Xtr):.4f} - acc: {correct / len(Xtr):.4f}"
          f" - val_loss: {test_loss:.4f} - val_acc: {test_acc:.4f}")
