"""Micro-batches of four images, sixteen of which make one step (as on a device with little memory)."""
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

ACCUMULATE = 16
torch.manual_seed(18)
d = load_digits()
x = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1)
x = (x - x.mean()) / x.std()
train, valid = random_split(TensorDataset(x, torch.tensor(d.target)), [1408, 389])
loader = DataLoader(train, batch_size=4, shuffle=True, drop_last=True)
model = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.GroupNorm(4, 16), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
criterion = nn.CrossEntropyLoss()

for epoch in range(1, 11):
    model.train()
    total = 0.0
    for k, (images, labels) in enumerate(loader, 1):
        loss = criterion(model(images), labels)
        (loss / ACCUMULATE).backward()
        total += loss.item()
        if k % ACCUMULATE == 0:
            optimizer.step()
            optimizer.zero_grad()
    model.eval()
    with torch.no_grad():
        images, labels = next(iter(DataLoader(valid, batch_size=len(valid))))
        out = model(images)
    print(f"epoch {epoch:2d}  loss {total / len(loader):.4f}  valid loss {criterion(out, labels):.4f}  valid acc {(out.argmax(1) == labels).float().mean():.3f}")
