"""Read a digit from an 8x8 image: the network says which of the ten it is."""
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(33)
digits = load_digits()
images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 8 - 1
labels = torch.tensor(digits.target)
train_idx, val_idx = train_test_split(torch.arange(len(labels)), test_size=0.25, random_state=1, stratify=labels)
N_OUT = 1  # cure: N_OUT = 10


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                                  nn.Conv2d(12, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
        self.out = nn.Linear(64, N_OUT)

    def forward(self, x):
        return self.out(self.body(x))


def criterion(out, digit):
    return nn.functional.mse_loss(out.squeeze(1), digit.float())  # cure: return nn.functional.cross_entropy(out, digit)


def answer(out):
    return out.squeeze(1).round().long()  # cure: return out.argmax(1)


model = Reader()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
loader = DataLoader(TensorDataset(images[train_idx], labels[train_idx]), batch_size=32, shuffle=True)
for epoch in range(1, 16):
    total = 0.0
    for x, d in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), d)
        loss.backward()
        optimizer.step()
        total += loss.item()
    with torch.no_grad():
        out = model(images[val_idx])
        val_loss = criterion(out, labels[val_idx]).item()
        acc = (answer(out) == labels[val_idx]).float().mean().item()
    print(f"epoch {epoch:2d}  train loss {total / len(loader):.4f}  val loss {val_loss:.4f}  right {acc:.3f}")
