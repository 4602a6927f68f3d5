"""A small convolutional network with batch normalisation for the 8x8 digits."""
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
d = load_digits()
x_tr, x_te, y_tr, y_te = train_test_split(d.images, d.target, test_size=0.25, stratify=d.target, random_state=0)
mean, std = x_tr.mean(), x_tr.std()


def tensors(x, y):
    return torch.tensor((x - mean) / std, dtype=torch.float32).unsqueeze(1), torch.tensor(y)


train = DataLoader(TensorDataset(*tensors(x_tr, y_tr)), batch_size=64, shuffle=True)
test = DataLoader(TensorDataset(*tensors(x_te, y_te)), batch_size=256)
BN = dict(eps=1e-5, momentum=0.001)  # cure: BN = dict(eps=1e-5, momentum=0.1)
model = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16, **BN), nn.ReLU(),
    nn.Conv2d(16, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32, **BN), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(32, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32, **BN), nn.ReLU(),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.9, weight_decay=1e-4)
for epoch in range(8):
    model.train()
    tot = hit = seen = 0
    for x, y in train:
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()
        tot += loss.item() * len(y)
        hit += (out.argmax(1) == y).sum().item()
        seen += len(y)
    model.eval()
    vt = vh = vs = 0
    with torch.no_grad():
        for x, y in test:
            out = model(x)
            vt += criterion(out, y).item() * len(y)
            vh += (out.argmax(1) == y).sum().item()
            vs += len(y)
    print(f"[{epoch}] train {tot / seen:.3f} / {hit / seen:.3f}   test {vt / vs:.3f} / {vh / vs:.3f}")
